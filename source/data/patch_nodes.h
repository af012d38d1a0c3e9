// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_patch_nodes_h
#define derl_data_patch_nodes_h

#include <deal.II/base/point.h>
#include <deal.II/base/types.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "patches.h"

namespace derl
{
  namespace internal
  {
    /**
     * Some components of a solution at the nodes of cells.
     */
    template <int dim>
    struct Nodes
    {
      std::vector<dealii::Point<dim>> points;
      /** Nodes with the same number are the same; several cells share them.
       * Empty if no two nodes are. */
      std::vector<dealii::types::global_dof_index> numbers;
      /** Whether there is one value at a point, whatever the cell. */
      bool is_continuous = false;
      /** [component][node] */
      std::vector<std::vector<double>> values;

      /**
       * Append the points and values of some nodes of a cell.
       */
      void
      add(const Nodes                     &of_cell,
          const std::vector<unsigned int> &which,
          const dealii::Tensor<1, dim>    &shift)
      {
        values.resize(std::max(values.size(), of_cell.values.size()));
        for (const unsigned int i : which)
          {
            points.push_back(of_cell.points[i] + shift);
            for (unsigned int c = 0; c < of_cell.values.size(); ++c)
              values[c].push_back(of_cell.values[c][i]);
          }
      }
    };



    /**
     * The nodes of a patch and of the images in it, where continuous functions
     * have one at each point. If such a function differs from its image at a
     * point, it is not periodic, and there are no images.
     */
    template <int dim>
    Nodes<dim>
    with_images(const Nodes<dim>                   &without,
                const std::vector<Nodes<dim>>      &of_cells,
                const typename Patches<dim>::Patch &patch,
                const double                        cell_size)
    {
      std::vector<double> round_off;
      for (const std::vector<double> &values : without.values)
        {
          const auto [lowest, highest] =
            std::minmax_element(values.begin(), values.end());
          round_off.push_back(values.empty() ? 0.
                                             : 1e-6 * (*highest - *lowest));
        }

      Nodes<dim> result = without;
      for (const auto &[cell, shift] : patch.members)
        if (shift != dealii::Tensor<1, dim>())
          {
            const Nodes<dim>         &nodes = of_cells[cell];
            std::vector<unsigned int> which;
            for (unsigned int i = 0; i < nodes.points.size(); ++i)
              {
                const dealii::Point<dim> x = nodes.points[i] + shift;
                unsigned int             k = 0;
                while (k < result.points.size() &&
                       (!nodes.is_continuous ||
                        x.distance(result.points[k]) > 1e-6 * cell_size))
                  ++k;
                if (k == result.points.size())
                  which.push_back(i);
                else
                  for (unsigned int c = 0; c < nodes.values.size(); ++c)
                    if (std::abs(nodes.values[c][i] - result.values[c][k]) >
                        round_off[c])
                      return without;
              }
            result.add(nodes, which, shift);
          }
      return result;
    }



    /**
     * The nodes of a patch, each one once, from those of all cells by their
     * active_cell_index().
     */
    template <int dim>
    Nodes<dim>
    nodes_of_patch(const std::vector<Nodes<dim>>      &of_cells,
                   const typename Patches<dim>::Patch &patch,
                   const double                        cell_size)
    {
      Nodes<dim>                                result;
      std::set<dealii::types::global_dof_index> numbers;
      for (const auto &[cell, shift] : patch.members)
        if (shift == dealii::Tensor<1, dim>())
          {
            const Nodes<dim>         &nodes = of_cells[cell];
            std::vector<unsigned int> which;
            for (unsigned int i = 0; i < nodes.points.size(); ++i)
              if (nodes.numbers.empty() ||
                  numbers.insert(nodes.numbers[i]).second)
                which.push_back(i);
            result.add(nodes, which, shift);
          }
      return patch.has_images()
               ? with_images<dim>(result, of_cells, patch, cell_size)
               : result;
    }
  } // namespace internal
} // namespace derl

#endif

// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "patches.h"

#include <deal.II/base/exceptions.h>

#include <deal.II/grid/grid_tools.h>

#include <algorithm>

namespace derl
{
  namespace internal
  {
    using namespace dealii;

    namespace
    {
      /**
       * Which distances are round-off, as parts of the size of a cell or face.
       */
      constexpr double tolerance = 1e-6;



      /**
       * The vertices of a face in the order in which those of another one,
       * moved by some distance, are at the same points; none if there is no
       * such distance.
       */
      template <int dim>
      std::vector<unsigned int>
      matching_vertices(const typename Triangulation<dim>::face_iterator &face,
                        const typename Triangulation<dim>::face_iterator &other)
      {
        if (face->n_vertices() != other->n_vertices())
          return {};
        const unsigned int n        = face->n_vertices();
        Tensor<1, dim>     distance = other->vertex(0) - face->vertex(0);
        double             size     = distance.norm();
        for (unsigned int v = 1; v < n; ++v)
          {
            size = std::min(size, (face->vertex(v) - face->vertex(0)).norm());
            distance += other->vertex(v) - face->vertex(v);
          }
        distance /= double(n);

        std::vector<unsigned int> result;
        for (unsigned int v = 0; v < n; ++v)
          for (unsigned int w = 0; w < n; ++w)
            if ((face->vertex(v) + distance - other->vertex(w)).norm() <=
                tolerance * size)
              result.push_back(other->vertex_index(w));
        return result.size() == n ? result : std::vector<unsigned int>();
      }
    } // namespace



    template <int dim>
    bool
    Patches<dim>::Patch::has_images() const
    {
      return !members.empty() && members.back().shift.norm() > 0.;
    }



    template <int dim>
    Patches<dim>::Patches(const hp::MappingCollection<dim>        &mappings,
                          const DoFHandler<dim>                   &dof_handler,
                          const std::function<bool(const Cell &)> &is_selected)
      : mappings(mappings)
      , dof_handler(dof_handler)
      , is_selected(is_selected)
      , cells_at_vertex(
          GridTools::vertex_to_cell_map(dof_handler.get_triangulation()))
    {
      find_coinciding_vertices();
    }



    template <int dim>
    void
    Patches<dim>::find_coinciding_vertices()
    {
      for (const auto &[first, second] :
           dof_handler.get_triangulation().get_periodic_face_map())
        {
          const auto face  = first.first->face(first.second);
          const auto other = second.first.first->face(second.first.second);
          const std::vector<unsigned int> matches =
            matching_vertices<dim>(face, other);
          for (unsigned int v = 0; v < matches.size(); ++v)
            {
              const unsigned int     vertex = face->vertex_index(v);
              std::set<unsigned int> all    = {vertex, matches[v]};
              for (const unsigned int one : {vertex, matches[v]})
                if (const auto known = coinciding.find(one);
                    known != coinciding.end())
                  all.insert(known->second.begin(), known->second.end());
              for (const unsigned int one : all)
                coinciding[one] = all;
            }
        }
    }



    template <int dim>
    Point<dim>
    Patches<dim>::position(const unsigned int vertex) const
    {
      for (const ActiveCell &cell : cells_at_vertex[vertex])
        if (!cell->is_artificial())
          for (const unsigned int v : cell->vertex_indices())
            if (cell->vertex_index(v) == vertex)
              {
                const Cell with_dofs(&dof_handler.get_triangulation(),
                                     cell->level(),
                                     cell->index(),
                                     &dof_handler);
                return mappings[mappings.size() > 1
                                  ? with_dofs->active_fe_index()
                                  : 0]
                  .get_vertices(cell)[v];
              }
      AssertThrow(false, ExcInternalError());
      return {};
    }



    template <int dim>
    typename Patches<dim>::Patch
    Patches<dim>::around(const Cell &cell) const
    {
      Patch                                               patch;
      std::map<unsigned int, std::vector<Tensor<1, dim>>> known;
      const auto add = [&](const ActiveCell     &neighbour,
                           const Tensor<1, dim> &shift) {
        if (neighbour->is_artificial())
          return;
        const unsigned int index  = neighbour->active_cell_index();
        auto              &shifts = known[index];
        if (std::any_of(
              shifts.begin(), shifts.end(), [&](const Tensor<1, dim> &other) {
                return (other - shift).norm() <= tolerance * cell->diameter();
              }))
          return;
        shifts.push_back(shift);
        if (!is_selected || is_selected(Cell(&dof_handler.get_triangulation(),
                                             neighbour->level(),
                                             neighbour->index(),
                                             &dof_handler)))
          patch.members.push_back({index, shift});
        else
          patch.is_cut = true;
      };

      for (const unsigned int v : cell->vertex_indices())
        for (const ActiveCell &neighbour :
             cells_at_vertex[cell->vertex_index(v)])
          add(neighbour, Tensor<1, dim>());
      std::sort(patch.members.begin(),
                patch.members.end(),
                [](const Member &a, const Member &b) {
                  return a.active_cell_index < b.active_cell_index;
                });

      for (const unsigned int v : cell->vertex_indices())
        if (const auto others = coinciding.find(cell->vertex_index(v));
            others != coinciding.end())
          for (const unsigned int w : others->second)
            if (w != others->first)
              {
                const Tensor<1, dim> shift =
                  position(others->first) - position(w);
                for (const ActiveCell &neighbour : cells_at_vertex[w])
                  add(neighbour, shift);
              }
      return patch;
    }



    template class Patches<1>;
    template class Patches<2>;
    template class Patches<3>;
  } // namespace internal
} // namespace derl

// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_patches_h
#define derl_data_patches_h

#include <derl/data/sampling.h>

#include <deal.II/base/tensor.h>

#include <deal.II/dofs/dof_handler.h>

#include <deal.II/grid/tria.h>

#include <deal.II/hp/mapping_collection.h>

#include <functional>
#include <map>
#include <set>
#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * The cells around a cell: those that share a vertex with it, itself
     * included, as far as a predicate selects them. Across periodic faces there
     * are images of cells, moved to where they would continue the mesh.
     */
    template <int dim>
    class Patches
    {
    public:
      using Cell = typename SampleRequest<dim>::Cell;

      /**
       * A cell whose points are @p shift away from where they are.
       */
      struct Member
      {
        unsigned int           active_cell_index;
        dealii::Tensor<1, dim> shift;
      };

      struct Patch
      {
        /** The cells themselves by ascending numbers, then images. */
        std::vector<Member> members;
        /** Whether the predicate left cells out. */
        bool is_cut = false;

        bool
        has_images() const;
      };

      /**
       * Not collective.
       *
       * @param mappings, dof_handler must outlive this object.
       * @param is_selected on which cells, ghost cells among them, members may
       *   be; everywhere if empty.
       */
      Patches(const dealii::hp::MappingCollection<dim> &mappings,
              const dealii::DoFHandler<dim>            &dof_handler,
              const std::function<bool(const Cell &)>  &is_selected);

      /**
       * The patch of a locally owned cell. It does not depend on the partition,
       * and its cells are known to this rank: the ghost layer consists of the
       * cells that share a vertex with a locally owned one, across periodic
       * faces of distributed meshes, too.
       */
      Patch
      around(const Cell &cell) const;

    private:
      using ActiveCell =
        typename dealii::Triangulation<dim>::active_cell_iterator;

      /**
       * Find the vertices that periodic faces make one. Faces that are not
       * moved copies of each other are boundaries.
       */
      void
      find_coinciding_vertices();

      /**
       * Where the mapping has a vertex.
       */
      dealii::Point<dim>
      position(const unsigned int vertex) const;

      const dealii::hp::MappingCollection<dim> &mappings;
      const dealii::DoFHandler<dim>            &dof_handler;
      const std::function<bool(const Cell &)>   is_selected;

      const std::vector<std::set<ActiveCell>> cells_at_vertex;
      /** For each vertex that coincides with others: all these, itself
       * included. */
      std::map<unsigned int, std::set<unsigned int>> coinciding;
    };
  } // namespace internal
} // namespace derl

#endif

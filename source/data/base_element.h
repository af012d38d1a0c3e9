// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_base_element_h
#define derl_data_base_element_h

#include <deal.II/fe/component_mask.h>
#include <deal.II/fe/fe.h>

namespace derl
{
  namespace internal
  {
    /**
     * The part of an element that a component belongs to, which is no system
     * itself.
     */
    template <int dim>
    const dealii::FiniteElement<dim> &
    base_element(const dealii::FiniteElement<dim> &fe,
                 const unsigned int                component)
    {
      const auto [number, component_of_base] =
        fe.component_to_base_index(component);
      // FE_Enriched has parts, but none of a component
      if (number >= fe.n_base_elements())
        return fe;
      const dealii::FiniteElement<dim> &base = fe.base_element(number);
      return &base == &fe ? fe : base_element(base, component_of_base);
    }



    /**
     * Whether the selected components exist in cells with this element: if one
     * is an FE_Nothing, the cell does not belong to its domain, and that its
     * shape functions are zero says nothing about the solution.
     */
    template <int dim>
    bool
    has_components(const dealii::FiniteElement<dim> &fe,
                   const dealii::ComponentMask      &components)
    {
      for (unsigned int c = 0; c < fe.n_components(); ++c)
        if (components[c] && base_element(fe, c).n_dofs_per_cell() == 0)
          return false;
      return true;
    }
  } // namespace internal
} // namespace derl

#endif

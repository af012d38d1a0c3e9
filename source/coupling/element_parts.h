// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_element_parts_h
#define derl_coupling_element_parts_h

#include <deal.II/base/quadrature.h>

#include <deal.II/fe/fe.h>

#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * A copy of a base element, and how a function becomes its degrees of
     * freedom.
     */
    template <int dim>
    struct ElementPart
    {
      /** its components of the element */
      unsigned int first_component, n_components;

      /** its degrees of freedom among those of a cell */
      std::vector<unsigned int> dofs;

      /** what interpolates; null for a part that is projected */
      const dealii::FiniteElement<dim> *base;

      /** among the element's points for interpolation */
      unsigned int first_point, n_points;
    };



    /**
     * The parts of an element. Each component belongs to one of them, so that
     * functions of different parts are orthogonal in L2.
     */
    template <int dim>
    class ElementParts
    {
    public:
      explicit ElementParts(const dealii::FiniteElement<dim> &fe);

      /** where the function is interpolated, in unit coordinates */
      dealii::Quadrature<dim> points;

      std::vector<ElementPart<dim>> interpolated, projected;
    };



    template <int dim>
    ElementParts<dim>::ElementParts(const dealii::FiniteElement<dim> &fe)
    {
      unsigned int n_components = 0;
      for (unsigned int b = 0; b < fe.n_base_elements(); ++b)
        n_components +=
          fe.element_multiplicity(b) * fe.base_element(b).n_components();
      if (n_components != fe.n_components())
        {
          // base elements in the same components (FE_Enriched)
          ElementPart<dim> whole{0, fe.n_components(), {}, nullptr, 0, 0};
          for (unsigned int i = 0; i < fe.n_dofs_per_cell(); ++i)
            whole.dofs.push_back(i);
          projected.push_back(whole);
          return;
        }

      std::vector<dealii::Point<dim>> all_points;
      unsigned int                    component = 0;
      for (unsigned int b = 0; b < fe.n_base_elements(); ++b)
        {
          const dealii::FiniteElement<dim> &base = fe.base_element(b);
          const auto &base_points = base.get_generalized_support_points();
          // The nodal functionals of elements without support points proper are
          // integrals over faces and cells, which deal.II replaces by means
          // over cells where neighbors disagree: that is no projection, and
          // none at hanging nodes.
          const bool         has_points  = base.has_support_points();
          const unsigned int first_point = all_points.size();
          if (has_points)
            all_points.insert(
              all_points.end(), base_points.begin(), base_points.end());
          for (unsigned int copy = 0; copy < fe.element_multiplicity(b); ++copy)
            {
              ElementPart<dim> part{
                component,
                base.n_components(),
                std::vector<unsigned int>(base.n_dofs_per_cell()),
                has_points ? &base : nullptr,
                first_point,
                has_points ? static_cast<unsigned int>(base_points.size()) : 0};
              for (unsigned int i = 0; i < fe.n_dofs_per_cell(); ++i)
                {
                  const auto &[base_copy, j] = fe.system_to_base_index(i);
                  if (base_copy == std::make_pair(b, copy))
                    part.dofs[j] = i;
                }
              component += part.n_components;
              if (!part.dofs.empty())
                (has_points ? interpolated : projected).push_back(part);
            }
        }
      points = dealii::Quadrature<dim>(all_points);
    }
  } // namespace internal
} // namespace derl

#endif

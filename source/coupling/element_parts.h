// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_coupling_element_parts_h
#define derl_coupling_element_parts_h

#include <deal.II/base/quadrature.h>

#include <deal.II/fe/fe.h>

#include <deal.II/lac/vector.h>

#include <utility>
#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * A degree of freedom that is a sum of a function's values.
     */
    struct Interpolant
    {
      struct Term
      {
        unsigned int point, component;
        double       weight;
      };

      /** its number on a cell */
      unsigned int      dof;
      std::vector<Term> terms;
    };



    /**
     * A copy of a base element that a function is projected to.
     */
    struct ProjectedPart
    {
      /** its components of the element */
      unsigned int first_component, n_components;

      /** its degrees of freedom among those of a cell */
      std::vector<unsigned int> dofs;
    };



    /**
     * How a function becomes the degrees of freedom of an element. Each
     * component belongs to one base element, so that functions of different
     * ones are orthogonal in L2.
     */
    template <int dim>
    class ElementParts
    {
    public:
      explicit ElementParts(const dealii::FiniteElement<dim> &fe);

      /** where functions are interpolated, in unit coordinates */
      dealii::Quadrature<dim> points;

      std::vector<Interpolant>   interpolated;
      std::vector<ProjectedPart> projected;

    private:
      /**
       * The degrees of freedom of an element with support points, with points
       * from @p first_point and components from @p first_component on.
       */
      static std::vector<Interpolant>
      interpolants(const dealii::FiniteElement<dim> &base,
                   const unsigned int                first_point,
                   const unsigned int                first_component);
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
          ProjectedPart whole{0, fe.n_components(), {}};
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
          // The node functionals of elements without support points proper are
          // integrals over faces and cells. deal.II takes the mean of those of
          // neighbors, which is no best approximation and unknown at hanging
          // nodes.
          const bool         has_points  = base.has_support_points();
          const unsigned int first_point = all_points.size();
          if (has_points)
            {
              const auto &base_points = base.get_generalized_support_points();
              all_points.insert(
                all_points.end(), base_points.begin(), base_points.end());
            }
          for (unsigned int copy = 0; copy < fe.element_multiplicity(b); ++copy)
            {
              std::vector<unsigned int> dofs(base.n_dofs_per_cell());
              for (unsigned int i = 0; i < fe.n_dofs_per_cell(); ++i)
                {
                  const auto &[base_copy, j] = fe.system_to_base_index(i);
                  if (base_copy == std::make_pair(b, copy))
                    dofs[j] = i;
                }
              if (has_points)
                for (Interpolant &interpolant :
                     interpolants(base, first_point, component))
                  {
                    interpolant.dof = dofs[interpolant.dof];
                    interpolated.push_back(interpolant);
                  }
              else if (!dofs.empty())
                projected.push_back({component, base.n_components(), dofs});
              component += base.n_components();
            }
        }
      points = dealii::Quadrature<dim>(all_points);
    }



    template <int dim>
    std::vector<Interpolant>
    ElementParts<dim>::interpolants(const dealii::FiniteElement<dim> &base,
                                    const unsigned int first_point,
                                    const unsigned int first_component)
    {
      std::vector<Interpolant> result(base.n_dofs_per_cell());
      for (unsigned int i = 0; i < result.size(); ++i)
        result[i].dof = i;
      const unsigned int n_points =
        base.get_generalized_support_points().size();
      std::vector<dealii::Vector<double>> values(
        n_points, dealii::Vector<double>(base.n_components()));
      std::vector<double> coefficients(result.size());
      for (unsigned int p = 0; p < n_points; ++p)
        for (unsigned int c = 0; c < base.n_components(); ++c)
          {
            values[p](c) = 1.;
            base.convert_generalized_support_point_values_to_dof_values(
              values, coefficients);
            values[p](c) = 0.;
            for (unsigned int i = 0; i < result.size(); ++i)
              if (coefficients[i] != 0.)
                result[i].terms.push_back(
                  {first_point + p, first_component + c, coefficients[i]});
          }
      return result;
    }
  } // namespace internal
} // namespace derl

#endif

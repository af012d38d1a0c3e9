// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/data/sources.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/quadrature_lib.h>

#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_q_hierarchical.h>

namespace derl
{
  using namespace dealii;

  template <int dim>
  Quadrature<dim>
  superconvergent_quadrature(const FiniteElement<dim> &fe)
  {
    if (fe.n_base_elements() == 1 && fe.element_multiplicity(0) == 1)
      {
        AssertThrow(dynamic_cast<const FE_Q<dim> *>(&fe) != nullptr ||
                      dynamic_cast<const FE_Q_Hierarchical<dim> *>(&fe) !=
                        nullptr,
                    ExcMessage("No points are known at which the gradient of "
                               "the element " +
                               fe.get_name() +
                               " is superconvergent. Take a Gauss quadrature "
                               "and recovered derivatives."));
        return QGauss<dim>(fe.degree);
      }

    const Quadrature<dim> first =
      superconvergent_quadrature(fe.base_element(0));
    for (unsigned int b = 1; b < fe.n_base_elements(); ++b)
      AssertThrow(superconvergent_quadrature(fe.base_element(b)) == first,
                  ExcMessage("The components of " + fe.get_name() +
                             " are superconvergent at different points. "
                             "Sample them one after the other, with component "
                             "masks and the points of their base elements."));
    return first;
  }



  template Quadrature<1>
  superconvergent_quadrature(const FiniteElement<1> &);
  template Quadrature<2>
  superconvergent_quadrature(const FiniteElement<2> &);
  template Quadrature<3>
  superconvergent_quadrature(const FiniteElement<3> &);
} // namespace derl

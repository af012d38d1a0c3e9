// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "problem.h"

#include <deal.II/base/exceptions.h>

#include <map>

#include "plate_with_hole.h"
#include "scalar_problem.h"
#include "stokes_flow.h"

namespace derl
{
  using namespace dealii;

  template <int dim>
  QuantityErrors
  Problem<dim>::measure_quantity(const Mapping<dim> &,
                                 const DoFHandler<dim> &,
                                 const VectorType &,
                                 const SurrogateFunction<dim> &) const
  {
    AssertThrow(false, ExcMessage("This problem has no quantity to measure."));
    return {};
  }



  namespace
  {
    template <int dim>
    using Makers = std::map<std::string, std::unique_ptr<Problem<dim>> (*)()>;

    template <int dim>
    const Makers<dim> &
    makers();

    template <>
    const Makers<2> &
    makers()
    {
      static const Makers<2> result = {
        {"smooth_q1_distorted", make_waves_on_distorted_mesh},
        {"smooth_q3", make_short_waves},
        {"reentrant_corner", make_reentrant_corner},
        {"boundary_layer", make_boundary_layer},
        {"material_interface", make_material_interface},
        {"plate_with_hole", make_plate_with_hole},
        {"stokes", make_stokes_flow},
        {"two_parameters", make_two_parameters}};
      return result;
    }

    template <>
    const Makers<3> &
    makers()
    {
      static const Makers<3> result = {{"reentrant_edge", make_reentrant_edge},
                                       {"heat", make_heat}};
      return result;
    }
  } // namespace



  template <int dim>
  std::unique_ptr<Problem<dim>>
  make_problem(const std::string &name)
  {
    const auto maker = makers<dim>().find(name);
    return maker == makers<dim>().end() ? nullptr : maker->second();
  }



  std::vector<std::string>
  problem_names()
  {
    std::vector<std::string> result;
    for (const auto &[name, make] : makers<2>())
      result.push_back(name);
    for (const auto &[name, make] : makers<3>())
      result.push_back(name);
    return result;
  }



  template class Problem<2>;
  template class Problem<3>;
  template std::unique_ptr<Problem<2>>
  make_problem(const std::string &);
  template std::unique_ptr<Problem<3>>
  make_problem(const std::string &);
} // namespace derl

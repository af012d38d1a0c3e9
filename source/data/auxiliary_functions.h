// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_data_auxiliary_functions_h
#define derl_data_auxiliary_functions_h

#include <derl/data/sampling.h>

#include <deal.II/base/exceptions.h>

#include <deal.II/lac/vector.h>

#include <string>
#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * The names of the columns that functions fill. Throws if a function has
     * not as many components as names.
     */
    template <int dim>
    std::vector<std::string>
    auxiliary_names(const std::vector<AuxiliaryFunction<dim>> &functions)
    {
      std::vector<std::string> result;
      for (const AuxiliaryFunction<dim> &columns : functions)
        {
          AssertThrow(columns.function != nullptr &&
                        columns.function->n_components == columns.names.size(),
                      dealii::ExcMessage(
                        "The function of auxiliary columns must have as many "
                        "components as there are names, " +
                        std::to_string(columns.names.size()) + "."));
          result.insert(
            result.end(), columns.names.begin(), columns.names.end());
        }
      return result;
    }



    /**
     * Append the columns' values at a point.
     */
    template <int dim>
    void
    append_auxiliary(const std::vector<AuxiliaryFunction<dim>> &functions,
                     const dealii::Point<dim>                  &point,
                     std::vector<double>                       &values)
    {
      for (const AuxiliaryFunction<dim> &columns : functions)
        {
          dealii::Vector<double> at_point(columns.names.size());
          columns.function->vector_value(point, at_point);
          values.insert(values.end(), at_point.begin(), at_point.end());
        }
    }
  } // namespace internal
} // namespace derl

#endif

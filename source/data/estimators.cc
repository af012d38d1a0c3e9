// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "estimators.h"

#include <deal.II/base/exceptions.h>

#include <algorithm>

#include "../base/vector_types.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * A row of the table of estimators: all that there is to add for a new one.
     */
    template <int dim, typename VectorType>
    struct EstimatorRow
    {
      using Input = internal::EstimatorInput<dim, VectorType>;

      Estimator   estimator;
      const char *name;
      const char *description;
      std::unique_ptr<internal::CellEstimator<dim>> (*make)(const Input &);
    };



    template <int dim, typename VectorType>
    const std::vector<EstimatorRow<dim, VectorType>> &
    table()
    {
      using Input = internal::EstimatorInput<dim, VectorType>;
      static const std::vector<EstimatorRow<dim, VectorType>> rows = {
        {Estimator::raw,
         "raw",
         "those of the finite element function inside of the cell",
         [](const Input &input) {
           return internal::make_raw_estimator(input,
                                               input.request.use_variances);
         }},
        {Estimator::recovered,
         "recovered",
         "those of a polynomial fitted to the solution in the cell and its "
         "neighbours",
         [](const Input &input) {
           return internal::make_recovered_estimator(input);
         }},
        {Estimator::projected,
         "projected",
         "those of the L2 projection of the raw ones to continuous functions",
         [](const Input &input) {
           return internal::make_projected_estimator(input, false);
         }},
        {Estimator::averaged,
         "averaged",
         "those of continuous functions whose values at nodes are means of the "
         "raw ones in the cells around",
         [](const Input &input) {
           return internal::make_projected_estimator(input, true);
         }},
        {Estimator::difference,
         "difference",
         "those of difference formulas for the solution's values at points "
         "about a cell's length apart",
         [](const Input &input) {
           return internal::make_difference_estimator(input);
         }}};
      return rows;
    }



    /**
     * The row of a table with an estimator.
     */
    template <typename Row>
    const Row &
    find(const std::vector<Row> &rows, const Estimator estimator)
    {
      const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const Row &each) {
          return each.estimator == estimator;
        });
      AssertThrow(row != rows.end(), ExcInternalError());
      return *row;
    }
  } // namespace



  const std::vector<EstimatorDescription> &
  all_estimators()
  {
    static const std::vector<EstimatorDescription> result = []() {
      std::vector<EstimatorDescription> all;
      for (const auto &row : table<1, Vector<double>>())
        all.push_back({row.estimator, row.name, row.description});
      return all;
    }();
    return result;
  }



  std::string
  to_string(const Estimator estimator)
  {
    return find(all_estimators(), estimator).name;
  }



  Estimator
  estimator_of_name(const std::string &name)
  {
    std::string all;
    for (const EstimatorDescription &each : all_estimators())
      {
        if (each.name == name)
          return each.estimator;
        all += (all.empty() ? "" : ", ") + each.name;
      }
    AssertThrow(false,
                ExcMessage("There is no estimator '" + name +
                           "' of derivatives, but " + all + "."));
    return Estimator::raw;
  }



  namespace internal
  {
    template <int dim, typename VectorType>
    std::unique_ptr<CellEstimator<dim>>
    make_estimator(const EstimatorInput<dim, VectorType> &input)
    {
      return find(table<dim, VectorType>(), input.request.estimator)
        .make(input);
    }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)               \
  template std::unique_ptr<CellEstimator<dim>> make_estimator( \
    const EstimatorInput<dim, VectorType> &);

    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 1)
    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 2)
    DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, 3)
  } // namespace internal
} // namespace derl

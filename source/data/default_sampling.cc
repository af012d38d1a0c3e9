// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/sampling.h>

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <vector>

#include "../base/communication.h"
#include "../base/vector_types.h"
#include "check_request.h"
#include "default_points.h"
#include "mesh_sampler.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    template <int dim>
    using Kind = typename internal::DefaultPoints<dim>::Kind;



    /**
     * The Gauss points for a request that makes sense.
     */
    template <int dim, int part_dim>
    hp::QCollection<part_dim>
    checked_gauss_points(const hp::MappingCollection<dim> &mappings,
                         const DoFHandler<dim>            &dof_handler,
                         const SampleRequest<dim>         &request)
    {
      hp::QCollection<part_dim> result;
      run_collectively(internal::communicator_of(dof_handler, request), [&]() {
        internal::check_request(mappings, dof_handler, request);
        result = internal::gauss_points<dim, part_dim>(dof_handler,
                                                       request.components);
      });
      return result;
    }



    /**
     * Observe a solution at the points of a rule with an estimator.
     */
    template <int dim, typename VectorType>
    Samples
    observe(const hp::MappingCollection<dim>   &mappings,
            const DoFHandler<dim>              &dof_handler,
            const Snapshot<VectorType>         &snapshot,
            const internal::DefaultPoints<dim> &points,
            const SampleRequest<dim>           &like,
            const Estimator                     estimator)
    {
      SampleRequest<dim> request = like;
      request.estimator          = estimator;
      request.quadrature_index   = internal::DefaultPoints<dim>::index;
      internal::MeshSampler<dim> sampler(mappings, dof_handler, request);
      sampler.observe(snapshot);
      return sampler.sample_cells(points.quadratures,
                                  "finite element solution, " +
                                    to_string(estimator) + " derivatives");
    }



    /**
     * What each sample's point is for, and in its cell the number of points
     * that hold over that of the few.
     */
    template <int dim>
    struct Purposes
    {
      Purposes(const hp::MappingCollection<dim>   &mappings,
               const DoFHandler<dim>              &dof_handler,
               const internal::DefaultPoints<dim> &points,
               const SampleRequest<dim>           &request)
      {
        internal::MeshSampler<dim>(mappings, dof_handler, request)
          .for_each_cell([&](const auto &cell) {
            const unsigned int index = points.index(cell);
            for (unsigned int q = 0; q < points.quadratures[index].size(); ++q)
              {
                kinds.push_back(points.kind(index, q));
                many_over_few.push_back(points.many_over_few(index));
              }
          });
      }

      std::vector<Kind<dim>> kinds;
      std::vector<double>    many_over_few;
    };



    /**
     * The mean squared distance of a solution from the recovered derivatives at
     * Gauss points and elsewhere, for each column, over all ranks.
     */
    struct Distances
    {
      std::vector<double> at_gauss;
      std::vector<double> elsewhere;
      /** How accurate the solution is at Gauss points compared to others: the
       * first over the second, at most one. Small numbers mean
       * superconvergence, and recovered derivatives that can be trusted. One
       * if the solution is singular. */
      std::vector<double> ratios;
      /** The sum of all weights. */
      double weight = 0.;
    };

    /**
     * Whether two derivatives are of the same order in space, and otherwise the
     * same.
     */
    template <int dim>
    bool
    differ_in_direction(const JetEntry &a, const JetEntry &b)
    {
      const auto space = [](const JetEntry &entry) {
        return std::accumulate(
          entry.derivative.begin(), entry.derivative.begin() + dim, 0u);
      };
      return a.component == b.component && space(a) == space(b) &&
             std::equal(a.derivative.begin() + dim,
                        a.derivative.end(),
                        b.derivative.begin() + dim);
    }



    template <int dim>
    Distances
    measure_distances(const MPI_Comm               &communicator,
                      const std::vector<Kind<dim>> &kinds,
                      const Samples                &raw,
                      const Samples                &recovered)
    {
      const unsigned int n_columns = raw.columns().size();
      // [Gauss points, others][column, then the weights], squares of columns
      std::vector<double> sums(2 * (n_columns + 1) + n_columns, 0.);
      double *const       at_gauss  = sums.data();
      double *const       elsewhere = at_gauss + n_columns + 1;
      double *const       squares   = elsewhere + n_columns + 1;
      for (unsigned int i = 0; i < raw.size(); ++i)
        {
          double *const part =
            kinds[i] == Kind<dim>::gauss ? at_gauss : elsewhere;
          for (unsigned int c = 0; c < n_columns; ++c)
            {
              const double observed = raw.observations(i)[c];
              const double distance = observed - recovered.observations(i)[c];
              part[c] += raw.weight(i) * distance * distance;
              squares[c] += raw.weight(i) * observed * observed;
            }
          part[n_columns] += raw.weight(i);
        }
      Utilities::MPI::sum(sums, communicator, sums);
      count_collective(communicator, sums.size() * sizeof(double));

      Distances result;
      result.weight = at_gauss[n_columns] + elsewhere[n_columns];
      for (unsigned int c = 0; c < n_columns; ++c)
        {
          const double here  = at_gauss[c] / at_gauss[n_columns];
          const double there = elsewhere[c] / elsewhere[n_columns];
          // a derivative that is exact but for round-off, which is that of the
          // largest in another direction, is as smooth as can be
          double largest = 0.;
          for (unsigned int d = 0; d < n_columns; ++d)
            if (differ_in_direction<dim>(raw.columns()[c], raw.columns()[d]))
              largest = std::max(largest, squares[d]);
          const double round_off =
            1e-20 * largest / (at_gauss[n_columns] + elsewhere[n_columns]);
          result.at_gauss.push_back(here);
          result.elsewhere.push_back(there);
          result.ratios.push_back(there <= round_off ? 0.
                                  : here < there     ? here / there
                                                     : 1.);
        }
      return result;
    }



    /**
     * What judges a network between the points of training: the recovered
     * derivatives, and the less these can be trusted, the solution's own. Of
     * those of higher orders a finite element solution may have none.
     */
    Samples
    probable(const Samples             &raw,
             const Samples             &recovered,
             const std::vector<double> &ratios)
    {
      const std::vector<JetEntry> &columns = raw.columns();
      Samples                      result(
        raw.n_coordinates(), columns, raw.origin(), raw.auxiliary_names());
      std::vector<double> observations(columns.size());
      for (unsigned int i = 0; i < raw.size(); ++i)
        {
          for (unsigned int c = 0; c < columns.size(); ++c)
            {
              const double share =
                order(columns[c].derivative) <= 1 ? ratios[c] : 0.;
              observations[c] = share * raw.observations(i)[c] +
                                (1. - share) * recovered.observations(i)[c];
            }
          result.add(
            ArrayView<const double>(raw.point(i), raw.n_coordinates()),
            ArrayView<const double>(observations.data(), observations.size()),
            raw.weight(i),
            ArrayView<const double>(raw.auxiliary(i),
                                    raw.auxiliary_names().size()));
        }
      return result;
    }



    /**
     * The ratios of Distances for a fit to random points: those of
     * components of a lower degree than others are the largest ones of these.
     * At the others' Gauss points they are not superconvergent, but have errors
     * of both signs, which cancel in a fit as those at random points do not.
     */
    template <int dim>
    std::vector<double>
    ratios_of_holding(const FiniteElement<dim>    &fe,
                      const ComponentMask         &components,
                      const std::vector<JetEntry> &columns,
                      const std::vector<double>   &ratios)
    {
      std::vector<unsigned int> degrees;
      for (unsigned int c = 0; c < fe.n_components(); ++c)
        if (components[c])
          degrees.push_back(
            fe.base_element(fe.component_to_base_index(c).first).degree);
      const unsigned int highest =
        *std::max_element(degrees.begin(), degrees.end());
      std::vector<double> result  = ratios;
      double              largest = 0.;
      for (unsigned int i = 0; i < columns.size(); ++i)
        if (degrees[columns[i].component] == highest)
          largest = std::max(largest, ratios[i]);
      for (unsigned int i = 0; i < columns.size(); ++i)
        if (degrees[columns[i].component] < highest)
          result[i] = std::min(ratios[i], largest);
      return result;
    }



    /**
     * Whether a solution is singular, or its mesh much too coarse, by the
     * derivatives in space.
     */
    template <int dim>
    bool
    is_singular(const std::vector<JetEntry> &columns,
                const std::vector<double>   &ratios)
    {
      for (unsigned int i = 0; i < columns.size(); ++i)
        {
          const MultiIndex &derivative = columns[i].derivative;
          if (order({derivative.begin(), derivative.begin() + dim}) > 0 &&
              ratios[i] > 0.5)
            return true;
        }
      return false;
    }



    /**
     * Let random points for training count less than Gauss points, and state
     * the error of both.
     */
    template <int dim>
    void
    set_factors(const std::vector<Kind<dim>> &kinds,
                const std::vector<double>    &ratios,
                const Distances              &distances,
                Samples                      &samples)
    {
      // The recovered derivatives' own error makes the ratio too large where it
      // is small. Factors must be positive, their mean one.
      std::vector<double> holding, errors;
      for (unsigned int c = 0; c < ratios.size(); ++c)
        {
          holding.push_back(std::max(ratios[c] * ratios[c], 1e-6));
          errors.push_back(std::sqrt(
            (distances.at_gauss[c] + holding[c] * distances.elsewhere[c]) /
            (1. + holding[c])));
        }
      std::vector<double> factors;
      for (unsigned int i = 0; i < samples.size(); ++i)
        for (const double h : holding)
          factors.push_back((kinds[i] == Kind<dim>::gauss ? 2. : 2. * h) /
                            (1. + h));
      samples.set_factors(factors);
      samples.set_estimated_errors(errors, distances.weight);
    }
  } // namespace



  template <int dim, typename VectorType>
  Samples
  sample(const hp::MappingCollection<dim> &mappings,
         const DoFHandler<dim>            &dof_handler,
         const Snapshot<VectorType>       &snapshot,
         const SampleRequest<dim>         &request)
  {
    const MPI_Comm communicator =
      internal::communicator_of(dof_handler, request);
    std::unique_ptr<internal::DefaultPoints<dim>> points;
    run_collectively(communicator, [&]() {
      internal::check_request(mappings, dof_handler, request);
      AssertThrow(!request.choice,
                  ExcMessage("Points that are chosen by a request must be "
                             "those of a quadrature. Give one."));
      points = std::make_unique<internal::DefaultPoints<dim>>(
        dof_handler, request.components);
    });
    Samples result = observe(
      mappings, dof_handler, snapshot, *points, request, request.estimator);
    const auto take = [&](const Estimator estimator) {
      return request.estimator == estimator ? result
                                            : observe(mappings,
                                                      dof_handler,
                                                      snapshot,
                                                      *points,
                                                      request,
                                                      estimator);
    };
    const Samples       raw       = take(Estimator::raw);
    const Samples       recovered = take(Estimator::recovered);
    const Purposes<dim> purposes(mappings, dof_handler, *points, request);
    const std::vector<Kind<dim>> &kinds = purposes.kinds;
    const Distances               distances =
      measure_distances<dim>(communicator, kinds, raw, recovered);
    const std::vector<double> holding = ratios_of_holding(dof_handler.get_fe(0),
                                                          request.components,
                                                          result.columns(),
                                                          distances.ratios);
    if (request.estimator == Estimator::raw && !request.use_variances)
      set_factors<dim>(kinds, holding, distances, result);

    const bool needs_more = is_singular<dim>(result.columns(), holding);
    std::vector<unsigned int> for_training, for_checks;
    std::vector<double>       weights;
    for (unsigned int i = 0; i < kinds.size(); ++i)
      {
        const bool holds =
          kinds[i] == Kind<dim>::holding || kinds[i] == Kind<dim>::holding_more;
        weights.push_back(result.weight(i) / (holds && needs_more
                                                ? purposes.many_over_few[i]
                                                : 1.));
        if (kinds[i] == Kind<dim>::judging)
          for_checks.push_back(i);
        else if (kinds[i] != Kind<dim>::holding_more || needs_more)
          for_training.push_back(i);
      }
    result.set_weights(weights);

    result = result.subset(for_training);
    Samples checks =
      probable(raw, recovered, distances.ratios).subset(for_checks);
    result.add_auxiliary(check_column, std::vector<double>(result.size(), 0.));
    checks.add_auxiliary(check_column, std::vector<double>(checks.size(), 1.));
    result.append(checks);
    return result;
  }



  template <int dim, typename VectorType>
  Samples
  sample_boundary(const hp::MappingCollection<dim> &mappings,
                  const DoFHandler<dim>            &dof_handler,
                  const Snapshot<VectorType>       &snapshot,
                  const SampleRequest<dim>         &request)
  {
    return sample_boundary(
      mappings,
      dof_handler,
      snapshot,
      checked_gauss_points<dim, dim - 1>(mappings, dof_handler, request),
      request);
  }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)                       \
  template Samples sample(const hp::MappingCollection<dim> &,          \
                          const DoFHandler<dim> &,                     \
                          const Snapshot<VectorType> &,                \
                          const SampleRequest<dim> &);                 \
  template Samples sample_boundary(const hp::MappingCollection<dim> &, \
                                   const DoFHandler<dim> &,            \
                                   const Snapshot<VectorType> &,       \
                                   const SampleRequest<dim> &);

#define DERL_INSTANTIATE(dim) DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, dim)

  DERL_INSTANTIATE(1)
  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl

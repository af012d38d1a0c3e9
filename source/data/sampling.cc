// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/sampling.h>

#include "../base/vector_types.h"
#include "auxiliary_functions.h"
#include "mesh_sampler.h"

namespace derl
{
  using namespace dealii;

  template <int dim, typename VectorType>
  Samples
  sample(const hp::MappingCollection<dim> &mappings,
         const DoFHandler<dim>            &dof_handler,
         const Snapshot<VectorType>       &snapshot,
         const hp::QCollection<dim>       &quadratures,
         const SampleRequest<dim>         &request)
  {
    internal::MeshSampler<dim> sampler(mappings, dof_handler, request);
    sampler.observe(snapshot);
    return sampler.sample_cells(quadratures,
                                "finite element solution, " +
                                  to_string(request.estimator) +
                                  " derivatives");
  }



  template <int dim, typename VectorType>
  Samples
  sample_boundary(const hp::MappingCollection<dim> &mappings,
                  const DoFHandler<dim>            &dof_handler,
                  const Snapshot<VectorType>       &snapshot,
                  const hp::QCollection<dim - 1>   &quadratures,
                  const SampleRequest<dim>         &request)
  {
    internal::MeshSampler<dim> sampler(mappings, dof_handler, request);
    sampler.observe(snapshot);
    return sampler.sample_faces(quadratures,
                                "finite element solution at the boundary");
  }



  template <int dim>
  Samples
  sample_function(const hp::MappingCollection<dim> &mappings,
                  const DoFHandler<dim>            &dof_handler,
                  const Function<dim>              &function,
                  const hp::QCollection<dim>       &quadratures,
                  const SampleRequest<dim>         &request)
  {
    internal::MeshSampler<dim> sampler(mappings, dof_handler, request);
    sampler.observe(function);
    return sampler.sample_cells(quadratures,
                                "exact samples at quadrature points");
  }



  template <int dim>
  Samples
  sample_function(const MPI_Comm                            &communicator,
                  const Function<dim>                       &function,
                  const std::vector<Point<dim>>             &points,
                  const std::vector<unsigned int>           &orders,
                  const std::vector<AuxiliaryFunction<dim>> &auxiliary)
  {
    Samples             samples(dim,
                    jet_entries_of_orders(dim, function.n_components, orders),
                    "exact samples",
                    internal::auxiliary_names(auxiliary));
    const std::uint64_t rank = Utilities::MPI::this_mpi_process(communicator);
    const std::uint64_t n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    run_collectively(communicator, [&]() {
      std::vector<double> observations(samples.columns().size());
      std::vector<double> further;
      for (std::size_t i = points.size() * rank / n_ranks;
           i < points.size() * (rank + 1) / n_ranks;
           ++i)
        {
          for (unsigned int c = 0; c < observations.size(); ++c)
            observations[c] =
              internal::derivative(function, points[i], samples.columns()[c]);
          further.clear();
          internal::append_auxiliary(auxiliary, points[i], further);
          samples.add(
            ArrayView<const double>(points[i].begin_raw(), dim),
            ArrayView<const double>(observations.data(), observations.size()),
            1.,
            ArrayView<const double>(further.data(), further.size()));
        }
      samples.check();
    });
    return samples;
  }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)                       \
  template Samples sample(const hp::MappingCollection<dim> &,          \
                          const DoFHandler<dim> &,                     \
                          const Snapshot<VectorType> &,                \
                          const hp::QCollection<dim> &,                \
                          const SampleRequest<dim> &);                 \
  template Samples sample_boundary(const hp::MappingCollection<dim> &, \
                                   const DoFHandler<dim> &,            \
                                   const Snapshot<VectorType> &,       \
                                   const hp::QCollection<dim - 1> &,   \
                                   const SampleRequest<dim> &);

#define DERL_INSTANTIATE(dim)                                          \
  DERL_FOR_ALL_VECTORS(DERL_INSTANTIATE_VECTOR, dim)                   \
  template Samples sample_function(                                    \
    const MPI_Comm &,                                                  \
    const Function<dim> &,                                             \
    const std::vector<Point<dim>> &,                                   \
    const std::vector<unsigned int> &,                                 \
    const std::vector<AuxiliaryFunction<dim>> &);                      \
  template Samples sample_function(const hp::MappingCollection<dim> &, \
                                   const DoFHandler<dim> &,            \
                                   const Function<dim> &,              \
                                   const hp::QCollection<dim> &,       \
                                   const SampleRequest<dim> &);

  DERL_INSTANTIATE(1)
  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl

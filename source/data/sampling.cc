// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/sampling.h>

#include <deal.II/base/exceptions.h>

#include <deal.II/fe/fe_values.h>

#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/trilinos_vector.h>
#include <deal.II/lac/vector.h>

namespace derl
{
  using namespace dealii;

  namespace
  {
    void
    check_orders(const std::vector<unsigned int> &orders)
    {
      for (const unsigned int order : orders)
        AssertThrow(order <= 2,
                    ExcMessage("Only values, first and second derivatives "
                               "can be sampled."));
    }



    UpdateFlags
    flags_for(const std::vector<unsigned int> &orders)
    {
      check_orders(orders);
      UpdateFlags flags = update_quadrature_points | update_JxW_values;
      for (const unsigned int order : orders)
        flags |= order == 0   ? update_values
                 : order == 1 ? update_gradients
                              : update_hessians;
      return flags;
    }



    /**
     * The entry of a gradient or Hessian that a multi-index of that order
     * stands for.
     */
    template <int dim>
    double
    entry(const Tensor<1, dim> &gradient, const MultiIndex &derivative)
    {
      unsigned int i = 0;
      while (derivative[i] == 0)
        ++i;
      return gradient[i];
    }



    template <int dim, typename Hessian>
    double
    hessian_entry(const Hessian &hessian, const MultiIndex &derivative)
    {
      unsigned int i = 0;
      while (derivative[i] == 0)
        ++i;
      unsigned int j = (derivative[i] == 2 ? i : i + 1);
      while (derivative[j] == 0)
        ++j;
      return hessian[i][j];
    }



    /**
     * Append the samples of one cell or face, whose FEValues object is up to
     * date.
     */
    template <int dim, typename VectorType>
    void
    add_samples(const FEValuesBase<dim>         &fe_values,
                const VectorType                &solution,
                const std::vector<unsigned int> &orders,
                Samples                         &samples)
    {
      const unsigned int n_points     = fe_values.n_quadrature_points;
      const unsigned int n_components = fe_values.get_fe().n_components();
      std::vector<Vector<double>> value(n_points, Vector<double>(n_components));
      std::vector<std::vector<Tensor<1, dim>>> gradient(
        n_points, std::vector<Tensor<1, dim>>(n_components));
      std::vector<std::vector<Tensor<2, dim>>> hessian(
        n_points, std::vector<Tensor<2, dim>>(n_components));
      for (const unsigned int order : orders)
        if (order == 0)
          fe_values.get_function_values(solution, value);
        else if (order == 1)
          fe_values.get_function_gradients(solution, gradient);
        else
          fe_values.get_function_hessians(solution, hessian);

      std::vector<double> observations(samples.columns().size());
      for (unsigned int q = 0; q < n_points; ++q)
        {
          for (unsigned int c = 0; c < observations.size(); ++c)
            {
              const JetEntry    &column = samples.columns()[c];
              const unsigned int of     = order(column.derivative);
              observations[c] =
                of == 0 ? value[q](column.component)
                : of == 1
                  ? entry(gradient[q][column.component], column.derivative)
                  : hessian_entry<dim>(hessian[q][column.component],
                                       column.derivative);
            }
          const Point<dim> &x = fe_values.quadrature_point(q);
          samples.add(ArrayView<const double>(x.begin_raw(), dim),
                      make_array_view(
                        static_cast<const std::vector<double> &>(observations)),
                      fe_values.JxW(q));
        }
    }



    template <int dim>
    void
    add_samples(const Function<dim> &function,
                const Point<dim>    &x,
                const double         weight,
                Samples             &samples)
    {
      std::vector<double> observations;
      for (const JetEntry &column : samples.columns())
        {
          const unsigned int of = order(column.derivative);
          observations.push_back(
            of == 0 ? function.value(x, column.component)
            : of == 1
              ? entry(function.gradient(x, column.component), column.derivative)
              : hessian_entry<dim>(function.hessian(x, column.component),
                                   column.derivative));
        }
      samples.add(
        ArrayView<const double>(x.begin_raw(), dim),
        make_array_view(static_cast<const std::vector<double> &>(observations)),
        weight);
    }
  } // namespace



  template <int dim, typename VectorType>
  Samples
  sample(const Mapping<dim>              &mapping,
         const DoFHandler<dim>           &dof_handler,
         const VectorType                &solution,
         const Quadrature<dim>           &quadrature,
         const std::vector<unsigned int> &orders)
  {
    const FiniteElement<dim> &fe = dof_handler.get_fe();
    Samples                   samples(dim,
                    jet_entries_of_orders(dim, fe.n_components(), orders),
                    "finite element solution, raw derivatives");
    run_agreed(dof_handler.get_communicator(), [&]() {
      FEValues<dim> fe_values(mapping, fe, quadrature, flags_for(orders));
      for (const auto &cell : dof_handler.active_cell_iterators())
        if (cell->is_locally_owned())
          {
            fe_values.reinit(cell);
            add_samples(fe_values, solution, orders, samples);
          }
      samples.check();
    });
    return samples;
  }



  template <int dim, typename VectorType>
  Samples
  sample_boundary(const Mapping<dim>              &mapping,
                  const DoFHandler<dim>           &dof_handler,
                  const VectorType                &solution,
                  const Quadrature<dim - 1>       &quadrature,
                  const std::vector<unsigned int> &orders)
  {
    const FiniteElement<dim> &fe = dof_handler.get_fe();
    Samples                   samples(dim,
                    jet_entries_of_orders(dim, fe.n_components(), orders),
                    "finite element solution at the boundary");
    run_agreed(dof_handler.get_communicator(), [&]() {
      FEFaceValues<dim> fe_values(mapping, fe, quadrature, flags_for(orders));
      for (const auto &cell : dof_handler.active_cell_iterators())
        if (cell->is_locally_owned() && cell->at_boundary())
          for (const unsigned int face : cell->face_indices())
            if (cell->face(face)->at_boundary())
              {
                fe_values.reinit(cell, face);
                add_samples(fe_values, solution, orders, samples);
              }
      samples.check();
    });
    return samples;
  }



  template <int dim>
  Samples
  sample_function(const MPI_Comm                  &communicator,
                  const Function<dim>             &function,
                  const std::vector<Point<dim>>   &points,
                  const std::vector<unsigned int> &orders)
  {
    Samples             samples(dim,
                    jet_entries_of_orders(dim, function.n_components, orders),
                    "exact samples");
    const std::uint64_t rank = Utilities::MPI::this_mpi_process(communicator);
    const std::uint64_t n_ranks = Utilities::MPI::n_mpi_processes(communicator);
    run_agreed(communicator, [&]() {
      check_orders(orders);
      for (std::size_t i = points.size() * rank / n_ranks;
           i < points.size() * (rank + 1) / n_ranks;
           ++i)
        add_samples(function, points[i], 1., samples);
      samples.check();
    });
    return samples;
  }



  template <int dim>
  Samples
  sample_function(const Mapping<dim>              &mapping,
                  const DoFHandler<dim>           &dof_handler,
                  const Function<dim>             &function,
                  const Quadrature<dim>           &quadrature,
                  const std::vector<unsigned int> &orders)
  {
    Samples samples(dim,
                    jet_entries_of_orders(dim, function.n_components, orders),
                    "exact samples at quadrature points");
    run_agreed(dof_handler.get_communicator(), [&]() {
      check_orders(orders);
      FEValues<dim> fe_values(
        mapping, dof_handler.get_fe(), quadrature, flags_for({}));
      for (const auto &cell : dof_handler.active_cell_iterators())
        if (cell->is_locally_owned())
          {
            fe_values.reinit(cell);
            for (const unsigned int q : fe_values.quadrature_point_indices())
              add_samples(function,
                          fe_values.quadrature_point(q),
                          fe_values.JxW(q),
                          samples);
          }
      samples.check();
    });
    return samples;
  }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)                \
  template Samples sample(const Mapping<dim> &,                 \
                          const DoFHandler<dim> &,              \
                          const VectorType &,                   \
                          const Quadrature<dim> &,              \
                          const std::vector<unsigned int> &);   \
  template Samples sample_boundary(const Mapping<dim> &,        \
                                   const DoFHandler<dim> &,     \
                                   const VectorType &,          \
                                   const Quadrature<dim - 1> &, \
                                   const std::vector<unsigned int> &);

#define DERL_INSTANTIATE(dim)                                              \
  DERL_INSTANTIATE_VECTOR(dim, Vector<double>)                             \
  DERL_INSTANTIATE_VECTOR(dim, LinearAlgebra::distributed::Vector<double>) \
  DERL_INSTANTIATE_VECTOR(dim, TrilinosWrappers::MPI::Vector)              \
  template Samples sample_function(const MPI_Comm &,                       \
                                   const Function<dim> &,                  \
                                   const std::vector<Point<dim>> &,        \
                                   const std::vector<unsigned int> &);     \
  template Samples sample_function(const Mapping<dim> &,                   \
                                   const DoFHandler<dim> &,                \
                                   const Function<dim> &,                  \
                                   const Quadrature<dim> &,                \
                                   const std::vector<unsigned int> &);

  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl

// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/coupling/warm_start.h>

#include <deal.II/base/exceptions.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/petsc_vector.h>
#include <deal.II/lac/trilinos_vector.h>
#include <deal.II/lac/vector.h>

#include <deal.II/numerics/vector_tools_interpolate.h>

#include <cmath>
#include <exception>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * A function that does not throw, but keeps the first exception of another
     * function, or that this is not finite, for later: other ranks are waiting
     * in the interpolation.
     */
    template <int dim>
    class Recorder : public Function<dim>
    {
    public:
      explicit Recorder(const Function<dim> &function)
        : Function<dim>(function.n_components)
        , function(function)
      {
      }

      void
      vector_value_list(const std::vector<Point<dim>> &points,
                        std::vector<Vector<double>>   &values) const override
      {
        try
          {
            function.vector_value_list(points, values);
            for (unsigned int i = 0; i < points.size(); ++i)
              for (const double value : values[i])
                AssertThrow(
                  std::isfinite(value),
                  ExcMessage("The function to start with is not finite."));
          }
        catch (...)
          {
            if (exception == nullptr)
              exception = std::current_exception();
            for (Vector<double> &value : values)
              value = 0.;
          }
      }

      void
      rethrow() const
      {
        if (exception != nullptr)
          std::rethrow_exception(exception);
      }

    private:
      const Function<dim>       &function;
      mutable std::exception_ptr exception;
    };



    /**
     * A vector to write to, with ghost elements only if the type can write to
     * these.
     */
    template <int dim>
    void
    make_writable(const DoFHandler<dim> &dof_handler, Vector<double> &vector)
    {
      vector.reinit(dof_handler.n_dofs());
    }

    template <int dim>
    void
    make_writable(const DoFHandler<dim>                      &dof_handler,
                  LinearAlgebra::distributed::Vector<double> &vector)
    {
      IndexSet relevant;
      DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
      vector.reinit(dof_handler.locally_owned_dofs(),
                    relevant,
                    dof_handler.get_communicator());
    }

    template <int dim, typename VectorType>
    void
    make_writable(const DoFHandler<dim> &dof_handler, VectorType &vector)
    {
      vector.reinit(dof_handler.locally_owned_dofs(),
                    dof_handler.get_communicator());
    }



    /**
     * Copy what is locally owned and update ghost elements, without a change of
     * the vector's layout.
     */
    template <typename VectorType>
    void
    assign(const VectorType &source, VectorType &vector)
    {
      vector = source;
    }

    void
    assign(const LinearAlgebra::distributed::Vector<double> &source,
           LinearAlgebra::distributed::Vector<double>       &vector)
    {
      const bool has_ghost_elements = vector.has_ghost_elements();
      vector.copy_locally_owned_data_from(source);
      if (has_ghost_elements)
        vector.update_ghost_values();
    }
  } // namespace



  template <int dim, typename VectorType>
  void
  warm_start(const Mapping<dim>              &mapping,
             const DoFHandler<dim>           &dof_handler,
             const AffineConstraints<double> &constraints,
             const Function<dim>             &function,
             VectorType                      &vector)
  {
    const MPI_Comm communicator = dof_handler.get_communicator();
    run_agreed(communicator, [&]() {
      const auto &elements = dof_handler.get_fe_collection();
      AssertThrow(function.n_components == elements.n_components(),
                  ExcMessage("A function of " +
                             std::to_string(function.n_components) +
                             " components is no start for an element of " +
                             std::to_string(elements.n_components()) + "."));
      // for elements with generalized support points only (FE_RaviartThomas)
      // the interpolation of deal.II 9.4 ends in a segmentation fault
      for (unsigned int i = 0; i < elements.size(); ++i)
        AssertThrow(elements[i].n_dofs_per_cell() == 0 ||
                      elements[i].has_support_points(),
                    ExcMessage("The element " + elements[i].get_name() +
                               " has no support points to interpolate a "
                               "function at."));
      AssertThrow(vector.size() == dof_handler.n_dofs() &&
                    vector.locally_owned_elements() ==
                      dof_handler.locally_owned_dofs(),
                  ExcMessage("The vector's elements on this rank are not the "
                             "locally owned degrees of freedom."));
    });

    VectorType writable;
    make_writable(dof_handler, writable);
    const Recorder<dim> recorder(function);
    VectorTools::interpolate(mapping, dof_handler, recorder, writable);
    run_agreed(communicator, [&]() { recorder.rethrow(); });

    constraints.distribute(writable);
    assign(writable, vector);
  }



#define DERL_INSTANTIATE_VECTOR(dim, VectorType)              \
  template void warm_start(const Mapping<dim> &,              \
                           const DoFHandler<dim> &,           \
                           const AffineConstraints<double> &, \
                           const Function<dim> &,             \
                           VectorType &);
#ifdef DEAL_II_WITH_PETSC
#  define DERL_INSTANTIATE_PETSC(dim) \
    DERL_INSTANTIATE_VECTOR(dim, PETScWrappers::MPI::Vector)
#else
#  define DERL_INSTANTIATE_PETSC(dim)
#endif
#define DERL_INSTANTIATE(dim)                                              \
  DERL_INSTANTIATE_VECTOR(dim, Vector<double>)                             \
  DERL_INSTANTIATE_VECTOR(dim, LinearAlgebra::distributed::Vector<double>) \
  DERL_INSTANTIATE_VECTOR(dim, TrilinosWrappers::MPI::Vector)              \
  DERL_INSTANTIATE_PETSC(dim)

  DERL_INSTANTIATE(1)
  DERL_INSTANTIATE(2)
  DERL_INSTANTIATE(3)
} // namespace derl

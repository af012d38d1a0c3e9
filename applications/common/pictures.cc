// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>
#include <derl/base/file.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <deal.II/numerics/data_out.h>

#include <common/pictures.h>

#include <cstring>
#include <sstream>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * Run gnuplot on a script in @p folder. Returns an empty text, or what went
     * wrong.
     */
    std::string
    run_gnuplot(const std::string &folder, const std::string &script)
    {
      posix_spawn_file_actions_t actions;
      posix_spawn_file_actions_init(&actions);
      posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
      char *const arguments[] = {const_cast<char *>("gnuplot"),
                                 const_cast<char *>(script.c_str()),
                                 nullptr};
      pid_t       process;
      const int   error = posix_spawnp(
        &process, "gnuplot", &actions, nullptr, arguments, environ);
      posix_spawn_file_actions_destroy(&actions);
      if (error == ENOENT)
        return "there is no gnuplot (Debian: install gnuplot-nox)";
      if (error != 0)
        return std::string("gnuplot cannot be run: ") + std::strerror(error);
      int status = 0;
      while (::waitpid(process, &status, 0) < 0 && errno == EINTR)
        {
        }
      return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? ""
                                                           : "gnuplot failed";
    }



    /**
     * Write a gnuplot script on the first rank and run it.
     */
    void
    draw(const MPI_Comm           &communicator,
         const std::string        &folder,
         const std::string        &name,
         const std::string        &script,
         const ConditionalOStream &progress)
    {
      run_agreed(communicator, [&]() {
        if (Utilities::MPI::this_mpi_process(communicator) != 0)
          return;
        write_file_atomically(folder + "/" + name, script);
        // a missing picture is no reason to lose a run's results
        const std::string problem = run_gnuplot(folder, name);
        if (!problem.empty())
          progress << "No picture: " << problem << ". Later, run 'gnuplot "
                   << name << "' in " << folder << "." << std::endl;
      });
    }



    /**
     * A map of both errors, side by side on one logarithmic colour scale.
     */
    template <int dim>
    void
    draw_errors(const DataOut<dim>       &data_out,
                const MPI_Comm           &communicator,
                const std::string        &folder,
                const ConditionalOStream &progress)
    {
      std::ostringstream part;
      part.precision(5);
      data_out.write_gnuplot(part);
      const auto parts = Utilities::MPI::gather(communicator, part.str(), 0);
      run_agreed(communicator, [&]() {
        std::string all;
        for (const std::string &text : parts)
          all += text + "\n\n";
        if (!parts.empty())
          write_file_atomically(folder + "/errors.dat", all);
      });
      draw(communicator,
           folder,
           "errors.gnuplot",
           "# columns of errors.dat: x y reference surrogate exact\n"
           "# reference_error surrogate_error residuals\n"
           "set terminal pngcairo size 1300,600 font ',13'\n"
           "set output 'errors.png'\n"
           "stats 'errors.dat' using (abs($6)) name 'R' nooutput\n"
           "stats 'errors.dat' using (abs($7)) name 'S' nooutput\n"
           "largest = R_max > S_max ? R_max : S_max\n"
           "set view map\n"
           "set pm3d corners2color mean\n"
           "set size ratio -1\n"
           "set logscale cb\n"
           "set cbrange [largest*1e-4:largest]\n"
           "set format cb '10^{%T}'\n"
           "set palette defined (0 '#000004', 1 '#3b0f70', 2 '#8c2981', "
           "3 '#de4968', 4 '#fe9f6d', 5 '#fcfdbf')\n"
           "set xlabel 'x'\n"
           "set ylabel 'y'\n"
           "visible(x) = x < largest*1e-4 ? largest*1e-4 : x\n"
           "set multiplot layout 1,2\n"
           "set title sprintf('|finite element solution - exact|, largest "
           "%.1e', R_max)\n"
           "splot 'errors.dat' using 1:2:(visible(abs($6))) with pm3d notitle\n"
           "set title sprintf('|surrogate - exact|, largest %.1e', S_max)\n"
           "splot 'errors.dat' using 1:2:(visible(abs($7))) with pm3d notitle\n"
           "unset multiplot\n",
           progress);
    }
  } // namespace



  template <int dim>
  void
  write_fields(const std::string                   &folder,
               const Mapping<dim>                  &mapping,
               const DoFHandler<dim>               &dof_handler,
               const TrilinosWrappers::MPI::Vector &solution,
               const ComparisonPostprocessor<dim>  &postprocessor,
               const ConditionalOStream            &progress)
  {
    const MPI_Comm communicator = dof_handler.get_communicator();
    DataOut<dim>   data_out;
    data_out.attach_dof_handler(dof_handler);
    data_out.add_data_vector(solution, postprocessor);
    // the surrogate is curved inside a cell: show more points than the
    // element has nodes
    data_out.build_patches(mapping, 2 * dof_handler.get_fe().degree);

    DataOutBase::VtkFlags flags;
    flags.compression_level = DataOutBase::VtkFlags::best_speed;
    data_out.set_flags(flags);
    data_out.write_vtu_with_pvtu_record(
      folder + "/", "fields", 0, communicator);
    if (dim == 2)
      draw_errors(data_out, communicator, folder, progress);
  }



  void
  draw_loss(const MPI_Comm           &communicator,
            const std::string        &folder,
            const unsigned int        n_terms,
            const ConditionalOStream &progress)
  {
    const unsigned int first_term = 4;
    draw(communicator,
         folder,
         "loss.gnuplot",
         "set terminal pngcairo size 900,600 font ',13'\n"
         "set output 'loss.png'\n"
         "set datafile separator ','\n"
         "set logscale y\n"
         "set format y '10^{%T}'\n"
         "set key autotitle columnheader\n"
         "set grid\n"
         "set xlabel 'iteration'\n"
         "set ylabel 'mean squared residual'\n"
         "plot 'training.csv' using 1:3 with lines lw 2, for [c=" +
           std::to_string(first_term) + ":" +
           std::to_string(first_term + n_terms - 1) +
           "] '' using 1:c with lines\n",
         progress);
  }



  template void
  write_fields(const std::string &,
               const Mapping<2> &,
               const DoFHandler<2> &,
               const TrilinosWrappers::MPI::Vector &,
               const ComparisonPostprocessor<2> &,
               const ConditionalOStream &);
  template void
  write_fields(const std::string &,
               const Mapping<3> &,
               const DoFHandler<3> &,
               const TrilinosWrappers::MPI::Vector &,
               const ComparisonPostprocessor<3> &,
               const ConditionalOStream &);
} // namespace derl

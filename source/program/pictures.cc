// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/pictures.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <deal.II/numerics/data_out.h>

#include <cstring>
#include <sstream>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/text_rounds.h"

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
  } // namespace



  void
  draw_picture(const MPI_Comm           &communicator,
               const std::string        &folder,
               const std::string        &name,
               const std::string        &script,
               const ConditionalOStream &progress)
  {
    run_collectively(communicator, [&]() {
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



  template <int dim>
  void
  write_fields(const std::string                   &folder,
               const Mapping<dim>                  &mapping,
               const DoFHandler<dim>               &dof_handler,
               const TrilinosWrappers::MPI::Vector &solution,
               const DataPostprocessor<dim>        &postprocessor)
  {
    const MPI_Comm communicator = dof_handler.get_communicator();
    DataOut<dim>   data_out;
    data_out.attach_dof_handler(dof_handler);
    data_out.add_data_vector(solution, postprocessor);
    // the surrogate is curved inside a cell: show more points than the
    // element has nodes
    data_out.build_patches(mapping,
                           2 * dof_handler.get_fe().degree,
                           DataOut<dim>::curved_inner_cells);

    DataOutBase::VtkFlags flags;
    flags.compression_level = DataOutBase::VtkFlags::best_speed;
    data_out.set_flags(flags);
    data_out.write_vtu_with_pvtu_record(
      folder + "/", "fields", 0, communicator);
    if (dim != 2)
      return;

    std::ostringstream part;
    part.precision(5);
    data_out.write_gnuplot(part);
    part << "\n\n";
    TextWriter all(communicator, folder + "/fields.dat");
    all.write(part.str());
    all.close();
  }



  void
  draw_maps(const MPI_Comm              &communicator,
            const std::string           &folder,
            const std::string           &name,
            const std::vector<FieldMap> &maps,
            const ColorScale             scale,
            const ConditionalOStream    &progress)
  {
    const bool         logarithmic = (scale == ColorScale::logarithmic);
    const std::string  n           = std::to_string(maps.size());
    std::ostringstream script;
    script << "stats 'fields.dat' using 1:2 name 'D' nooutput\n"
              "wide = D_max_x - D_min_x > 2 * (D_max_y - D_min_y)\n"
              "width = wide ? 1300 : 650 * "
           << n
           << "\n"
              "height = wide ? 100 + 300 * "
           << n
           << " : 600\n"
              "set terminal pngcairo size width,height font ',13'\n"
              "set output '"
           << name
           << ".png'\n"
              "set view map\n"
              "set pm3d corners2color mean\n"
              "set size ratio -1\n"
              "set palette defined (0 '#000004', 1 '#3b0f70', 2 '#8c2981', "
              "3 '#de4968', 4 '#fe9f6d', 5 '#fcfdbf')\n"
              "set xlabel 'x'\n"
              "set ylabel 'y'\n"
              "largest = 0\n";
    for (unsigned int m = 0; m < maps.size(); ++m)
      script << "stats 'fields.dat' using (" << maps[m].quantity << ") name 'M"
             << m << "' nooutput\n"
             << "largest = M" << m << "_max > largest ? M" << m
             << "_max : largest\n";
    // only now: stats leaves out what is outside of the ranges
    script << "set xrange [D_min_x:D_max_x]\n"
              "set yrange [D_min_y:D_max_y]\n";
    if (logarithmic)
      script << "set logscale cb\n"
                "set cbrange [largest*1e-4:largest]\n"
                "set format cb '10^{%T}'\n"
                "visible(x) = x < largest*1e-4 ? largest*1e-4 : x\n";
    else
      script << "visible(x) = x\n";
    script << "if (wide) { set multiplot layout " << n
           << ",1 } else { set multiplot layout 1," << n << " }\n";
    for (unsigned int m = 0; m < maps.size(); ++m)
      script << "set title sprintf('" << maps[m].title
             << (logarithmic ? ", largest %.1e', M" : ", up to %.3g', M") << m
             << "_max)\n"
             << "splot 'fields.dat' using 1:2:(visible(" << maps[m].quantity
             << ")) with pm3d notitle\n";
    script << "unset multiplot\n";
    draw_picture(
      communicator, folder, name + ".gnuplot", script.str(), progress);
  }



  void
  draw_loss(const MPI_Comm           &communicator,
            const std::string        &folder,
            const unsigned int        n_terms,
            const ConditionalOStream &progress)
  {
    const unsigned int first_term = 4;
    draw_picture(communicator,
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
               const DataPostprocessor<2> &);
  template void
  write_fields(const std::string &,
               const Mapping<3> &,
               const DoFHandler<3> &,
               const TrilinosWrappers::MPI::Vector &,
               const DataPostprocessor<3> &);
} // namespace derl

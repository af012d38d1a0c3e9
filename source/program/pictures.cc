// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/program/program.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <deal.II/numerics/data_out.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>

#include <dlfcn.h>
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
     * The path of a script of the library: beside the shared library, where an
     * installation and the build tree have their data.
     */
    std::string
    path_of(const std::string &script)
    {
      if (script.find('/') != std::string::npos)
        return std::filesystem::absolute(script).string();
      Dl_info library;
      dladdr(reinterpret_cast<void *>(&path_of), &library);
      const auto folder =
        std::filesystem::canonical(library.dli_fname).parent_path();
      for (const char *const data : {DERL_DATA_FOLDER, "../share/derl"})
        {
          const auto path = folder / data / "gnuplot" / script;
          if (std::filesystem::exists(path))
            return path.lexically_normal().string();
        }
      return script;
    }



    /**
     * Run a program in @p folder. Returns an empty text, or what went wrong.
     */
    std::string
    run(const std::string &folder, std::vector<std::string> words)
    {
      posix_spawn_file_actions_t actions;
      posix_spawn_file_actions_init(&actions);
      posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
      std::vector<char *> arguments;
      for (std::string &word : words)
        arguments.push_back(word.data());
      arguments.push_back(nullptr);
      pid_t     process;
      const int error = posix_spawnp(
        &process, arguments[0], &actions, nullptr, arguments.data(), environ);
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
  draw_picture(const std::string              &folder,
               const std::string              &script,
               const std::vector<std::string> &arguments,
               const ConditionalOStream       &progress)
  {
    if (!progress.is_active())
      return;
    std::vector<std::string> words = {"gnuplot", "-c", path_of(script)};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const std::string problem = run(folder, words);
    if (problem.empty())
      return;
    progress << "No picture: " << problem << ". Later, run in " << folder
             << ":\n ";
    for (const std::string &word : words)
      progress << " '" << word << "'";
    progress << std::endl;
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
    // maps may show small differences of columns; these are single numbers
    part.precision(8);
    data_out.write_gnuplot(part);
    part << "\n\n";
    TextWriter all(communicator, folder + "/fields.dat");
    all.write(part.str());
    all.close();
  }



  void
  draw_maps(const std::string           &folder,
            const std::string           &name,
            const std::vector<FieldMap> &maps,
            const ColorScale             scale,
            const ConditionalOStream    &progress)
  {
    AssertThrow(maps.size() <= 3, ExcMessage("A picture has up to 3 maps."));
    std::vector<std::string> arguments = {
      name, scale == ColorScale::linear ? "linear" : "logarithmic"};
    for (const FieldMap &map : maps)
      {
        arguments.push_back(map.title);
        arguments.push_back(map.quantity);
      }
    draw_picture(folder, "maps.gp", arguments, progress);
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

// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Sample a finite element solution that another program has left on disk, on
// any number of ranks.

#include <derl/base/collective.h>

#include <derl/data/samples.h>
#include <derl/data/sampling.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <deal.II/distributed/solution_transfer.h>
#include <deal.II/distributed/tria.h>

#include <deal.II/dofs/dof_tools.h>

#include <deal.II/fe/fe_tools.h>
#include <deal.II/fe/mapping_q.h>

#include <deal.II/grid/grid_generator.h>
#include <deal.II/grid/grid_in.h>

#include <deal.II/lac/trilinos_vector.h>

#include <filesystem>
#include <iostream>

using namespace dealii;
using namespace derl;

namespace
{
  const std::string usage =
    "Usage: [mpirun -np N] derl-sample MESH SOLUTION --element NAME\n"
    "         [--orders \"1\"] [--components \"0 1\"] [--boundary] "
    "[--boundary-ids \"0 1\"]\n"
    "         [--mapping 1] [--output samples.derl]\n\n"
    "Samples a solution that a deal.II program has saved with\n\n"
    "  parallel::distributed::SolutionTransfer<dim, VectorType> "
    "transfer(dof_handler);\n"
    "  transfer.prepare_for_serialization(solution); // of one vector\n"
    "  triangulation.save(\"SOLUTION\");\n\n"
    "MESH is the coarse mesh that the program began with: a file that "
    "GridIn reads, or a function of\nGridGenerator with its arguments, as in "
    "\"hyper_cube: -1: 1: false\". NAME is what the element's\n"
    "get_name() says, as in \"FE_Q<2>(2)\"; it has the dimension, too. Sampled "
    "are the derivatives of\nthe total orders given, at points that the "
    "library "
    "chooses in the cells, or on the faces at the\nboundary or its parts with "
    "the ids given; of all components or those with the numbers given.\n"
    "Curved cells have polynomials of the degree --mapping without a "
    "manifold. A name FILE.csv writes\na table of text with the names x, y, "
    "z and u0, u1, ...\n";



  struct Options
  {
    std::vector<std::string>     arguments;
    std::string                  element;
    std::vector<unsigned int>    orders = {1};
    std::vector<unsigned int>    components;
    bool                         at_boundary = false;
    std::set<types::boundary_id> boundary_ids;
    unsigned int                 mapping_degree = 1;
    std::string                  output         = "samples.derl";
  };



  std::vector<unsigned int>
  numbers_in(const std::string &option, const std::string &text)
  {
    std::vector<unsigned int> result;
    for (const std::string &word : Utilities::split_string_list(text, ' '))
      {
        AssertThrow(!word.empty() && word.size() < 10 &&
                      word.find_first_not_of("0123456789") == std::string::npos,
                    ExcMessage("The option " + option +
                               " needs numbers, not '" + word + "'."));
        result.push_back(std::stoul(word));
      }
    return result;
  }



  Options
  read_options(const int argc, char **argv)
  {
    Options options;
    for (int i = 1; i < argc; ++i)
      {
        const std::string word = argv[i];
        if (word == "--boundary")
          options.at_boundary = true;
        else if (word.substr(0, 2) != "--")
          options.arguments.push_back(word);
        else
          {
            AssertThrow(
              word == "--element" || word == "--orders" ||
                word == "--components" || word == "--boundary-ids" ||
                word == "--mapping" || word == "--output",
              ExcMessage("There is no option " + word + ".\n" + usage));
            AssertThrow(i + 1 < argc,
                        ExcMessage("The option " + word + " needs a value."));
            const std::string value = argv[++i];
            if (word == "--element")
              options.element = value;
            else if (word == "--output")
              options.output = value;
            else if (word == "--orders")
              options.orders = numbers_in(word, value);
            else if (word == "--components")
              options.components = numbers_in(word, value);
            else if (word == "--mapping")
              {
                const auto degrees = numbers_in(word, value);
                AssertThrow(degrees.size() == 1 && degrees[0] > 0 &&
                              degrees[0] < 20,
                            ExcMessage("The option --mapping needs a degree."));
                options.mapping_degree = degrees[0];
              }
            else
              {
                options.at_boundary = true;
                for (const unsigned int id : numbers_in(word, value))
                  options.boundary_ids.insert(id);
              }
          }
      }
    AssertThrow(
      options.arguments.size() == 2 && !options.element.empty(),
      ExcMessage("Give a coarse mesh, a solution and an element.\n" + usage));
    return options;
  }



  /**
   * A coarse mesh from a file, or by a function of GridGenerator.
   */
  template <int dim>
  void
  make_coarse_mesh(const std::string &description, Triangulation<dim> &mesh)
  {
    if (std::filesystem::exists(description))
      {
        GridIn<dim> reader(mesh);
        reader.read(description);
        return;
      }
    const std::size_t colon = description.find(':');
    GridGenerator::generate_from_name_and_arguments(
      mesh, description.substr(0, colon), description.substr(colon + 1));
  }



  template <int dim>
  void
  sample_solution(const MPI_Comm &communicator, const Options &options)
  {
    using VectorType = TrilinosWrappers::MPI::Vector;
    parallel::distributed::Triangulation<dim> mesh(communicator);
    DoFHandler<dim>                           dof_handler(mesh);
    std::unique_ptr<FiniteElement<dim>>       fe;
    run_collectively(communicator, [&]() {
      fe = FETools::get_fe_by_name<dim>(options.element);
      const std::string &coarse_mesh = options.arguments[0];
      AssertThrow(std::filesystem::exists(coarse_mesh) ||
                    coarse_mesh.find(':') != std::string::npos,
                  ExcMessage("There is no mesh file '" + coarse_mesh +
                             "', and no arguments behind a colon follow the "
                             "name of a function of GridGenerator."));
      AssertThrow(
        std::filesystem::exists(options.arguments[1]),
        ExcMessage("There is no solution '" + options.arguments[1] + "'."));
    });
    make_coarse_mesh(options.arguments[0], mesh);
    mesh.load(options.arguments[1]);
    dof_handler.distribute_dofs(*fe);

    VectorType owned(dof_handler.locally_owned_dofs(), communicator);
    parallel::distributed::SolutionTransfer<dim, VectorType> transfer(
      dof_handler);
    transfer.deserialize(owned);
    IndexSet relevant;
    DoFTools::extract_locally_relevant_dofs(dof_handler, relevant);
    VectorType solution(
      dof_handler.locally_owned_dofs(), relevant, communicator);
    solution = owned;

    SampleRequest<dim> request(options.orders);
    request.boundary_ids = options.boundary_ids;
    if (!options.components.empty())
      {
        request.components = ComponentMask(fe->n_components(), false);
        for (const unsigned int c : options.components)
          {
            if (c >= fe->n_components())
              throw AgreedError(
                "The element has " + std::to_string(fe->n_components()) +
                " components, none with the number " + std::to_string(c) + ".");
            request.components.set(c, true);
          }
      }
    const MappingQ<dim> mapping(options.mapping_degree);
    const Samples       samples =
      options.at_boundary
              ? sample_boundary(mapping, dof_handler, solution, request)
              : sample(mapping, dof_handler, solution, request);

    const std::string &path = options.output;
    if (path.size() > 4 && path.substr(path.size() - 4) == ".csv")
      {
        std::vector<std::string> coordinates = {"x", "y", "z"}, components;
        coordinates.resize(dim);
        for (unsigned int c = 0; c < fe->n_components(); ++c)
          components.push_back("u" + std::to_string(c));
        write_csv(communicator, path, samples, coordinates, components);
      }
    else
      save(communicator, path, samples);
    const auto n_samples =
      Utilities::MPI::sum(std::uint64_t(samples.size()), communicator);
    if (Utilities::MPI::this_mpi_process(communicator) == 0)
      std::cout << n_samples << " samples of " << mesh.n_global_active_cells()
                << " cells in " << path << std::endl;
  }
} // namespace



int
main(int argc, char **argv)
{
  return run_program(argc, argv, [&](const MPI_Comm &communicator) {
    if (argc == 1 || argv[1] == std::string("--help"))
      {
        if (Utilities::MPI::this_mpi_process(communicator) == 0)
          std::cout << usage;
        return;
      }
    Options options;
    run_collectively(communicator,
                     [&]() { options = read_options(argc, argv); });
    if (options.element.find("<3>") != std::string::npos)
      sample_solution<3>(communicator, options);
    else
      sample_solution<2>(communicator, options);
  });
}

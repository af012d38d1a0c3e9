// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "frame.h"

#include <derl/base/collective.h>

#include <derl/coupling/errors.h>

#include <derl/program/pictures.h>


namespace derl
{
  using namespace dealii;

  void
  write_frame(const MPI_Comm           &communicator,
              const std::string        &folder,
              const HeatSolver         &solver,
              const Surrogate          &surrogate,
              const ConditionalOStream &progress)
  {
    make_output_folder(communicator, folder);
    SurrogateFunction<2> function(surrogate, OutsideBox::ignore);
    function.set_time(solver.time());
    const MovingSource exact = solver.exact_solution();
    write_fields(folder,
                 solver.get_mapping(),
                 solver.get_dof_handler(),
                 solver.get_solution(),
                 ComparisonPostprocessor<2>(function, &exact));
    draw_maps(communicator,
              folder,
              "errors",
              {{"|finite element solution - exact|", "abs($6)"},
               {"|surrogate - exact|", "abs($7)"}},
              ColorScale::logarithmic,
              progress);
    draw_maps(communicator,
              folder,
              "field",
              {{"finite element solution", "$3"}, {"surrogate", "$4"}},
              ColorScale::linear,
              progress);
  }



} // namespace derl

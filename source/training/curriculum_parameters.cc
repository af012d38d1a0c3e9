// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/training/curriculum.h>

#include <deal.II/base/patterns.h>

namespace derl
{
  using namespace dealii;

  void
  CurriculumParameters::declare_parameters(ParameterHandler &prm)
  {
    prm.add_parameter("Regions",
                      regions,
                      "Parts of the domain, with | between them: comparisons "
                      "of coordinates (or of other columns of the samples) "
                      "with numbers, 'x < 0 and y < 0 | x >= 0 and y < 0 | "
                      "y >= 0'. Errors on each of them are measured after each "
                      "stage.");
    prm.add_parameter("Stages",
                      stages,
                      "Numbers of the regions that each stage adds, with | "
                      "between stages: '1 | 2 | 3', or '1 + 2 + 3' for all in "
                      "one stage, or '1 | 2 | 1'. By default each region is a "
                      "stage. The following entries have a value for each "
                      "stage, with | between them; the last one is that of all "
                      "later stages, too.");
    prm.add_parameter("Terms",
                      terms,
                      "The objective, as 'samples: what: weight; ...'. The "
                      "samples NAME are those in the stage's regions, 'all "
                      "NAME' those in the regions so far, 'old NAME' what the "
                      "surrogate of the stage before says at points in earlier "
                      "regions, 'replay NAME' some of the samples there.");
    prm.add_parameter("Starts",
                      starts,
                      "What stages start from: 'fresh' (a new network), "
                      "'previous' (the one of the stage before), or widths of "
                      "hidden layers, to which that one is widened.");
    prm.add_parameter(
      "Methods", methods, "Optimizers; that of the section Training if empty.");
    prm.add_parameter("Iterations",
                      iterations,
                      "Largest numbers of iterations; that of the section "
                      "Training if empty.");
    prm.add_parameter("Work",
                      work,
                      "Points times jet entries that all stages together may "
                      "evaluate, once per iteration, in equal parts, to "
                      "compare strategies; it replaces the numbers of "
                      "iterations if it is not 0.",
                      Patterns::Double(0.));
    prm.add_parameter("Old points",
                      old_points,
                      "Where the surrogate of the stage before teaches: "
                      "'stored' (at the points of earlier samples), "
                      "'resampled' (at random points in the earlier regions), "
                      "or 'mismatch' (at random points that are drawn again "
                      "during training, where the two surrogates differ).");
    prm.add_parameter("Draw interval",
                      draw_interval,
                      "Iterations after which points by the mismatch are drawn "
                      "again.",
                      Patterns::Integer(1));
    prm.add_parameter("Replay fraction",
                      replay_fraction,
                      "Share of earlier samples that 'replay NAME' has.",
                      Patterns::Double(0., 1.));
    prm.add_parameter("Elastic weight",
                      elastic_weight,
                      "Weight of a term that holds parameters near those of "
                      "the stage before, the more so the more the earlier "
                      "stages' terms depend on them (elastic weight "
                      "consolidation); 1 is its natural size, 0 leaves it out.",
                      Patterns::Double(0.));
    prm.add_parameter("Seed",
                      seed,
                      "For the choice of replayed samples and random points.",
                      Patterns::Integer(0));
  }
} // namespace derl

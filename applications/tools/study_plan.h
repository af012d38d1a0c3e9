// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_study_plan_h
#define derl_applications_study_plan_h

#include <deal.II/base/parameter_handler.h>

#include <string>
#include <vector>

namespace derl
{
  /**
   * The options of a study.
   */
  struct StudyParameters
  {
    std::string               output_folder = "output/study";
    std::vector<std::string>  parameter_files;
    std::vector<unsigned int> seeds = {30, 42, 2025};
    std::string               settings;
    std::string  columns = "value: surrogate/relative_l2_error | gradient: "
                           "surrogate/relative_h1_seminorm_error | seconds: "
                           "seconds/training";
    std::string  spread  = "deviation";
    std::string  picture;
    unsigned int n_at_once = 1;

    void
    declare_parameters(dealii::ParameterHandler &prm);
  };



  /**
   * One run of the program, with one seed.
   */
  struct StudyRun
  {
    unsigned int             seed;
    std::string              folder;
    std::vector<std::string> command;
    /** All that its results depend on. */
    std::string record;
    /** Whether it ended without results: training diverged. */
    bool diverged = false;
  };



  /**
   * Runs that differ in their seed only: a row of the table.
   */
  struct StudyRow
  {
    std::vector<std::string> labels;
    std::vector<StudyRun>    runs;
  };



  /**
   * The rows of a study, and what their labels are called.
   */
  struct StudyPlan
  {
    std::vector<std::string> label_names;
    std::vector<StudyRow>    rows;
  };



  /**
   * The parts of @p text between separators, without the space around them;
   * none of an empty text.
   */
  std::vector<std::string>
  split(const std::string &text, const std::string &separator);

  /**
   * All combinations of parameter files, whose names are relative to @p folder
   * and may have a * in the last part, and of settings. Throws if a file does
   * not exist or two runs had the same folder.
   */
  StudyPlan
  make_plan(const StudyParameters          &parameters,
            const std::string              &folder,
            const std::vector<std::string> &command);
} // namespace derl

#endif

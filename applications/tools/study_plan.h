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
    std::string  claims;
    std::string  picture;
    unsigned int n_at_once = 1;

    void
    declare_parameters(dealii::ParameterHandler &prm);
  };



  /**
   * A column of the table: one figure of each run, or the ratio of two.
   */
  struct StudyColumn
  {
    std::string              heading;
    std::vector<std::string> figures;
  };



  /**
   * That runs of the parameter file @p lower have smaller figures in a column
   * than those of the file @p higher.
   */
  struct StudyClaim
  {
    std::string  lower;
    std::string  higher;
    unsigned int column;
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
   * Runs that differ in their seed only: a row of the table. The mode is the
   * name of the parameter file, the case the values of the settings.
   */
  struct StudyRow
  {
    std::string              mode;
    std::vector<std::string> values;
    std::vector<StudyRun>    runs;
  };



  /**
   * What is run, and what is asked of it. The experiment is the name of the
   * program.
   */
  struct StudyPlan
  {
    std::string              experiment;
    std::vector<std::string> setting_names;
    std::vector<StudyRow>    rows;
    std::vector<StudyColumn> columns;
    std::vector<StudyClaim>  claims;
  };



  /**
   * The parts of @p text between separators, without the space around them;
   * none of an empty text.
   */
  std::vector<std::string>
  split(const std::string &text, const std::string &separator);

  /**
   * All combinations of parameter files, whose names are relative to @p folder
   * and may have a * in the last part, and of settings; the folders of the
   * files, if there are several, are a setting. Throws if a file does not
   * exist, two runs had the same folder, or columns and claims are not what
   * StudyParameters says.
   */
  StudyPlan
  make_plan(const StudyParameters          &parameters,
            const std::string              &folder,
            const std::vector<std::string> &command);

  /**
   * "Degree = 2, Lambda = 0.1", or nothing if no setting has several values.
   */
  std::string
  case_text(const StudyPlan &plan, const StudyRow &row);
} // namespace derl

#endif

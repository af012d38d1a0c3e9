// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_applications_study_picture_h
#define derl_applications_study_picture_h

#include <deal.II/base/conditional_ostream.h>

#include "study_figures.h"
#include "study_plan.h"

namespace derl
{
  /**
   * Draw study.png, the picture that the study asks for.
   */
  void
  draw_study(const StudyParameters            &parameters,
             const StudyPlan                  &plan,
             const StudyFigures               &figures,
             const dealii::ConditionalOStream &out);
} // namespace derl

#endif

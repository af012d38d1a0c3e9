// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_derl_h
#define derl_derl_h

/**
 * @file
 * What a program that trains and uses surrogates needs: samples, networks,
 * terms, training, surrogates as functions, a command line and results.
 * doc/headers.md lists all headers with what they declare.
 *
 * Not in here are headers that bring much of Trilinos along, and are a matter
 * of their own: derl/equations/sacado_residual.h (equations as lambdas) and
 * derl/optimization/rol_objective.h (ROL); nor what is of use to those only who
 * extend the library.
 */

#include <derl/base/collective.h>
#include <derl/base/jet_entry.h>
#include <derl/base/version.h>

#include <derl/coupling/comparison_postprocessor.h>
#include <derl/coupling/error_integration.h>
#include <derl/coupling/mismatch.h>
#include <derl/coupling/residual_rms.h>
#include <derl/coupling/surrogate_function.h>
#include <derl/coupling/surrogate_tensor_function.h>
#include <derl/coupling/verdict.h>
#include <derl/coupling/warm_start.h>

#include <derl/data/columns.h>
#include <derl/data/difference_sampling.h>
#include <derl/data/point_sets.h>
#include <derl/data/resampling.h>
#include <derl/data/sample_files.h>
#include <derl/data/sample_request.h>
#include <derl/data/sample_reservoir.h>
#include <derl/data/samples.h>
#include <derl/data/sampling.h>
#include <derl/data/superconvergent_quadrature.h>
#include <derl/data/teachers.h>
#include <derl/data/time_difference.h>
#include <derl/data/trajectories.h>

#include <derl/equations/pointwise_residual.h>
#include <derl/equations/residual.h>

#include <derl/network/architecture.h>
#include <derl/network/evaluator.h>
#include <derl/network/input_map.h>
#include <derl/network/jet_plan.h>
#include <derl/network/output_map.h>
#include <derl/network/scaling.h>
#include <derl/network/surrogate.h>

#include <derl/objective/automatic_scaling.h>
#include <derl/objective/sum_of_squares.h>
#include <derl/objective/term.h>
#include <derl/objective/term_choice.h>
#include <derl/objective/term_weights.h>

#include <derl/optimization/optimizer.h>
#include <derl/optimization/optimizer_library.h>

#include <derl/program/pictures.h>
#include <derl/program/program.h>
#include <derl/program/results.h>
#include <derl/program/training_run.h>

#include <derl/training/trainer.h>
#include <derl/training/validation.h>

#endif

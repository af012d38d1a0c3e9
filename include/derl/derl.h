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
#include <derl/base/objective_function.h>
#include <derl/base/version.h>

#include <derl/coupling/errors.h>
#include <derl/coupling/surrogate_function.h>

#include <derl/data/samples.h>
#include <derl/data/sampling.h>
#include <derl/data/sources.h>

#include <derl/equations/residual.h>

#include <derl/network/activation.h>
#include <derl/network/evaluator.h>
#include <derl/network/jet_plan.h>
#include <derl/network/maps.h>
#include <derl/network/surrogate.h>

#include <derl/objective/sum_of_squares.h>
#include <derl/objective/terms.h>

#include <derl/optimization/optimizer.h>
#include <derl/optimization/optimizers.h>

#include <derl/program/program.h>
#include <derl/program/training_run.h>

#include <derl/training/curriculum.h>
#include <derl/training/trainer.h>

#endif

// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/objective/terms.h>

#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace derl
{
  using namespace dealii;

  namespace
  {
    constexpr const char *words_of_orders[] = {"value", "gradient", "Hessian"};



    /**
     * The order that a word stands for, or -1.
     */
    int
    order_of_word(const std::string &word)
    {
      for (int order = 0; order < 3; ++order)
        if (word == words_of_orders[order])
          return order;
      return -1;
    }



    std::string
    joined(const std::vector<std::string> &words, const std::string &separator)
    {
      std::string result;
      for (const std::string &word : words)
        result += (result.empty() ? "" : separator) + word;
      return result;
    }
  } // namespace



  std::string
  TermChoice::name() const
  {
    return samples + " " + joined(quantities, " ");
  }



  std::shared_ptr<const Residual>
  TermChoice::residual(
    const FieldNames                                             &names,
    const std::map<std::string, std::shared_ptr<const Residual>> &residuals)
    const
  {
    if (quantities.size() == 1)
      {
        const auto known = residuals.find(quantities[0]);
        if (known != residuals.end())
          return known->second;
        const int order = order_of_word(quantities[0]);
        if (order >= 0)
          return match(std::vector<unsigned int>{unsigned(order)});
      }
    try
      {
        names.parse(quantities);
      }
    catch (const std::exception &)
      {
        std::vector<std::string> known(words_of_orders, words_of_orders + 3);
        for (const auto &residual : residuals)
          known.push_back(residual.first);
        AssertThrow(
          false,
          ExcMessage("The term '" + name() +
                     "' is about neither derivatives, such as " +
                     names.name({0, MultiIndex(names.n_coordinates(), 0)}) +
                     " and those made of the coordinates' names, nor "
                     "one of: " +
                     joined(known, ", ") + "."));
      }
    return match(quantities);
  }



  std::vector<TermChoice>
  parse_terms(const std::string              &text,
              const std::vector<std::string> &known_samples)
  {
    const std::string form =
      " Terms are written 'samples: what: weight; samples: what: weight', for "
      "example 'interior: u_x u_y: 1; boundary: u: 10'.";
    std::vector<TermChoice> result;
    std::set<std::string>   names;
    for (const std::string &part : Utilities::split_string_list(text, ';'))
      {
        if (part.empty())
          continue;
        const std::vector<std::string> fields =
          Utilities::split_string_list(part, ':');
        AssertThrow(fields.size() == 2 || fields.size() == 3,
                    ExcMessage("Cannot read the term '" + part + "'." + form));
        TermChoice term;
        term.samples = fields[0];
        for (const std::string &word :
             Utilities::split_string_list(fields[1], ' '))
          if (!word.empty())
            term.quantities.push_back(word);
        AssertThrow(!term.quantities.empty(),
                    ExcMessage("The term '" + part +
                               "' says nothing of its "
                               "samples." +
                               form));
        if (fields.size() == 3)
          try
            {
              term.weight = Utilities::string_to_double(fields[2]);
            }
          catch (const std::exception &)
            {
              term.weight = -1.;
            }
        AssertThrow(term.weight >= 0. && std::isfinite(term.weight),
                    ExcMessage("The weight '" + fields.back() +
                               "' of the term '" + term.name() +
                               "' is not a finite number that is not "
                               "negative." +
                               form));
        AssertThrow(
          std::find(known_samples.begin(), known_samples.end(), term.samples) !=
            known_samples.end(),
          ExcMessage("There are no samples '" + term.samples +
                     "', only: " + joined(known_samples, ", ") + "." + form));
        AssertThrow(names.insert(term.name()).second,
                    ExcMessage("The term '" + term.name() +
                               "' is there twice. Remove one."));
        result.push_back(term);
      }
    AssertThrow(!result.empty(), ExcMessage("There are no terms." + form));
    return result;
  }



  std::vector<unsigned int>
  orders_to_sample(const std::vector<TermChoice> &terms,
                   const std::string             &samples,
                   const FieldNames              &names)
  {
    std::set<unsigned int> orders;
    for (const TermChoice &term : terms)
      if (term.samples == samples)
        for (const std::string &quantity : term.quantities)
          if (order_of_word(quantity) >= 0)
            orders.insert(order_of_word(quantity));
          else
            try
              {
                orders.insert(order(names.parse(quantity).derivative));
              }
            catch (const std::exception &)
              {
                // the name of a residual, which observes nothing
              }
    return {orders.begin(), orders.end()};
  }



  bool
  uses_samples(const std::vector<TermChoice> &terms, const std::string &samples)
  {
    return std::any_of(terms.begin(), terms.end(), [&](const TermChoice &term) {
      return term.samples == samples;
    });
  }
} // namespace derl

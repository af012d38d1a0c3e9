// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Model files. Documents are changed node by node, whatever their entries are
// called, and get the checksum of what they hold then.

#include <derl/base/collective.h>

#include <derl/coupling/surrogate_function.h>

#include <derl/network/surrogate.h>

#include <boost/crc.hpp>

#include <cstdio>
#include <cstring>
#include <limits>

#include "json_mutations.h"

namespace fuzz
{
  using namespace dealii;
  using namespace derl;

  namespace
  {
    const char *const origin = "fuzz.json";



    /**
     * Text in which characters that are not UTF-8 were replaced, as in the
     * library.
     */
    std::string
    to_text(const Json &document, const int indentation)
    {
      return document.dump(
        indentation, ' ', false, Json::error_handler_t::replace);
    }



    void
    set_checksum(Json &document)
    {
      document.erase("checksum");
      const std::string  text = to_text(document, -1);
      boost::crc_32_type crc;
      crc.process_bytes(text.data(), text.size());
      char digits[9];
      std::snprintf(digits,
                    sizeof(digits),
                    "%08x",
                    static_cast<unsigned int>(crc.checksum()));
      document["checksum"] = digits;
    }



    /**
     * Good files, which between them have every entry of the format.
     */
    std::vector<Surrogate>
    examples()
    {
      std::vector<Surrogate> result;
      NetworkParameters      network;
      network.hidden = {3};
      result.emplace_back(
        network, std::vector<std::string>{"x"}, std::vector<std::string>{"u"});
      network.hidden     = {4, 2};
      network.activation = "sine";
      result.emplace_back(network,
                          std::vector<std::string>{"x", "y"},
                          std::vector<std::string>{"u", "v"});
      network.hidden        = {2, 3, 2};
      network.activation    = "softplus";
      network.softplus_beta = 25.;
      result.emplace_back(network,
                          std::vector<std::string>{"x", "y", "z", "t", "mu"},
                          std::vector<std::string>{"pressure"});

      // all optional sections: features, exact values, a curl, and a surrogate
      // within the surrogate
      network.hidden     = {3, 2};
      ExactValues values = ExactValues::on_box({-1., 0.}, {1., 1.}, 2);
      values.polynomial  = {{{1, 2}, 1. / 7.}, {{0, 0}, 2.}};
      values.surrogate   = std::make_shared<const Surrogate>(result[1]);
      OutputMap map      = OutputMap::direct_sum(
        {OutputMap::curl(2, 2), OutputMap::identity(1, 2)});
      map.impose(0, values);
      result.emplace_back(network,
                          std::vector<std::string>{"x", "t"},
                          std::vector<std::string>{"u", "v", "p"},
                          InputMap::periodic(2, {{1, 2., 2}}),
                          map);
      result.back().coefficients = {{"viscosity", 0.01}};
      result.back().domain_lower = {-1.,
                                    -std::numeric_limits<double>::infinity()};
      result.back().domain_upper = {1.,
                                    std::numeric_limits<double>::infinity()};
      result.back().verdict      = {"good", {{"misfit", 1e-3}}};

      for (Surrogate &surrogate : result)
        {
          const unsigned int n                  = surrogate.coordinates.size();
          surrogate.scaling.input_scale[0]      = 1. / 7.;
          surrogate.scaling.output_shift.back() = 2e-5;
          Provenance &provenance                = surrogate.provenance;
          provenance.n_ranks                    = 3;
          provenance.reference = "tanh((x - c t) \"quoted\") \\ \xc3\xbc";
          provenance.optimizer = "L-BFGS";
          provenance.terms     = {
                {"derivatives", 1. / 9., 2e-9},
                {"boundary", 10., std::numeric_limits<double>::quiet_NaN()}};
          provenance.errors = {
            {"relative_l2_error", 1e-3 / 3.},
            {"unknown", std::numeric_limits<double>::quiet_NaN()}};
          if (n > 1)
            {
              provenance.box_lower.assign(n, -1.);
              provenance.box_upper.assign(n, 1. / 3.);
            }
        }
      return result;
    }



    bool
    same_bits(const double *a, const double *b, const std::size_t n)
    {
      return std::memcmp(a, b, n * sizeof(double)) == 0;
    }



    bool
    same_bits(const std::vector<double> &a, const std::vector<double> &b)
    {
      return a.size() == b.size() && same_bits(a.data(), b.data(), a.size());
    }



    void
    save_and_read_again(const Surrogate &surrogate)
    {
      const std::string text  = to_model_text(surrogate);
      const Surrogate   again = from_model_text(text, origin);
      require(to_model_text(again) == text, "saved twice it differs");
      require(
        surrogate.architecture == again.architecture &&
          surrogate.parameters.size() == again.parameters.size() &&
          same_bits(surrogate.parameters.begin(),
                    again.parameters.begin(),
                    again.parameters.size()) &&
          same_bits(surrogate.scaling.input_shift, again.scaling.input_shift) &&
          same_bits(surrogate.scaling.input_scale, again.scaling.input_scale) &&
          same_bits(surrogate.scaling.output_shift,
                    again.scaling.output_shift) &&
          same_bits(surrogate.scaling.output_scale,
                    again.scaling.output_scale) &&
          describe_maps(surrogate) == describe_maps(again),
        "saved and read again it differs");
    }



    /**
     * Evaluate as a user does: near the box of the training samples, far from
     * it, and where no number is known.
     */
    template <int dim>
    void
    evaluate(const Surrogate &surrogate)
    {
      if (surrogate.coordinates.size() < dim)
        return;
      SurrogateFunction<dim> function(surrogate, OutsideBox::error);
      function.set_parameters(
        std::vector<double>(function.n_parameters(), 0.1));
      for (const double x :
           {0., -0.9, 1e300, std::numeric_limits<double>::quiet_NaN()})
        {
          Point<dim> point;
          for (unsigned int d = 0; d < dim; ++d)
            point[d] = x;
          try
            {
              const auto jets = function.jets({point, point}, 2);
              require(jets.values[0].size() == surrogate.components.size(),
                      "another number of components was evaluated");
            }
          catch (const ExceptionBase &error)
            {
              // outside, or a map that takes high derivatives
              const std::string message = error_message(error);
              require(
                message.find("it extrapolates") != std::string::npos ||
                  message.find("it is meant to be used") != std::string::npos ||
                  message.find("up to total order four") != std::string::npos,
                "it cannot be evaluated: " + message);
            }
        }
    }



    class ModelTarget : public Target
    {
    public:
      ModelTarget()
      {
        for (const Surrogate &surrogate : examples())
          documents.push_back(Json::parse(to_model_text(surrogate)));
      }

      unsigned int
      n_variants() const override
      {
        return 1;
      }

      Input
      make(Dice &dice) const override
      {
        Json        document = dice.choose(documents);
        const Json &other    = dice.choose(documents);
        const bool  is_plain = dice.one_in(6);
        if (!is_plain)
          {
            for (unsigned int i = dice.a_few(); i > 0; --i)
              mutate_json(document, other, dice);
            if (document.is_object() && !dice.one_in(20))
              set_checksum(document);
          }
        std::string text = to_text(document, dice.one_in(2) ? 1 : -1);
        if (is_plain || dice.one_in(20))
          mutate_bytes(text, to_text(other, 1), dice);
        return {text, 0};
      }

      void
      read(const Input &input) override
      {
        std::unique_ptr<const Surrogate> surrogate;
        try
          {
            surrogate = std::make_unique<const Surrogate>(
              from_model_text(input.bytes, origin));
          }
        catch (const std::exception &error)
          {
            require(
              error_message(error).find("The model file 'fuzz.json' ") == 0,
              "the message does not name the file: " + error_message(error));
            throw;
          }
        must_succeed("saved", [&]() { save_and_read_again(*surrogate); });
        must_succeed("evaluated", [&]() {
          evaluate<1>(*surrogate);
          evaluate<2>(*surrogate);
          evaluate<3>(*surrogate);
        });
      }

    private:
      std::vector<Json> documents;
    };
  } // namespace



  std::unique_ptr<Target>
  make_model_target()
  {
    return std::make_unique<ModelTarget>();
  }
} // namespace fuzz

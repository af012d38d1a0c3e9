// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_network_jet_map_h
#define derl_network_jet_map_h

#include <derl/network/jet_plan.h>
#include <derl/network/maps.h>

#include <vector>

namespace derl
{
  namespace internal
  {
    /**
     * An output map prepared for a set of derivatives: how the surrogate's jets
     * at a block of points follow from the network's, which is affine with
     * coefficients that depend on the point.
     *
     * By Leibniz' rule derivative alpha of a component is a sum of the
     * network's jets times derivatives of the distances, which are called
     * weights here, plus derivatives of the liftings. One table of these
     * summands serves jets, tangents and adjoints alike.
     *
     * Arrays over points are [component][derivative][point], as those of
     * JetBlock, with the strides of a block.
     */
    class JetMap
    {
    public:
      JetMap(const OutputMap     &map,
             const DerivativeSet &derivatives,
             const DerivativeSet &network_derivatives,
             const unsigned int   block_points);

      /**
       * What a thread knows about the points of its block.
       */
      struct Scratch
      {
        /** Coordinates, as [coordinate][point]. */
        std::vector<double> coordinates;
        /** Taylor coefficients of a distance in each coordinate, as
         * [coordinate][order][point]. */
        std::vector<double> taylor;
        std::vector<double> weights;
        /** Derivatives of the liftings in the surrogate's jets. */
        std::vector<double>             offsets;
        std::vector<JetPlan::Workspace> liftings;

        std::size_t
        memory_consumption() const;
      };

      Scratch
      make_scratch() const;

      /**
       * Compute weights and offsets at @p n_points points.
       */
      void
      prepare(const double      *points,
              const unsigned int n_points,
              Scratch           &scratch) const;

      /**
       * The surrogate's jets from the network's, or their tangents, which do
       * without offsets.
       */
      void
      apply(const double      *network,
            const unsigned int n_points,
            const bool         with_offsets,
            const Scratch     &scratch,
            double            *jets) const;

      /**
       * The derivatives of a loss with respect to the network's jets from those
       * with respect to the surrogate's.
       */
      void
      apply_transposed(const double      *adjoints,
                       const unsigned int n_points,
                       const Scratch     &scratch,
                       double            *network) const;

    private:
      /**
       * coefficient * weight * network's jet is part of the surrogate's jet.
       */
      struct Summand
      {
        std::size_t  jet;
        std::size_t  network_jet;
        double       coefficient;
        unsigned int weight;
      };

      /**
       * Derivative of a distance.
       */
      struct Weight
      {
        unsigned int distance;
        MultiIndex   derivative;
      };

      /**
       * A monomial of a lifting, differentiated.
       */
      struct Monomial
      {
        std::size_t jet;
        double      coefficient;
        MultiIndex  exponents;
      };

      /**
       * A derivative of another surrogate in a lifting.
       */
      struct Lifted
      {
        std::size_t  jet;
        unsigned int lifting;
        unsigned int component;
        unsigned int entry;
        double       coefficient;
      };

      /**
       * Add coefficient * D^derivative (distance * N + lifting), for an output
       * with the given exact values, to the tables.
       */
      void
      add(const std::size_t    jet,
          const ExactValues   &values,
          const std::size_t    first_network_jet,
          const DerivativeSet &network_derivatives,
          const MultiIndex    &derivative,
          const double         coefficient);

      void
      add_weighted(const Summand     &summand,
                   const ExactValues &values,
                   const MultiIndex  &derivative);

      void
      add_lifting(const std::size_t  jet,
                  const ExactValues &values,
                  const MultiIndex  &derivative,
                  const unsigned int entry,
                  const double       coefficient);

      /**
       * out += coefficient * weight * in.
       */
      void
      add_product(const Summand     &summand,
                  const unsigned int n_points,
                  const Scratch     &scratch,
                  const double      *in,
                  double            *out) const;

      void
      compute_weights(const unsigned int n_points, Scratch &scratch) const;

      void
      add_polynomials(const unsigned int n_points, Scratch &scratch) const;

      const unsigned int n_coordinates;
      const std::size_t  stride;
      const std::size_t  n_jets;
      const std::size_t  n_network_jets;

      std::vector<std::vector<ExactValues::Factor>> distances;
      std::vector<Summand>                          summands;
      std::vector<Weight>                           weights;
      std::vector<Monomial>                         monomials;
      std::vector<Lifted>                           lifted;
      /** The surrogates in liftings, and their plans. */
      std::vector<std::shared_ptr<const Surrogate>> surrogates;
      std::vector<JetPlan>                          plans;
    };
  } // namespace internal
} // namespace derl

#endif

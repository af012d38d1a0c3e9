// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// What the fuzzers of all kinds of files share. Input number i of a seed is a
// function of both alone, so that each can be made again by itself.

#ifndef derl_tests_fuzz_fuzz_h
#define derl_tests_fuzz_fuzz_h

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace fuzz
{
  /**
   * The random decisions that make one input.
   */
  class Dice
  {
  public:
    Dice(const std::uint64_t seed, const std::uint64_t index);

    /** One of 0, ..., n-1. */
    std::size_t
    below(const std::size_t n);

    /** True once in @p n times. */
    bool
    one_in(const std::size_t n);

    /** Mostly 1, sometimes more: how often to do something. */
    unsigned int
    a_few();

    template <typename Container>
    auto &
    choose(Container &container)
    {
      return container[below(container.size())];
    }

    /** Any bits. */
    std::uint64_t
    bits();

    /** A number near the limits of its type, or a usual one. */
    double
    real();

    /** As real(), also infinite or not a number. */
    double
    any_real();

    std::uint64_t
    integer();

    /** A text of some length, which may hold any characters. */
    std::string
    text();

  private:
    std::mt19937_64 generator;
  };



  /**
   * Change some bytes of @p bytes: flip, overwrite, insert, erase, repeat, cut
   * off, or exchange with a part of @p other.
   */
  void
  mutate_bytes(std::string &bytes, const std::string &other, Dice &dice);



  /**
   * A mutated file, and which of a target's readers is to take it.
   */
  struct Input
  {
    std::string  bytes;
    unsigned int variant = 0;
  };



  /**
   * Something that must not happen, whatever the input is.
   */
  class Failure : public std::logic_error
  {
  public:
    using std::logic_error::logic_error;
  };



  /**
   * A kind of file.
   */
  class Target
  {
  public:
    virtual ~Target() = default;

    /** How many readers there are, see Input. */
    virtual unsigned int
    n_variants() const = 0;

    virtual Input
    make(Dice &dice) const = 0;

    /**
     * Read @p input. Returns if it is accepted, and what was read can be used
     * and saved again. Throws Failure if it cannot, and any other exception if
     * the input is refused.
     */
    virtual void
    read(const Input &input) = 0;
  };



  /**
   * Run @p work on an object that was accepted: no exception may leave it.
   */
  void
  must_succeed(const std::string &what, const std::function<void()> &work);

  void
  require(const bool good, const std::string &what);

  std::unique_ptr<Target>
  make_model_target();

  std::unique_ptr<Target>
  make_checkpoint_target();

  std::unique_ptr<Target>
  make_parameter_target();
} // namespace fuzz

#endif

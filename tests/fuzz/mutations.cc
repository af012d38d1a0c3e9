// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "fuzz.h"

namespace fuzz
{
  namespace
  {
    std::mt19937_64
    make_generator(const std::uint64_t seed, const std::uint64_t index)
    {
      std::seed_seq sequence{std::uint32_t(seed),
                             std::uint32_t(seed >> 32),
                             std::uint32_t(index),
                             std::uint32_t(index >> 32)};
      return std::mt19937_64(sequence);
    }
  } // namespace



  Dice::Dice(const std::uint64_t seed, const std::uint64_t index)
    : generator(make_generator(seed, index))
  {
  }



  std::uint64_t
  Dice::bits()
  {
    return generator();
  }



  std::size_t
  Dice::below(const std::size_t n)
  {
    return n == 0 ? 0 : generator() % n;
  }



  bool
  Dice::one_in(const std::size_t n)
  {
    return below(n) == 0;
  }



  unsigned int
  Dice::a_few()
  {
    unsigned int n = 1;
    while (n < 8 && one_in(2))
      ++n;
    return n;
  }



  double
  Dice::real()
  {
    using Limits                         = std::numeric_limits<double>;
    const std::array<double, 18> special = {{0.,
                                             -0.,
                                             1.,
                                             -1.,
                                             0.5,
                                             2.,
                                             1e-3,
                                             1e3,
                                             Limits::max(),
                                             Limits::lowest(),
                                             Limits::min(),
                                             Limits::denorm_min(),
                                             -Limits::denorm_min(),
                                             Limits::epsilon(),
                                             4294967296.,
                                             9007199254740993.,
                                             1e300,
                                             -1e300}};
    if (one_in(2))
      return choose(special);
    // any magnitude
    double result = any_real();
    if (!(std::abs(result) <= Limits::max()))
      result = double(below(2000)) / 1000. - 1.;
    return result;
  }



  double
  Dice::any_real()
  {
    using Limits = std::numeric_limits<double>;
    switch (below(8))
      {
      case 0:
        return Limits::quiet_NaN();
      case 1:
        return one_in(2) ? Limits::infinity() : -Limits::infinity();
      case 2:
      case 3:
        return real();
      default:
        {
          const std::uint64_t pattern = bits();
          double              result;
          std::memcpy(&result, &pattern, sizeof(result));
          return result;
        }
      }
  }



  std::uint64_t
  Dice::integer()
  {
    const std::uint64_t one = 1;
    switch (below(4))
      {
      case 0:
        return below(10);
      case 1:
        return bits() >> below(64);
      default:
        // at the limits of types
        return (one << below(64)) + below(3) - 1;
      }
  }



  std::string
  Dice::text()
  {
    if (one_in(8))
      return std::string(below(20000), 'x');
    std::string result(below(12), ' ');
    for (char &c : result)
      c = one_in(8) ? char(bits()) : char(' ' + below(95));
    return result;
  }



  void
  mutate_bytes(std::string &bytes, const std::string &other, Dice &dice)
  {
    for (unsigned int i = dice.a_few(); i > 0; --i)
      {
        const std::size_t position = dice.below(bytes.size() + 1);
        const std::size_t rest     = bytes.size() - position;
        const std::size_t length =
          std::min(rest, dice.below(dice.one_in(4) ? bytes.size() + 1 : 16));
        switch (dice.below(7))
          {
          case 0:
            if (rest > 0)
              bytes[position] ^= char(1 << dice.below(8));
            break;
          case 1:
            for (std::size_t k = 0; k < length; ++k)
              bytes[position + k] = char(dice.bits());
            break;
          case 2:
            bytes.insert(position, dice.text());
            break;
          case 3:
            bytes.erase(position, length);
            break;
          case 4:
            bytes.insert(position, bytes.substr(position, length));
            break;
          case 5:
            bytes.resize(position);
            break;
          default:
            {
              const std::size_t from = dice.below(other.size() + 1);
              bytes.replace(position,
                            length,
                            other,
                            from,
                            dice.below(other.size() - from + 1));
            }
          }
      }
  }
} // namespace fuzz

// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/jet_entry.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <numeric>

namespace derl
{
  using namespace dealii;

  namespace
  {
    bool
    comes_before(const MultiIndex &a, const MultiIndex &b)
    {
      const unsigned int order_a = order(a), order_b = order(b);
      return order_a != order_b ? order_a < order_b : a > b;
    }



    void
    insert_with_lower(const MultiIndex        &derivative,
                      std::vector<MultiIndex> &set)
    {
      if (std::find(set.begin(), set.end(), derivative) != set.end())
        return;
      set.push_back(derivative);
      for (unsigned int i = 0; i < derivative.size(); ++i)
        if (derivative[i] > 0)
          {
            MultiIndex lower = derivative;
            --lower[i];
            insert_with_lower(lower, set);
          }
    }
  } // namespace



  unsigned int
  order(const MultiIndex &derivative)
  {
    return std::accumulate(derivative.begin(), derivative.end(), 0u);
  }



  double
  multiplicity(const MultiIndex &derivative)
  {
    double       result = 1;
    unsigned int chosen = 0;
    // a multinomial coefficient as a product of binomials
    for (const unsigned int entry : derivative)
      for (unsigned int k = 1; k <= entry; ++k)
        result = result * (++chosen) / k;
    return result;
  }



  std::vector<MultiIndex>
  derivatives_of_order(const unsigned int n_coordinates,
                       const unsigned int order)
  {
    if (n_coordinates == 1)
      return {{order}};
    std::vector<MultiIndex> result;
    for (unsigned int leading = order + 1; leading-- > 0;)
      for (const MultiIndex &rest :
           derivatives_of_order(n_coordinates - 1, order - leading))
        {
          result.push_back({leading});
          result.back().insert(result.back().end(), rest.begin(), rest.end());
        }
    return result;
  }



  DerivativeSet::DerivativeSet(const unsigned int             n_coordinates,
                               const std::vector<MultiIndex> &derivatives)
    : coordinates(n_coordinates)
  {
    Assert(n_coordinates > 0, ExcMessage("A network has at least one input."));
    insert_with_lower(MultiIndex(n_coordinates, 0), members);
    for (const MultiIndex &derivative : derivatives)
      {
        AssertDimension(derivative.size(), n_coordinates);
        insert_with_lower(derivative, members);
      }
    std::sort(members.begin(), members.end(), comes_before);
  }



  DerivativeSet
  DerivativeSet::up_to_order(const unsigned int n_coordinates,
                             const unsigned int order)
  {
    return DerivativeSet(n_coordinates,
                         derivatives_of_order(n_coordinates, order));
  }



  DerivativeSet
  DerivativeSet::operator|(const DerivativeSet &other) const
  {
    AssertDimension(coordinates, other.coordinates);
    std::vector<MultiIndex> all = members;
    all.insert(all.end(), other.members.begin(), other.members.end());
    return DerivativeSet(coordinates, all);
  }



  bool
  DerivativeSet::operator==(const DerivativeSet &other) const
  {
    return coordinates == other.coordinates && members == other.members;
  }



  unsigned int
  DerivativeSet::size() const
  {
    return members.size();
  }



  unsigned int
  DerivativeSet::n_coordinates() const
  {
    return coordinates;
  }



  unsigned int
  DerivativeSet::max_order() const
  {
    return order(members.back());
  }



  const MultiIndex &
  DerivativeSet::operator[](const unsigned int i) const
  {
    AssertIndexRange(i, members.size());
    return members[i];
  }



  bool
  DerivativeSet::contains(const MultiIndex &derivative) const
  {
    return std::find(members.begin(), members.end(), derivative) !=
           members.end();
  }



  unsigned int
  DerivativeSet::index_of(const MultiIndex &derivative) const
  {
    const auto position = std::find(members.begin(), members.end(), derivative);
    Assert(position != members.end(),
           ExcMessage("The derivative is not in the set."));
    return std::distance(members.begin(), position);
  }



  std::vector<MultiIndex>::const_iterator
  DerivativeSet::begin() const
  {
    return members.begin();
  }



  std::vector<MultiIndex>::const_iterator
  DerivativeSet::end() const
  {
    return members.end();
  }
} // namespace derl

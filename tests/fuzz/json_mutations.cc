// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "json_mutations.h"

#include <algorithm>

namespace fuzz
{
  namespace
  {
    /**
     * A node on a random way down from the root, so that each entry of an
     * object has its chance beside lists of many numbers.
     */
    template <typename Node>
    Node &
    pick(Node &root, Dice &dice)
    {
      Node *node = &root;
      while (node->is_structured() && !node->empty() && !dice.one_in(5))
        node = &*std::next(node->begin(), dice.below(node->size()));
      return *node;
    }



    Json
    random_number(Dice &dice)
    {
      switch (dice.below(3))
        {
        case 0:
          return dice.real();
        case 1:
          return dice.integer();
        default:
          return -std::int64_t(dice.integer() >> 1);
        }
    }



    Json
    random_value(const Json &other, Dice &dice)
    {
      switch (dice.below(8))
        {
        case 0:
          return nullptr;
        case 1:
          return dice.one_in(2);
        case 2:
          return dice.text();
        case 3:
          return dice.one_in(2) ? Json::array() : Json::object();
        case 4:
        case 5:
          return pick(other, dice);
        default:
          return random_number(dice);
        }
    }



    void
    mutate_number(Json &node, Dice &dice)
    {
      const double x = node.get<double>();
      switch (dice.below(5))
        {
        case 0:
          node = x * (1. + dice.real());
          break;
        case 1:
          node = -x;
          break;
        case 2:
          if (node.is_number_unsigned())
            node = node.get<std::uint64_t>() + dice.below(3) - 1;
          else
            node = x + 1.;
          break;
        default:
          node = random_number(dice);
        }
    }



    void
    mutate_array(Json &node, const Json &other, Dice &dice)
    {
      auto             &array = node.get_ref<Json::array_t &>();
      const std::size_t size  = array.size();
      const std::size_t k     = dice.below(size + 1);
      switch (dice.below(7))
        {
        case 0:
          array.insert(array.begin() + k, random_value(other, dice));
          break;
        case 1:
          if (k < size)
            array.insert(array.begin() + k, Json(array[k]));
          break;
        case 2:
          if (k < size)
            array.erase(array.begin() + k);
          break;
        case 3:
          array.resize(k);
          break;
        case 4:
          // many copies of the first entry, if it is not large itself
          array.resize(size + dice.below(2000),
                       size > 0 && array[0].is_primitive() ? Json(array[0])
                                                           : Json());
          break;
        case 5:
          std::rotate(array.begin(), array.begin() + k, array.end());
          break;
        default:
          if (size > 0)
            std::swap(array[dice.below(size)], array[dice.below(size)]);
        }
    }



    void
    mutate_object(Json &node, const Json &other, Dice &dice)
    {
      // a vector of pairs, which lets keys be there twice
      auto             &object = node.get_ref<Json::object_t &>();
      const std::string key =
        object.empty()
          ? "x"
          : std::next(object.begin(), dice.below(object.size()))->first;
      switch (dice.below(6))
        {
        case 0:
          object.erase(key);
          break;
        case 1:
          object.push_back({key, random_value(other, dice)});
          break;
        case 2:
          object.push_back({dice.text(), random_value(other, dice)});
          break;
        case 3:
          {
            const Json value = node.value(key, Json());
            object.erase(key);
            object.push_back(
              {key + (dice.one_in(2) ? "s" : dice.text()), value});
            break;
          }
        case 4:
          {
            // the same entries in another order
            Json::object_t    turned;
            const std::size_t k = dice.below(object.size() + 1);
            for (std::size_t i = 0; i < object.size(); ++i)
              turned.push_back(
                *std::next(object.begin(), (i + k) % object.size()));
            object.swap(turned);
            break;
          }
        default:
          node[key] = random_value(other, dice);
        }
    }
  } // namespace



  void
  mutate_json(Json &document, const Json &other, Dice &dice)
  {
    // rarely the root, without which it is no document of this kind
    const bool has_entries = document.is_structured() && !document.empty();
    Json      &node =
      !has_entries || dice.one_in(30)
             ? document
             : pick(*std::next(document.begin(), dice.below(document.size())), dice);
    if (dice.one_in(6))
      node = random_value(other, dice);
    else if (dice.one_in(20))
      for (std::size_t depth = dice.below(40); depth > 0; --depth)
        node = dice.one_in(2) ? Json::array({node}) : Json({{"x", node}});
    else if (node.is_number())
      mutate_number(node, dice);
    else if (node.is_string())
      {
        std::string text = node.get<std::string>();
        const Json &from = pick(other, dice);
        mutate_bytes(
          text, from.is_string() ? from.get<std::string>() : "", dice);
        node = text;
      }
    else if (node.is_array())
      mutate_array(node, other, dice);
    else if (node.is_object())
      mutate_object(node, other, dice);
    else
      node = random_value(other, dice);
  }
} // namespace fuzz

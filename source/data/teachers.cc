// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/base/collective.h>

#include <derl/data/sources.h>

#include <derl/network/evaluator.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <sstream>

namespace derl
{
  using namespace dealii;

  namespace
  {
    /** Points that are evaluated together. */
    constexpr std::size_t block_size = 1024;



    void
    check_teachers(const std::vector<Teacher> &teachers)
    {
      AssertThrow(!teachers.empty(), ExcMessage("There are no teachers."));
      for (const Teacher &teacher : teachers)
        {
          AssertThrow(teacher.surrogate != nullptr,
                      ExcMessage("A teacher has no surrogate."));
          AssertThrow(teacher.surrogate->coordinates ==
                          teachers[0].surrogate->coordinates &&
                        teacher.surrogate->components ==
                          teachers[0].surrogate->components,
                      ExcMessage("The teachers have different coordinates or "
                                 "components and cannot make one table."));
        }
    }



    /**
     * What the table says about where it comes from.
     */
    std::string
    origin_of(const std::vector<Teacher> &teachers)
    {
      std::string text;
      for (const Teacher &teacher : teachers)
        {
          const Surrogate &surrogate = *teacher.surrogate;
          text += (text.empty() ? "surrogate of " : "; surrogate of ") +
                  (surrogate.provenance.reference.empty()
                     ? "an unknown reference"
                     : surrogate.provenance.reference);
          if (!surrogate.verdict.text.empty())
            text += " (" + surrogate.verdict.text + ")";
        }
      return text;
    }



    bool
    teaches(const Teacher &teacher, const ArrayView<const double> &point)
    {
      if (teacher.region)
        return teacher.region(point);
      const Surrogate &surrogate  = *teacher.surrogate;
      const bool       has_domain = !surrogate.domain_lower.empty();
      const auto      &lower =
        has_domain ? surrogate.domain_lower : surrogate.provenance.box_lower;
      const auto &upper =
        has_domain ? surrogate.domain_upper : surrogate.provenance.box_upper;
      for (unsigned int d = 0; d < lower.size(); ++d)
        if (point[d] < lower[d] || point[d] > upper[d])
          return false;
      return true;
    }



    /**
     * The number of each point's teacher.
     */
    std::vector<unsigned int>
    choose_teachers(const std::vector<Teacher> &teachers,
                    const std::vector<double>  &points,
                    const unsigned int          n_coordinates)
    {
      std::vector<unsigned int> chosen(points.size() / n_coordinates);
      for (std::size_t i = 0; i < chosen.size(); ++i)
        {
          const ArrayView<const double> point(&points[i * n_coordinates],
                                              n_coordinates);
          const auto                    teacher = std::find_if(
            teachers.begin(), teachers.end(), [&](const Teacher &teacher) {
              return teaches(teacher, point);
            });
          if (teacher == teachers.end())
            {
              std::ostringstream text;
              text << "No teacher's region contains the point (";
              for (unsigned int d = 0; d < n_coordinates; ++d)
                text << (d > 0 ? ", " : "") << point[d];
              text << "). A teacher without a region teaches where it was "
                      "trained; give it a region to let it extrapolate.";
              AssertThrow(false, ExcMessage(text.str()));
            }
          chosen[i] = std::distance(teachers.begin(), teacher);
        }
      return chosen;
    }



    /**
     * Write the entries of the points of one teacher into @p results, which are
     * [point][entry] over all points.
     */
    void
    ask(const Evaluator                 &evaluator,
        const unsigned int               teacher,
        const std::vector<unsigned int> &chosen,
        const std::vector<double>       &points,
        std::vector<double>             &results)
    {
      const unsigned int       n_coordinates = evaluator.n_coordinates();
      const unsigned int       n_entries     = evaluator.entries().size();
      Evaluator::Workspace     workspace(evaluator);
      std::vector<std::size_t> indices;
      std::vector<double>      block, answers;
      const auto               flush = [&]() {
        answers.resize(indices.size() * n_entries);
        evaluator.evaluate(make_array_view(std::as_const(block)),
                           workspace,
                           make_array_view(answers));
        for (std::size_t k = 0; k < indices.size(); ++k)
          std::copy_n(&answers[k * n_entries],
                      n_entries,
                      &results[indices[k] * n_entries]);
        indices.clear();
        block.clear();
      };
      for (std::size_t i = 0; i < chosen.size(); ++i)
        {
          if (chosen[i] != teacher)
            continue;
          indices.push_back(i);
          const double *const point = &points[i * n_coordinates];
          block.insert(block.end(), point, point + n_coordinates);
          if (indices.size() == block_size)
            flush();
        }
      if (!indices.empty())
        flush();
    }
  } // namespace



  Samples
  sample_teachers(const MPI_Comm                 &communicator,
                  const std::vector<Teacher>     &teachers,
                  const std::vector<double>      &points,
                  const std::vector<std::string> &entries,
                  const std::vector<double>      &weights)
  {
    Samples samples(0, {}, "");
    run_collectively(communicator, [&]() {
      check_teachers(teachers);
      const Surrogate   &first         = *teachers[0].surrogate;
      const unsigned int n_coordinates = first.n_coordinates();
      const std::size_t  n_points      = points.size() / n_coordinates;
      AssertThrow(
        points.size() == n_points * n_coordinates &&
          (weights.empty() || weights.size() == n_points),
        ExcMessage("The teachers were given " + std::to_string(points.size()) +
                   " coordinates and " + std::to_string(weights.size()) +
                   " weights of points in " + std::to_string(n_coordinates) +
                   " coordinates."));

      samples = Samples(
        n_coordinates, first.names().parse(entries), origin_of(teachers));
      const std::vector<unsigned int> chosen =
        choose_teachers(teachers, points, n_coordinates);
      std::vector<double> results(n_points * entries.size());
      for (unsigned int t = 0; t < teachers.size(); ++t)
        ask(Evaluator(*teachers[t].surrogate, entries),
            t,
            chosen,
            points,
            results);
      for (std::size_t i = 0; i < n_points; ++i)
        samples.add(
          ArrayView<const double>(&points[i * n_coordinates], n_coordinates),
          ArrayView<const double>(&results[i * entries.size()], entries.size()),
          weights.empty() ? 1. : weights[i]);
      samples.check();
    });
    return samples;
  }
} // namespace derl

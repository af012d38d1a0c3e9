// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <derl/equations/residual.h>

#include <deal.II/base/exceptions.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace derl
{
  using namespace dealii;

  void
  Residual::check(const Binding     &binding,
                  const unsigned int n_coordinates,
                  const unsigned int n_columns)
  {
    const auto require = [](const bool is_true, const std::string &what) {
      AssertThrow(is_true,
                  ExcMessage("A residual contradicts itself: " + what +
                             ". Correct its bind()."));
    };
    require(!binding.rows.empty() && !binding.entries.empty(),
            "it has no rows or reads no jet entries");
    for (const JetEntry &entry : binding.entries)
      require(entry.derivative.size() == n_coordinates,
              "a derivative is not one of " + std::to_string(n_coordinates) +
                " coordinates");
    for (const unsigned int column : binding.columns)
      require(column < n_columns, "it reads a column that does not exist");
    for (const Row &row : binding.rows)
      {
        require(row.multiplicity > 0. && std::isfinite(row.multiplicity),
                "the multiplicity of a row is not a positive, finite number");
        require(row.factor == no_column || row.factor < n_columns,
                "a row has the factor of a column that does not exist");
      }
    for (const Nonzero &nonzero : binding.pattern)
      require(nonzero.row < binding.rows.size() &&
                nonzero.entry < binding.entries.size(),
              "the pattern of its derivatives names a row or an entry that "
              "does not exist");
  }



  namespace
  {
    std::string
    listed(const Residual::Columns &available, const FieldNames &names)
    {
      std::string result;
      for (const JetEntry &entry : available.observed)
        result += ", " + names.name(entry);
      for (const std::string &name : available.auxiliary)
        result += ", " + name;
      return result.empty() ? "no columns" : "the columns " + result.substr(2);
    }



    unsigned int
    observed_column(const JetEntry          &entry,
                    const FieldNames        &names,
                    const Residual::Columns &available)
    {
      const auto &observed = available.observed;
      const auto  position = std::find(observed.begin(), observed.end(), entry);
      AssertThrow(position != observed.end(),
                  ExcMessage("The samples do not hold " + names.name(entry) +
                             ", they hold " + listed(available, names) +
                             ". Sample it as well, or leave it out."));
      return std::distance(observed.begin(), position);
    }



    class Match : public Residual
    {
    public:
      using Choice =
        std::function<std::vector<JetEntry>(const FieldNames &,
                                            const Residual::Columns &)>;

      explicit Match(const Choice &choose)
        : choose(choose)
      {
      }

      Binding
      bind(const FieldNames &names, const Columns &available) const override
      {
        Binding result;
        result.entries = choose(names, available);
        for (unsigned int row = 0; row < result.entries.size(); ++row)
          {
            const JetEntry    &entry = result.entries[row];
            const unsigned int column =
              observed_column(entry, names, available);
            result.columns.push_back(column);
            result.rows.push_back({multiplicity(entry.derivative), column});
            result.pattern.push_back({row, row});
          }
        return result;
      }

      void
      evaluate(const Batch                 &batch,
               const std::vector<double *> &rows) const override
      {
        for (unsigned int row = 0; row < rows.size(); ++row)
          for (unsigned int k = 0; k < batch.n_points; ++k)
            rows[row][k] = batch.jets[row][k] - batch.columns[row][k];
      }

      void
      linearize(const Batch                 &batch,
                const std::vector<double *> &rows,
                const std::vector<double *> &derivatives) const override
      {
        evaluate(batch, rows);
        for (double *const derivative : derivatives)
          std::fill_n(derivative, batch.n_points, 1.);
      }

    private:
      const Choice choose;
    };
  } // namespace



  unsigned int
  column_with_name(const std::string       &name,
                   const FieldNames        &names,
                   const Residual::Columns &available)
  {
    const auto  &auxiliary = available.auxiliary;
    const auto   position = std::find(auxiliary.begin(), auxiliary.end(), name);
    unsigned int observed = Residual::no_column;
    for (unsigned int c = 0; c < available.observed.size(); ++c)
      if (names.name(available.observed[c]) == name)
        observed = c;
    const bool is_auxiliary = position != auxiliary.end();
    AssertThrow(
      is_auxiliary != (observed != Residual::no_column),
      ExcMessage("A residual reads the column '" + name +
                 "', but the samples "
                 "have " +
                 (is_auxiliary ? "two of this name. Rename the auxiliary one."
                               : listed(available, names) +
                                   ". Let it be sampled, or correct the "
                                   "name.")));
    return is_auxiliary ? available.observed.size() +
                            std::distance(auxiliary.begin(), position)
                        : observed;
  }



  std::shared_ptr<const Residual>
  match(const std::vector<std::string> &entry_names)
  {
    AssertThrow(!entry_names.empty(),
                ExcMessage("A mismatch of nothing: name the derivatives."));
    return std::make_shared<Match>(
      [entry_names](const FieldNames &names, const Residual::Columns &) {
        return names.parse(entry_names);
      });
  }



  std::shared_ptr<const Residual>
  match(const std::initializer_list<const char *> names)
  {
    return match(std::vector<std::string>(names.begin(), names.end()));
  }



  std::shared_ptr<const Residual>
  match(const std::vector<unsigned int> &orders)
  {
    AssertThrow(!orders.empty(),
                ExcMessage("A mismatch of nothing: give orders of "
                           "derivatives."));
    return std::make_shared<Match>(
      [orders](const FieldNames &names, const Residual::Columns &available) {
        std::vector<JetEntry> entries;
        for (const unsigned int of : orders)
          {
            const std::size_t n_before = entries.size();
            for (const JetEntry &column : available.observed)
              if (order(column.derivative) == of)
                entries.push_back(column);
            AssertThrow(
              entries.size() > n_before,
              ExcMessage("Derivatives of order " + std::to_string(of) +
                         " shall be matched, but the samples hold " +
                         listed(available, names) + ". Sample them as well."));
          }
        return entries;
      });
  }



  std::shared_ptr<const Residual>
  match(const std::initializer_list<unsigned int> orders)
  {
    return match(std::vector<unsigned int>(orders));
  }
} // namespace derl

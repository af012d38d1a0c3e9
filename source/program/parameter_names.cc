// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.



#include <deal.II/base/exceptions.h>
#include <deal.II/base/utilities.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <numeric>
#include <sstream>

#include "parameter_names.h"

namespace derl
{
  using namespace dealii;

  namespace
  {
    /**
     * 'a', 'b' and 'c'
     */
    std::string
    enumerate(const std::vector<std::string> &names,
              const std::string              &conjunction)
    {
      std::string text;
      for (unsigned int i = 0; i < names.size(); ++i)
        {
          if (i > 0)
            text += i + 1 < names.size() ? ", " : " " + conjunction + " ";
          text += "'" + names[i] + "'";
        }
      return text;
    }



    /**
     * A path as --set takes it.
     */
    std::string
    joined(const std::vector<std::string> &path)
    {
      std::string text;
      for (const std::string &name : path)
        text += (text.empty() ? "" : "/") + name;
      return text;
    }



    std::string
    in_lower_case(std::string text)
    {
      for (char &c : text)
        c = std::tolower(static_cast<unsigned char>(c));
      return text;
    }



    /**
     * How many letters must be inserted, removed or replaced to turn one name
     * into the other, upper and lower case being the same (Levenshtein's
     * distance).
     */
    unsigned int
    distance(const std::string &a, const std::string &b)
    {
      const std::string from = in_lower_case(a);
      const std::string to   = in_lower_case(b);

      // distances of the first letters of one to all beginnings of the other
      std::vector<unsigned int> row(to.size() + 1);
      std::iota(row.begin(), row.end(), 0);
      for (unsigned int i = 1; i <= from.size(); ++i)
        {
          unsigned int diagonal = row[0];
          row[0]                = i;
          for (unsigned int j = 1; j <= to.size(); ++j)
            {
              const unsigned int replaced =
                diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
              diagonal = row[j];
              row[j]   = std::min({replaced, row[j] + 1, row[j - 1] + 1});
            }
        }
      return row.back();
    }



    bool
    contains(const std::vector<std::string> &names, const std::string &name)
    {
      return std::find(names.begin(), names.end(), name) != names.end();
    }



    /**
     * A line of a parameter file: the keyword in lower case, and the name of
     * the section or entry.
     */
    struct Statement
    {
      explicit Statement(const std::string &line)
      {
        std::istringstream words(line.substr(0, line.find('#')));
        words >> keyword;
        keyword = in_lower_case(keyword);
        std::getline(words, name, keyword == "set" ? '=' : '\n');
        name = Utilities::trim(name);
      }

      std::string keyword;
      std::string name;
    };



    /**
     * Call @p work with the statements of a parameter file, and the number of
     * the line where each ends, until it returns false.
     */
    void
    for_each_statement(
      const std::string                                                &text,
      const std::function<bool(const unsigned int, const Statement &)> &work)
    {
      std::istringstream lines(text);
      std::string        line, continued;
      for (unsigned int number = 1; std::getline(lines, line); ++number)
        {
          continued += Utilities::trim(line);
          if (!continued.empty() && continued.back() == '\\')
            continued.pop_back();
          else
            {
              if (!work(number, Statement(continued)))
                return;
              continued.clear();
            }
        }
    }
  } // namespace



  ParameterNames::ParameterNames(const ParameterHandler &parameters)
  {
    std::ostringstream text;
    parameters.print_parameters(text,
                                ParameterHandler::ShortPRM |
                                  ParameterHandler::KeepDeclarationOrder);

    // A section is appended where it begins; others may be appended before it
    // goes on, hence indices.
    all_sections.emplace_back();
    std::vector<unsigned int> open = {0};
    std::istringstream        lines(text.str());
    for (std::string line; std::getline(lines, line);)
      {
        const Statement statement(line);
        if (statement.keyword == "subsection")
          {
            Section section;
            section.path = all_sections[open.back()].path;
            section.path.push_back(statement.name);
            all_sections[open.back()].sections.push_back(statement.name);
            open.push_back(all_sections.size());
            all_sections.push_back(section);
          }
        else if (statement.keyword == "end")
          open.pop_back();
        else if (statement.keyword == "set")
          all_sections[open.back()].entries.push_back(statement.name);
      }
    AssertThrow(open.size() == 1, ExcInternalError());
  }



  std::string
  ParameterNames::complaint(const std::vector<std::string> &sections,
                            const std::string              &entry) const
  {
    Path path;
    for (const std::string &name : sections)
      {
        if (!contains(find(path).sections, name))
          return unknown(find(path), name, true);
        path.push_back(name);
      }
    return contains(find(path).entries, entry)
             ? ""
             : unknown(find(path), entry, false);
  }



  std::string
  ParameterNames::complaint(const std::string &text) const
  {
    std::string result;
    Path        path;
    for_each_statement(
      text, [&](const unsigned int line, const Statement &statement) {
        const bool is_section = statement.keyword == "subsection";
        if (is_section || statement.keyword == "set")
          {
            const auto &declared =
              is_section ? find(path).sections : find(path).entries;
            if (!contains(declared, statement.name))
              result = "line " + std::to_string(line) + ": " +
                       unknown(find(path), statement.name, is_section) +
                       (is_around(path, statement.name, is_section)
                          ? "\nIs an 'end' missing before this line?"
                          : "");
            else if (is_section)
              path.push_back(statement.name);
          }
        else if (statement.keyword == "end")
          {
            if (path.empty())
              return false;
            path.pop_back();
          }
        return result.empty();
      });
    return result;
  }



  unsigned int
  ParameterNames::line_of_include(const std::string &text)
  {
    unsigned int result = 0;
    for_each_statement(
      text, [&](const unsigned int line, const Statement &statement) {
        if (statement.keyword == "include")
          result = line;
        return result == 0;
      });
    return result;
  }



  const ParameterNames::Section &
  ParameterNames::find(const Path &path) const
  {
    const auto found = std::find_if(
      all_sections.begin(), all_sections.end(), [&](const Section &section) {
        return section.path == path;
      });
    AssertThrow(found != all_sections.end(), ExcInternalError());
    return *found;
  }



  bool
  ParameterNames::is_around(Path               path,
                            const std::string &name,
                            const bool         is_section) const
  {
    while (!path.empty())
      {
        path.pop_back();
        if (contains(is_section ? find(path).sections : find(path).entries,
                     name))
          return true;
      }
    return false;
  }



  std::string
  ParameterNames::unknown(const Section     &section,
                          const std::string &name,
                          const bool         is_section) const
  {
    const std::string kind = is_section ? "section" : "entry";
    std::string       text = "There is no " + kind + " '" + name + "'";
    text += section.path.empty()
              ? " outside of the sections"
              : " in the section '" + joined(section.path) + "'";

    Path wrong = section.path;
    wrong.push_back(name);
    const bool is_other_kind =
      contains(is_section ? section.entries : section.sections, name);
    if (is_other_kind)
      text += is_section ? ", but an entry of that name"
                         : ", but a section of that name";
    text += ".";

    std::vector<std::string> meant;
    for (const Path &path : similar(wrong, is_section))
      meant.push_back(joined(path));
    if (!meant.empty())
      text += " Did you mean " + enumerate(meant, "or") + "?";

    const bool     is_inside = is_other_kind && !is_section;
    const Section &shown     = is_inside ? find(wrong) : section;
    std::string separator = is_inside ? "\nIn it are the " : "\nThere are the ";
    if (!shown.sections.empty())
      {
        text += separator + "sections " + enumerate(shown.sections, "and");
        separator = ", and the ";
      }
    if (!shown.entries.empty())
      text += separator + "entries " + enumerate(shown.entries, "and");
    return text + ".";
  }



  std::vector<ParameterNames::Path>
  ParameterNames::similar(const Path &wrong, const bool is_section) const
  {
    const std::string &name = wrong.back();
    const Path         around(wrong.begin(), wrong.end() - 1);

    // The right name elsewhere is as likely as one wrong letter here.
    std::vector<Path> best;
    unsigned int      smallest = 1 + name.size() / 3;
    for (const Section &section : all_sections)
      for (const std::string &candidate :
           is_section ? section.sections : section.entries)
        {
          const unsigned int d =
            distance(name, candidate) + (section.path == around ? 0 : 1);
          if (d < smallest)
            best.clear();
          if (d <= smallest)
            {
              smallest = d;
              best.push_back(section.path);
              best.back().push_back(candidate);
            }
        }
    return best;
  }
} // namespace derl

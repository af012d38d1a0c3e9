// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#ifndef derl_program_parameter_names_h
#define derl_program_parameter_names_h

#include <deal.II/base/parameter_handler.h>

#include <string>
#include <vector>

namespace derl
{
  /**
   * The names of all sections and entries of a ParameterHandler, to tell users
   * who misspelt one which there are. Its own messages name what is wrong only,
   * and differ between the versions of deal.II.
   */
  class ParameterNames
  {
  public:
    /**
     * The names that are declared in @p parameters by now.
     */
    explicit ParameterNames(const dealii::ParameterHandler &parameters);

    /**
     * What to say of the entry @p entry in the given section within a section
     * within ...: empty if it is declared; otherwise what is wrong, what may be
     * meant, and which names there are.
     */
    std::string
    complaint(const std::vector<std::string> &sections,
              const std::string              &entry) const;

    /**
     * The same for the first wrong name in the text of a parameter file, with
     * its line. Empty if all names are declared.
     */
    std::string
    complaint(const std::string &text) const;

    /**
     * The line of the first statement in the text of a parameter file that
     * includes another file; 0 if there is none.
     */
    static unsigned int
    line_of_include(const std::string &text);

  private:
    using Path = std::vector<std::string>;

    /** What a section has, in the order of declaration. */
    struct Section
    {
      Path                     path;
      std::vector<std::string> sections;
      std::vector<std::string> entries;
    };

    /**
     * The section with this path, which must be declared.
     */
    const Section &
    find(const Path &path) const;

    /**
     * Whether a section around the one with this path has the name.
     */
    bool
    is_around(Path path, const std::string &name, const bool is_section) const;

    /**
     * What to say of a section or entry @p name that @p section does not have.
     */
    std::string
    unknown(const Section     &section,
            const std::string &name,
            const bool         is_section) const;

    /**
     * The paths of the sections or entries that are most similar to a wrong
     * one; none if there is no similar one.
     */
    std::vector<Path>
    similar(const Path &wrong, const bool is_section) const;

    /** The first one is the file as a whole, with an empty path. */
    std::vector<Section> all_sections;
  };
} // namespace derl

#endif

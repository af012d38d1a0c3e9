// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <vector>

#include "available_memory.h"

namespace derl
{
  namespace internal
  {
    namespace
    {
      constexpr double unlimited = std::numeric_limits<double>::infinity();



      /**
       * The number after @p key in a file of such pairs, or infinity.
       */
      double
      read_entry(const std::string &path, const std::string &key)
      {
        std::ifstream file(path);
        std::string   name, rest;
        double        value;
        while (file >> name >> value)
          {
            if (name == key)
              return value;
            std::getline(file, rest);
          }
        return unlimited;
      }



      /**
       * The number in a file, or infinity: "max" means that there is no limit.
       */
      double
      read_number(const std::string &path)
      {
        std::ifstream file(path);
        double        value;
        return file >> value ? value : unlimited;
      }



      std::vector<std::string>
      split(const std::string &text, const char separator)
      {
        std::vector<std::string> parts;
        std::istringstream       stream(text);
        for (std::string part; std::getline(stream, part, separator);)
          parts.push_back(part);
        return parts;
      }



      bool
      contains(const std::vector<std::string> &list, const std::string &entry)
      {
        return std::find(list.begin(), list.end(), entry) != list.end();
      }



      /**
       * The files of one version of control groups.
       */
      struct Version
      {
        bool        is_first;
        const char *file_system;
        const char *limit;
        const char *usage;
        const char *inactive_files;
      };

      constexpr Version versions[] = {
        {true,
         "cgroup",
         "memory.limit_in_bytes",
         "memory.usage_in_bytes",
         "total_inactive_file"},
        {false, "cgroup2", "memory.max", "memory.current", "inactive_file"}};



      /**
       * The path of this process' memory group in the hierarchy of a version,
       * from lines "number:controllers:path", or nothing.
       */
      std::string
      group_path(const std::string &root, const Version &version)
      {
        std::ifstream file(root + "/proc/self/cgroup");
        for (std::string line; std::getline(file, line);)
          {
            const std::size_t first  = line.find(':');
            const std::size_t second = line.find(':', first + 1);
            if (second == std::string::npos)
              continue;
            const std::string controllers =
              line.substr(first + 1, second - first - 1);
            if (version.is_first ? contains(split(controllers, ','), "memory")
                                 : controllers.empty())
              return line.substr(second + 1);
          }
        return "";
      }



      /**
       * Where a hierarchy is mounted, and which of its groups is seen there.
       */
      struct Mount
      {
        std::string group;
        std::string folder;
      };



      /**
       * From lines "id parent device group folder options ... - file_system
       * source options".
       */
      Mount
      find_mount(const std::string &root, const Version &version)
      {
        std::ifstream file(root + "/proc/self/mountinfo");
        for (std::string line; std::getline(file, line);)
          {
            const std::size_t end = line.find(" - ");
            if (end == std::string::npos)
              continue;
            const auto mount  = split(line.substr(0, end), ' ');
            const auto system = split(line.substr(end + 3), ' ');
            if (mount.size() >= 5 && system.size() >= 3 &&
                system[0] == version.file_system &&
                (!version.is_first ||
                 contains(split(system[2], ','), "memory")))
              return {mount[3], mount[4]};
          }
        return {};
      }



      /**
       * What the limits of this process' group and of those around it leave.
       */
      double
      left_by_groups(const std::string &root, const Version &version)
      {
        std::string group = group_path(root, version);
        const Mount mount = find_mount(root, version);
        if (group.empty() || mount.folder.empty())
          return unlimited;
        // a container may see its own group only, at the mount's folder
        const std::string seen = mount.group == "/" ? "" : mount.group;
        const bool        is_seen =
          (group + '/').compare(0, seen.size() + 1, seen + '/') == 0;
        group = is_seen ? group.substr(seen.size()) : "";

        double left = unlimited;
        while (true)
          {
            const std::string folder = root + mount.folder + group + "/";
            const double      limit  = read_number(folder + version.limit);
            const double      used   = read_number(folder + version.usage);
            const double      inactive =
              read_entry(folder + "memory.stat", version.inactive_files);
            if (std::isfinite(limit) && std::isfinite(used))
              left = std::min(
                left, limit - used + (std::isfinite(inactive) ? inactive : 0.));
            const std::size_t slash = group.rfind('/');
            if (slash == std::string::npos)
              return left;
            group.erase(slash);
          }
      }
    } // namespace



    double
    available_memory(const std::string &root)
    {
      double result =
        1024. * read_entry(root + "/proc/meminfo", "MemAvailable:");
      for (const Version &version : versions)
        result = std::min(result, left_by_groups(root, version));
      return result;
    }
  } // namespace internal
} // namespace derl

// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

#include "study_runs.h"

#include <derl/base/collective.h>

#include <deal.II/base/exceptions.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace derl
{
  using namespace dealii;
  namespace fs = std::filesystem;

  namespace
  {
    std::string
    text_of(const std::string &path)
    {
      std::ifstream in(path);
      return {std::istreambuf_iterator<char>(in), {}};
    }



    bool
    has_same_record(const StudyRun &run)
    {
      return text_of(run.folder + "/run.txt") == run.record;
    }



    bool
    is_complete(const StudyRun &run)
    {
      const auto summary = nlohmann::json::parse(
        text_of(run.folder + "/summary.json"), nullptr, false);
      return has_same_record(run) && summary.is_object() &&
             summary.value("stop_reason", "") != "signal";
    }



    bool
    has_diverged(const StudyRun &run)
    {
      return has_same_record(run) &&
             text_of(run.folder + "/log.txt").find("Training diverged") !=
               std::string::npos;
    }



    /**
     * Start a run as a child process, which ends with this one.
     */
    pid_t
    start(const StudyRun &run)
    {
      auto command = run.command;
      if (has_same_record(run))
        command.push_back("--restart");
      else
        {
          fs::remove_all(run.folder);
          fs::create_directories(run.folder);
          write_file_atomically(run.folder + "/run.txt", run.record);
        }
      fs::remove(run.folder + "/summary.json");
      std::vector<char *> arguments;
      for (std::string &word : command)
        arguments.push_back(word.data());
      arguments.push_back(nullptr);
      const std::string log    = run.folder + "/log.txt";
      const pid_t       parent = getpid();

      const pid_t child = fork();
      AssertThrow(
        child >= 0,
        ExcMessage(std::string("Cannot start a run: ") + std::strerror(errno)));
      if (child > 0)
        return child;
      // The child: a killed study must not leave runs that write into folders
      // of the next one.
      prctl(PR_SET_PDEATHSIG, SIGTERM);
      const int in     = open("/dev/null", O_RDONLY);
      const int out_to = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      dup2(in, 0);
      dup2(out_to, 1);
      dup2(out_to, 2);
      if (getppid() == parent)
        execvp(arguments[0], arguments.data());
      _exit(127);
    }



    /**
     * Throw, with the end of what the run has written.
     */
    void
    refuse(const StudyRun &run, const int status)
    {
      AssertThrow(
        !WIFEXITED(status) || WEXITSTATUS(status) != 127,
        ExcMessage("Cannot start the program '" + run.command[0] + "'."));
      const std::string log = text_of(run.folder + "/log.txt");
      AssertThrow(
        false,
        ExcMessage("A run of the study failed. The end of " + run.folder +
                   "/log.txt:\n" +
                   (log.size() > 1000 ? log.substr(log.size() - 1000) : log)));
    }



    std::string
    time_text(const double seconds)
    {
      const long s = std::lround(seconds);
      return s < 120    ? std::to_string(s) + " s"
             : s < 7200 ? std::to_string(s / 60) + " min"
                        : std::to_string(s / 3600) + " h";
    }



    volatile std::sig_atomic_t signal_to_stop = 0;

    void
    note_signal(const int signal)
    {
      signal_to_stop = signal;
    }
  } // namespace



  void
  run_study(StudyPlan &plan, const unsigned int n_at_once, std::ostream &out)
  {
    using Clock = std::chrono::steady_clock;
    // without SA_RESTART, so that waiting ends
    struct sigaction action = {};
    action.sa_handler       = note_signal;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);

    std::vector<StudyRun *> waiting;
    unsigned int            n_runs = 0;
    for (StudyRow &row : plan.rows)
      for (StudyRun &run : row.runs)
        {
          ++n_runs;
          run.diverged = has_diverged(run);
          if (!is_complete(run) && !run.diverged)
            waiting.push_back(&run);
        }
    if (waiting.size() < n_runs)
      out << n_runs - waiting.size() << " of " << n_runs
          << " runs were complete." << std::endl;

    std::map<pid_t, std::pair<StudyRun *, Clock::time_point>> running;
    const unsigned int n_to_do = waiting.size();
    unsigned int       n_done  = 0;
    const auto         begin   = Clock::now();
    const auto         since   = [](const Clock::time_point &time) {
      return std::chrono::duration<double>(Clock::now() - time).count();
    };
    for (auto next = waiting.begin(); n_done < n_to_do;)
      {
        while (next != waiting.end() && running.size() < n_at_once &&
               signal_to_stop == 0)
          {
            StudyRun *const run  = *next++;
            running[start(*run)] = {run, Clock::now()};
          }
        if (running.empty())
          break;
        int         status = 0;
        const pid_t child  = wait(&status);
        if (child < 0 && signal_to_stop != 0)
          for (const auto &[process, run] : running)
            kill(process, SIGTERM);
        const auto found = running.find(child);
        if (found == running.end())
          continue;
        const auto [run, started] = found->second;
        running.erase(found);
        ++n_done;
        if (!is_complete(*run) && signal_to_stop == 0)
          {
            run->diverged = has_diverged(*run);
            if (!run->diverged)
              {
                for (const auto &[process, other] : running)
                  kill(process, SIGTERM);
                refuse(*run, status);
              }
          }
        out << '[' << n_runs - n_to_do + n_done << '/' << n_runs << "] "
            << fs::path(run->folder).filename().string()
            << (run->diverged ? " diverged after " : ": ")
            << time_text(since(started));
        if (n_done < n_to_do)
          out << ", " << time_text(since(begin) / n_done * (n_to_do - n_done))
              << " to go";
        out << std::endl;
      }
    AssertThrow(signal_to_stop == 0,
                ExcMessage("The study was stopped by a signal. The same "
                           "command goes on with it."));
  }
} // namespace derl

// SPDX-License-Identifier: LGPL-2.1-or-later
// Part of DERL for deal.II.

// Readers of files must take whatever they are given: the result is an object
// that can be used and saved again, or an exception that says what is wrong.

#include <derl/base/collective.h>

#include <deal.II/base/mpi.h>

#include <sys/resource.h>
#include <sys/time.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <new>

#include <unistd.h>

#include "fuzz.h"

#if defined(__SANITIZE_ADDRESS__)
extern "C" void
__sanitizer_set_death_callback(void (*)());
#endif

namespace
{
  using namespace fuzz;

  /** Seconds of the processor after which an input is said to hang. */
  constexpr unsigned int patience = 60;

  /** Memory that reading an input may take, beside what the program has. */
  constexpr std::size_t max_memory = std::size_t(256) << 20;

  /** What a report of a crash needs; it must not allocate. */
  char        input_name[200];
  Input       input;
  const char *problem = "crashed";



  /**
   * Keep the input that is being read for those who look for the reason.
   */
  void
  keep_input()
  {
    const auto write_text = [](const char *const text) {
      if (write(STDERR_FILENO, text, std::strlen(text)) < 0)
        _exit(2);
    };
    write_text("\nFAILED: ");
    write_text(problem);
    write_text("\n");
    if (input_name[0] == 0)
      return;
    write_text("Reading ");
    write_text(input_name);
    write_text(", which was kept.\n");
    std::FILE *const file = std::fopen(input_name, "wb");
    if (file != nullptr)
      {
        std::fwrite(input.bytes.data(), 1, input.bytes.size(), file);
        std::fclose(file);
      }
  }



  void
  on_signal(const int signal)
  {
    if (signal == SIGPROF)
      problem = "hangs";
    keep_input();
    std::signal(signal, SIG_DFL);
    std::raise(signal == SIGPROF ? SIGABRT : signal);
  }



  /**
   * Count the time of the next input, or of none if @p seconds are zero. It is
   * that of the processor, since machines that run tests are busy.
   */
  void
  set_timer(const unsigned int seconds)
  {
    itimerval timer{};
    timer.it_value.tv_sec = seconds;
    setitimer(ITIMER_PROF, &timer, nullptr);
  }



  void
  catch_crashes()
  {
    std::signal(SIGPROF, on_signal);
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_set_death_callback(keep_input);
#else
    // a stack that is used up leaves no room for a handler
    static char      stack[65536];
    const stack_t    other{stack, 0, sizeof(stack)};
    struct sigaction action = {};
    sigaltstack(&other, nullptr);
    action.sa_handler = on_signal;
    action.sa_flags   = SA_ONSTACK;
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
      sigaction(signal, &action, nullptr);
#endif
  }



  /**
   * Let larger allocations fail from now on. The address sanitizer takes a
   * part of the address space for itself, and has a limit of its own.
   */
  void
  limit_memory()
  {
#if !defined(__SANITIZE_ADDRESS__)
    std::ifstream statistics("/proc/self/statm");
    std::size_t   pages = 0;
    statistics >> pages;
    const rlim_t limit = pages * sysconf(_SC_PAGESIZE) + max_memory;
    const rlimit limits{limit, limit};
    require(pages > 0 && setrlimit(RLIMIT_AS, &limits) == 0,
            "the memory cannot be limited");
#endif
  }



  /**
   * The first line of a message without what differs between inputs: what is
   * quoted, numbers.
   */
  std::string
  kind_of(const std::string &message)
  {
    std::string result;
    char        quote = 0;
    for (const char c : message.substr(0, message.find('\n')))
      if (quote != 0)
        {
          if (c == quote)
            quote = 0;
        }
      else if (c == '\'' || c == '"' || c == '<')
        {
          quote = c == '<' ? '>' : c;
          result += "*";
        }
      else if (std::isdigit(static_cast<unsigned char>(c)) == 0)
        result += c;
      else if (result.empty() || result.back() != '#')
        result += '#';
    return result.substr(0, 100);
  }



  /**
   * What happened to many inputs.
   */
  struct Statistics
  {
    std::uint64_t                        n_accepted = 0, n_refused = 0;
    double                               slowest       = 0.;
    std::uint64_t                        index_of_slow = 0;
    std::map<std::string, std::uint64_t> messages;
  };



  /**
   * Throws Failure.
   */
  void
  read_one(Target &target, Statistics &statistics)
  {
    set_timer(patience);
    try
      {
        target.read(input);
        ++statistics.n_accepted;
      }
    catch (const Failure &)
      {
        throw;
      }
    catch (const std::bad_alloc &)
      {
        throw Failure("too much memory was asked for");
      }
    catch (const std::exception &error)
      {
        const std::string message = derl::error_message(error);
        require(message.find("There is not enough memory") == std::string::npos,
                "too much memory was asked for");
        require(message.size() > 20, "this is no message: " + message);
        require(std::none_of(message.begin(),
                             message.end(),
                             [](const unsigned char c) {
                               return std::iscntrl(c) != 0 &&
                                      std::isspace(c) == 0;
                             }),
                "the message would control a terminal: " + message);
        ++statistics.n_refused;
        ++statistics.messages[kind_of(message)];
      }
    set_timer(0);
  }



  void
  show(const Statistics &statistics)
  {
    std::vector<std::pair<std::uint64_t, std::string>> messages;
    for (const auto &message : statistics.messages)
      messages.emplace_back(message.second, message.first);
    std::sort(messages.rbegin(), messages.rend());
    messages.resize(std::min<std::size_t>(messages.size(), 40));
    for (const auto &message : messages)
      std::cout << "  " << message.first << "  " << message.second << '\n';
  }



  /**
   * Read the inputs first, ..., first + count - 1 of a seed.
   */
  void
  run(Target             &target,
      const std::string  &kind,
      const std::uint64_t count,
      const std::uint64_t seed,
      const std::uint64_t first)
  {
    using Clock              = std::chrono::steady_clock;
    const auto seconds_since = [](const Clock::time_point start) {
      return std::chrono::duration<double>(Clock::now() - start).count();
    };
    Statistics statistics;
    const auto start = Clock::now();
    for (std::uint64_t index = first; index < first + count; ++index)
      {
        std::snprintf(input_name,
                      sizeof(input_name),
                      "fuzz_%s_%llu_%llu",
                      kind.c_str(),
                      static_cast<unsigned long long>(seed),
                      static_cast<unsigned long long>(index));
        Dice dice(seed, index);
        input = target.make(dice);

        const auto begin = Clock::now();
        read_one(target, statistics);
        const double seconds = seconds_since(begin);
        if (seconds > statistics.slowest)
          {
            statistics.slowest       = seconds;
            statistics.index_of_slow = index;
          }
      }
    std::cout << kind << ": " << count << " inputs of seed " << seed << ", "
              << statistics.n_accepted << " accepted, " << statistics.n_refused
              << " refused, " << seconds_since(start) << " s (at most "
              << statistics.slowest << " s, number " << statistics.index_of_slow
              << ")\n";
    show(statistics);
    require(count < 1000 || std::min(statistics.n_accepted,
                                     statistics.n_refused) >= count / 100,
            "these inputs are all good or all bad, and test nothing");
  }



  void
  run_file(Target &target, const std::string &path)
  {
    std::ifstream file(path, std::ios::binary);
    require(file.is_open(), "cannot read " + path);
    input.bytes.assign(std::istreambuf_iterator<char>(file), {});
    std::snprintf(input_name, sizeof(input_name), "%s.again", path.c_str());
    Statistics statistics;
    for (unsigned int variant = 0; variant < target.n_variants(); ++variant)
      {
        input.variant = variant;
        read_one(target, statistics);
      }
    std::cout << path << ": " << statistics.n_accepted << " accepted, "
              << statistics.n_refused << " refused\n";
    show(statistics);
  }



  std::unique_ptr<Target>
  make_target(const std::string &kind)
  {
    if (kind == "model")
      return make_model_target();
    if (kind == "checkpoint")
      return make_checkpoint_target();
    if (kind == "parameters")
      return make_parameter_target();
    return nullptr;
  }
} // namespace



namespace fuzz
{
  void
  must_succeed(const std::string &what, const std::function<void()> &work)
  {
    try
      {
        work();
      }
    catch (const Failure &)
      {
        throw;
      }
    catch (const std::exception &error)
      {
        throw Failure("it was accepted, but cannot be " + what + ": " +
                      derl::error_message(error));
      }
  }



  void
  require(const bool good, const std::string &what)
  {
    if (!good)
      throw Failure(what);
  }
} // namespace fuzz



int
main(int argc, char **argv)
{
  dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);

  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const auto                     target =
    arguments.size() < 2 ? nullptr : make_target(arguments[0]);
  if (target == nullptr)
    {
      std::cerr << "Usage: fuzz model|checkpoint|parameters COUNT [SEED "
                   "[FIRST]]\n"
                   "       fuzz model|checkpoint|parameters FILE\n";
      return 1;
    }

  try
    {
      catch_crashes();
      limit_memory();
      const auto number = [&](const std::size_t i, const std::uint64_t other) {
        return arguments.size() > i ? std::stoull(arguments[i]) : other;
      };
      if (std::all_of(arguments[1].begin(), arguments[1].end(), [](char c) {
            return c >= '0' && c <= '9';
          }))
        run(*target, arguments[0], number(1, 0), number(2, 1), number(3, 0));
      else
        run_file(*target, arguments[1]);
      return 0;
    }
  catch (const std::exception &error)
    {
      static std::string words;
      words   = error.what();
      problem = words.c_str();
      keep_input();
      return 1;
    }
}

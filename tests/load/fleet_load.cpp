// The gateway under load: starts a fleetwalld on one processor, runs on the other, prints figures.
//   fleet_load SCENARIO [--seconds N] [--rate LINES_A_SECOND] [--viewers N] [--machines N]
//              [--senders N] [--lines N] [--window N] [--fleetwalld PATH] [--keep FOLDER] [--log
//              FILE]
// Scenarios: ingest, viewers200, slow, cut500, halfopen; see README.md. Exit status 1: a bar was
// missed.
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "tests/load/rig.hpp"

namespace {

bool take_option(const char* name, const char* value, load::Settings& settings) {
  const auto is = [name](const char* known) { return std::strcmp(name, known) == 0; };
  const auto number = static_cast<std::uint32_t>(std::strtoul(value, nullptr, 10));
  if (is("--seconds")) return settings.seconds = std::atof(value), true;
  if (is("--rate")) return settings.rate = std::atof(value), true;
  if (is("--viewers")) return settings.viewers = number, true;
  if (is("--machines")) return settings.machines = number, true;
  if (is("--senders")) return settings.senders = number, true;
  if (is("--lines")) return settings.lines = number, true;
  if (is("--window")) return settings.window = number, true;
  if (is("--fleetwalld")) return settings.fleetwalld = value, true;
  if (is("--log")) return settings.log = value, true;
  if (is("--keep")) return settings.keep = value, true;
  return false;
}

struct Scenario {
  const char* name;
  bool (*run)(const load::Settings&);
  load::Settings settings;
};

load::Settings with(std::uint32_t machines, std::uint32_t viewers, double seconds, double rate,
                    std::uint32_t senders, std::uint32_t lines) {
  load::Settings settings;
  settings.machines = machines;
  settings.viewers = viewers;
  settings.seconds = seconds;
  settings.rate = rate;
  settings.senders = senders;
  settings.lines = lines;
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  const Scenario scenarios[] = {
      {"ingest", load::run_ingest, with(32'730, 50, 600, 0, 4, 1000)},
      {"viewers200", load::run_viewers, with(2'000, 200, 60, 2'000, 1, 50)},
      {"slow", load::run_slow, with(32'730, 20, 60, 32'730, 2, 500)},
      {"cut500", load::run_cut, with(32'730, 500, 10, 2'000, 1, 100)},
      {"halfopen", load::run_half_open, with(2'000, 10, 40, 100, 1, 10)},
  };
  signal(SIGPIPE, SIG_IGN);
  for (const Scenario& scenario : scenarios) {
    if (argc < 2 || std::strcmp(argv[1], scenario.name) != 0) continue;
    load::Settings settings = scenario.settings;
    for (int i = 2; i < argc; i += 2)
      if (i + 1 >= argc || !take_option(argv[i], argv[i + 1], settings))
        return std::fprintf(stderr, "unknown option %s\n", argv[i]), 2;
    try {
      return scenario.run(settings) ? 0 : 1;
    } catch (const std::exception& error) {
      return std::fprintf(stderr, "%s\n", error.what()), 2;
    }
  }
  std::fprintf(stderr, "fleet_load ingest|viewers200|slow|cut500|halfopen [options]\n");
  return 2;
}

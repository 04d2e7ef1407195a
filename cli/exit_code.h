// SPDX-License-Identifier: Apache-2.0
//
// How the command line program can end: a closed set, so that scripts can rely on it. Numbers from
// 64 on follow sysexits.h of BSD, 130 is what shells report for SIGINT. `cotenant --help` and
// docs/cli.md print this table.
#pragma once

#include <array>
#include <string_view>

namespace cotenant {

enum class ExitCode : int {
  ok = 0,
  usage = 2,
  invalid_scenario = 65,
  cannot_read = 66,
  internal_error = 70,
  cannot_write = 73,
  incomplete = 75,
  objective_missed = 99,
  interrupted = 130,
};

struct ExitCodeInfo {
  ExitCode code;
  std::string_view meaning;
};

inline constexpr std::array<ExitCodeInfo, 9> kExitCodes = {{
    {ExitCode::ok, "done; no objective is missed"},
    {ExitCode::usage, "the command line is not understood"},
    {ExitCode::invalid_scenario,
     "a scenario or recording is invalid; all problems are on standard error"},
    {ExitCode::cannot_read, "an input file cannot be read"},
    {ExitCode::internal_error, "a bug in Cotenant; the message says how to reproduce it"},
    {ExitCode::cannot_write, "the output cannot be written; no partial file is left"},
    {ExitCode::incomplete,
     "a time limit or a budget ended the run; the report covers what is done"},
    {ExitCode::objective_missed, "the report is complete and a setup misses an objective"},
    {ExitCode::interrupted, "Ctrl-C or SIGTERM; the report covers what is done"},
}};

constexpr int number(ExitCode code) { return static_cast<int>(code); }

}  // namespace cotenant

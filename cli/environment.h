// SPDX-License-Identifier: Apache-2.0
//
// All that the command line program gets from outside: streams, what is known about the terminal,
// the request to stop, a clock, and the function that does the work. main() fills it from the
// process; tests fill it with strings. Nothing else in cli/ looks at the process.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <ostream>

#include "study/inspect.h"
#include "study/study.h"
#include "validation/capture/recorder/recorder_clock.h"

namespace cotenant {

// Set by a signal handler; read by the study, which ends cleanly.
struct StopRequest {
  std::atomic<bool> stop{false};         // for whatever reason
  std::atomic<bool> interrupted{false};  // by a signal
};

using InspectFunction = std::function<Checked<Inspection>(const Scenario& scenario,
                                                          const std::filesystem::path& directory,
                                                          const InspectOptions& options)>;
using StudyFunction = std::function<Checked<Report>(
    const Scenario& scenario, const std::filesystem::path& directory, const StudyOptions& options)>;

struct Environment {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  StopRequest& stop_request;
  std::function<double()> clock;      // seconds since some instant; never goes back
  RecorderClock recorder_clock = {};  // of `capture`
  std::int64_t today = 0;             // days since 1970-01-01, to say how old prices are
  StudyFunction study = run_study;
  InspectFunction inspect = cotenant::inspect;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool no_color = false;        // NO_COLOR is set (https://no-color.org)
  std::size_t out_width = 100;  // columns; the same for every output that is not a terminal
  std::size_t err_width = 80;
  unsigned cores = 1;
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Scenario in, Report out: compiles the scenario, finds the warm-up, runs replications of all
// setups on some threads, and summarizes them. The report does not depend on the number of threads.
// Both faces call this and nothing below it.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "models/fingerprint.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"
#include "study/report.h"

namespace cotenant {

struct Progress {
  double fraction = 0;  // of the work planned so far; it can fall when precision asks for more
  std::uint64_t runs_done = 0;
  std::uint64_t runs_planned = 0;
};

struct StudyOptions {
  std::optional<std::uint64_t> seed;          // instead of the scenario's
  std::optional<std::uint64_t> replications;  // instead of the scenario's; switches precision off
  unsigned jobs = 1;                          // threads
  std::string baseline;  // of differences: the name of a setup; empty: the first that has numbers
  std::size_t timeline_slices = 0;  // of the timeline of each setup; 0: none is wanted
  Ingredients ingredients;          // of the fingerprint
  std::uint64_t tie_salt = 0;       // see RunOptions

  // Set by anyone, at any time: the study ends soon with what is done and is marked incomplete.
  const std::atomic<bool>* stop = nullptr;
  // Called after every run, from the thread that called run_study().
  std::function<void(const Progress&)> progress;
  // Called with what is known so far, from that thread, too: after the first replication, and
  // whenever there are twice as many. What comes in the end does not depend on it.
  std::function<void(const Report&)> interim;
};

// Files named in the scenario are looked up relative to `directory`. Throws std::runtime_error when
// one cannot be read.
Checked<Report> run_study(const Scenario& scenario, const std::filesystem::path& directory,
                          const StudyOptions& options);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// How often a shipped comparison has the same answer when nothing but luck changes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/writers/words.h"
#include "tests/study/shipped.h"

namespace cotenant {

// With as many replications as shipped: they are what the answer rests on. Empty: it cannot tell.
inline std::string winner(const Scenario& scenario, std::uint64_t seed) {
  StudyOptions options;
  options.seed = seed;
  options.jobs = 2;
  const Checked<Report> report = run_study(scenario, ".", options);
  if (!report) throw std::runtime_error(render(report.diagnostics(), scenario.name));
  const std::vector<std::size_t> cheapest = cheapest_that_meet(*report);
  return cheapest.empty() ? "" : report->setups[cheapest.front()].name;
}

// Of seeds 1, 2, …, those with that winner.
inline std::uint64_t wins(const std::string& file, const std::string& setup, std::uint64_t seeds) {
  const Scenario scenario = shipped(file);
  std::uint64_t count = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) count += winner(scenario, seed) == setup;
  return count;
}

}  // namespace cotenant

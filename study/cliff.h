// SPDX-License-Identifier: Apache-2.0
//
// How far the cliff is: the load at which a setup begins to miss an objective, found by simulating
// it at other loads. The answer is an interval: at its low end every objective was met, at its high
// end one was missed, each as surely as any verdict is.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/scenario.h"
#include "study/report.h"
#include "study/study.h"

namespace cotenant {

// One load that was tried.
struct LoadPoint {
  double factor = 1;  // times the load of the scenario
  Verdict verdict = Verdict::cannot_tell;
  SetupReport setup;
};

struct Cliff {
  std::vector<LoadPoint> points;  // by load
  // Into `points`: the highest load that meets everything below the lowest that misses something.
  std::optional<std::size_t> holds, breaks;
  std::string why_none;  // there was no search: a clause

  // The search ended before the interval was as narrow as it should be.
  bool stopped = false;
};

struct CliffOptions {
  StudyOptions study;                  // seed, threads, stop; replications of each load
  double precision = 0.1;              // breaks <= holds (1 + precision), where verdicts allow it
  double most = 64, least = 1.0 / 64;  // factors
};

// Of a setup of the scenario, whose report is known. Files as for run_study().
Checked<Cliff> find_cliff(const Scenario& scenario, const SetupReport& setup,
                          const std::filesystem::path& directory, const CliffOptions& options);

}  // namespace cotenant

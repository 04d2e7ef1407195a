// SPDX-License-Identifier: Apache-2.0
//
// What a row needs to be checked: a simulation (a scenario text with everything but its length, and
// how long it should be) and an estimator that reads the reports. Rows whose scenarios are equal
// share one simulation, as long as the most demanding of them wants. The public path is all that is
// used: text, decode(), run_study(), Report.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "study/report.h"

namespace cotenant::oracle {

using Json = nlohmann::ordered_json;

// A number with its standard error; exact when that is zero.
struct Estimate {
  double value = 0;
  double error = 0;
};

using Reports = std::vector<Report>;
using Estimator = std::function<Estimate(const Reports&)>;

struct Length {
  double duration = 0;  // seconds, warm-up included
  double warmup = 0;
  int replications = 32;  // of each study
  int studies = 1;        // with one seed each; more than one where a report alone has no spread
  // In all replications of a steady state, which may as well be observed for longer; 0 where the
  // duration matters.
  double completions = 0;
};

// A csv file beside the scenario of one study, by the number of the study.
struct Recording {
  std::string name;
  std::function<std::string(int study)> text;
};

struct Simulation {
  Json scenario;  // without "study"
  Length length;
  std::vector<Recording> recordings;
};

// The texts of a simulation and of its scenario for one study.
std::string scenario_text(const Simulation& simulation);

// Runs all studies of the simulation on two threads. Throws when the scenario is refused.
Reports run(const Simulation& simulation);

// A row is checked by its parts: all must be met. Part i of a row with several values is for value
// i; parts of a row with one value are variants that must all give it.
struct Part {
  Simulation simulation;
  Estimator estimator;
  std::string variant;  // in the name of the test, where there are several
};
using Parts = std::vector<Part>;

}  // namespace cotenant::oracle

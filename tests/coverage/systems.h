// SPDX-License-Identifier: Apache-2.0
//
// Systems whose answers are known exactly, as scenario texts, with the truth of their metrics taken
// from the rows of validation/data/oracles.json. One model time unit is one second. Overheads are
// none; nothing but the length of a study is left open.
#pragma once

#include <string>
#include <vector>

#include "scenarios/metric.h"

namespace cotenant::coverage {

struct Truth {
  Metric metric;
  double value;
};

struct System {
  std::string name;
  std::string scenario;      // without "study" and "seed", as JSON text
  double rate = 0;           // requests per second
  std::vector<Truth> means;  // intervals for these should contain the truth as often as they say
  std::vector<Truth> percentiles;
};

// M/M/1, first come first served, mean service 1/mu.
System mm1(double lambda, double mu = 1);

// M/G/1 with hyperexponential service, balanced means, squared coefficient of variation 4, load
// 0.7.
System mh21();

// The machine repairman: ten users who think for 5 s on average and one core. It stands for the
// closed network closed-20, whose disk the scenario format cannot say.
System repairman();

// The value of a row.
double oracle(const std::string& id);

// The study a text asks for. `warmup` may be "auto" or a duration in seconds; `precision` 0: none.
struct Length {
  double duration = 0;  // seconds
  int replications = 20;
  std::string warmup = "auto";
  double precision = 0;
};

// The whole text of a scenario.
std::string scenario_text(const System& system, const Length& length);

// As long as it takes for about this many requests.
double duration_for(const System& system, double requests);

}  // namespace cotenant::coverage

// SPDX-License-Identifier: Apache-2.0
//
// Captures of a server that was never there, with demands that the test knows: Poisson arrivals
// whose mix changes from period to period, gamma demands, responses that are a multiple of the
// demand, CPU spent evenly over each request's life.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "validation/capture/capture.h"

namespace cotenant {

struct SyntheticClass {
  std::string name;
  double rate = 10;      // per second
  double demand = 0.01;  // mean, seconds of CPU
  double cv = 0.5;       // of the demand
};

struct SyntheticOptions {
  std::vector<SyntheticClass> classes;
  int seconds = 600;
  double background = 0;  // CPU seconds per second
  double mix_cv = 0.5;    // of the rate of each class from period to period
  int period = 10;        // seconds
  bool together = false;  // all rates change alike
  double stretch = 2;     // response / demand
  bool request_cpu = false;
  std::uint64_t seed = 1;
};

Capture synthetic_capture(const SyntheticOptions& options);

}  // namespace cotenant

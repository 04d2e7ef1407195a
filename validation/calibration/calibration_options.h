// SPDX-License-Identifier: Apache-2.0
//
// How much work a calibration may do, and how it can be stopped.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

namespace cotenant {

struct CalibrationOptions {
  std::uint64_t seed = 1;
  std::uint64_t phases = 8;     // of the timers that nobody recorded, in each evaluation
  std::uint64_t members = 100;  // of the ensemble
  unsigned jobs = 1;
  const std::atomic<bool>* stop = nullptr;           // set by anyone, at any time
  std::function<void(const std::string&)> progress;  // what is done now, in words

  bool stopped() const { return stop != nullptr && stop->load(); }
};

// No model is better than this (calibration-and-statistics.md 1.3, step 5): the standard deviation
// of a logarithm.
inline constexpr double kLeastDiscrepancy = 0.03;

}  // namespace cotenant

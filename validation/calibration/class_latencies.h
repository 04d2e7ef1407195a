// SPDX-License-Identifier: Apache-2.0
//
// What is compared of a captured application and its simulation: percentiles of latency, class by
// class, and the CPU of its control group.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"
#include "validation/calibration/calibration_options.h"
#include "validation/capture/capture.h"

namespace cotenant {

inline constexpr std::array<double, 5> kComparedPercentiles = {0.5, 0.75, 0.9, 0.95, 0.99};
using Percentiles = std::array<double, kComparedPercentiles.size()>;  // seconds

struct ClassLatencies {
  std::vector<Percentiles> classes;  // 0 where a class has no requests
  double cpu = 0;                    // seconds, of all requests together
};

// A class with fewer requests than that has no percentiles to speak of.
inline constexpr std::size_t kLeastRequests = 100;

ClassLatencies captured_latencies(const Capture& capture);

// Of so many captures like that one: stretches of kStretch are put together anew.
std::vector<ClassLatencies> resampled_latencies(const Capture& capture, std::uint64_t seed,
                                                std::uint64_t resamples);
inline constexpr Duration kStretch = seconds(5);

// Means over the phases, and their relative variance. `scenario` is one of scenario_of(). Nothing
// when it was stopped.
struct SimulatedLatencies {
  ClassLatencies mean;
  std::vector<Percentiles> phase_variance;
};
Checked<std::optional<SimulatedLatencies>> simulated_latencies(const Scenario& scenario,
                                                               const std::filesystem::path& folder,
                                                               std::size_t classes,
                                                               const CalibrationOptions& options);

}  // namespace cotenant

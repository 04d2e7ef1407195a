// SPDX-License-Identifier: Apache-2.0
//
// Metrics by replication: what intervals, differences between setups and the spread over boxes are
// made of. Most metrics are a sum over another sum, such as errors over requests that ended; the
// others are statistics of all latencies.
#pragma once

#include <optional>
#include <vector>

#include "scenarios/metric.h"
#include "study/tally.h"

namespace cotenant {

// One numerator and one denominator for each replication; the metric is their quotient times the
// scale.
struct Quotients {
  std::vector<double> numerators, denominators;
  double scale = 1;

  // Whether there is anything to divide by.
  bool any() const;
};

// Of these requests of the setup. The metric must be one of those that are quotients.
Quotients quotients_of(Metric metric, const RequestTally& requests, const SetupTally& setup);

// In the unit of the metric, for each replication; nothing where that one has too few requests for
// a percentile, or nothing to divide by.
std::vector<std::optional<double>> by_replication(Metric metric, const RequestTally& requests,
                                                  const SetupTally& setup);

// Latencies in seconds below which that part of the requests is; nullopt: the metric is none.
std::optional<double> percentile_of(Metric metric);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// How the demands of a class vary, as a law that a scenario can say: quantiles of what was
// recorded, smoothed, with a tail beyond the largest value where there are enough values to know
// one. The mean is not taken from them but from the regression on counters, which misses nothing
// that requests cost.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/duration_law.h"
#include "validation/capture/capture.h"

namespace cotenant {

// Demands of single requests of one class, in seconds.
struct DemandSample {
  std::vector<double> values;
  std::vector<std::string> remarks;
};

// The recorded CPU time of requests.
DemandSample recorded_cpu(const Capture& capture, std::size_t class_index);

// Responses of requests that found nobody in the system: CPU, waits and disk without queueing.
DemandSample idle_responses(const Capture& capture, std::size_t class_index);

struct DemandDistribution {
  DurationLaw law;
  double mean = 0;                   // seconds, of the law
  double cv = 0;                     // of the values
  std::optional<double> tail_shape;  // of the generalized Pareto tail; none: there is no tail
  std::vector<std::string> remarks;
};

// The law of at least one value, scaled to `mean`, or as it is if that is 0. Of a few values only
// their coefficient of variation is kept, in a lognormal law.
DemandDistribution demand_distribution(std::vector<double> values, double mean);

// A generalized Pareto law of excesses over a threshold, by probability-weighted moments (Hosking
// and Wallis, Technometrics 29, 1987), with the standard deviation of its shape.
struct ParetoTail {
  double shape = 0;  // 0 is exponential, above it heavier
  double scale = 0;
  double shape_deviation = 0;
};
ParetoTail pareto_tail(const std::vector<double>& sorted_excesses);
// The excess that a share `beyond` of the excesses surpasses.
double tail_quantile(const ParetoTail& tail, double beyond);

}  // namespace cotenant

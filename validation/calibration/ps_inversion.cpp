// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/ps_inversion.h"

#include <algorithm>
#include <cmath>

#include "sim/base/assert.h"

namespace cotenant {

double sharing_factor(int cores, double utilization) {
  COTENANT_ASSERT(cores >= 1 && utilization >= 0 && utilization < 1);
  const double offered = cores * utilization;
  // Erlang's loss formula by its recurrence, then the delay formula.
  double loss = 1;
  for (int c = 1; c <= cores; ++c) loss = offered * loss / (c + offered * loss);
  const double delay = loss / (1 - utilization * (1 - loss));
  return 1 + delay / (cores * (1 - utilization));
}

double demand_from_response(double response, double elsewhere, double rate, int cores) {
  const double with_cpu = response - elsewhere;
  if (!(with_cpu > 0)) return 0;
  const auto response_of = [&](double demand) {
    return demand * sharing_factor(cores, std::min(rate * demand / cores, 1 - 1e-12));
  };
  const double most = rate > 0 ? std::min(with_cpu, cores / rate) : with_cpu;
  return invert_increasing(response_of, with_cpu, 0, most);
}

QuotaResponse quota_response(double cpu, double quota, double period) {
  COTENANT_ASSERT(cpu >= 0 && quota > 0 && quota <= period);
  if (cpu <= quota || quota == period) return {cpu, cpu, cpu, 1};
  const double refills = std::ceil(cpu / quota) - 1;  // m
  const double rest = cpu - refills * quota;          // s, in the last period
  const double idle = period - quota;                 // d
  QuotaResponse response;
  response.mean = cpu + idle / period * (refills * period - (period + quota) / 2 + rest);
  response.shortest = cpu + (refills - 1) * idle;
  response.longest = cpu + refills * idle;
  response.longest_probability = rest / period;
  return response;
}

double cpu_from_quota_response(double mean_response, double quota, double period) {
  const auto response_of = [&](double cpu) { return quota_response(cpu, quota, period).mean; };
  return invert_increasing(response_of, mean_response, 0, mean_response);
}

double invert_increasing(const std::function<double(double)>& function, double value, double low,
                         double high) {
  // 60 halves leave 1e-18 of the interval.
  for (int i = 0; i < 60; ++i) {
    const double middle = low + (high - low) / 2;
    (function(middle) < value ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

}  // namespace cotenant

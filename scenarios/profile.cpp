// SPDX-License-Identifier: Apache-2.0
#include "scenarios/profile.h"

#include <cmath>

namespace cotenant {
namespace {

// The time average over the points; the only rate where there is but one.
double mean_rate(const ProfileArrivals& profile) {
  double requests = 0;
  for (std::size_t i = 1; i < profile.points.size(); ++i) {
    const ProfilePoint& from = profile.points[i - 1];
    const ProfilePoint& to = profile.points[i];
    requests += (from.rate.per_second + to.rate.per_second) / 2 * in_seconds(to.at - from.at);
  }
  const double span = in_seconds(profile.points.back().at - profile.points.front().at);
  return span > 0 ? requests / span : profile.points.back().rate.per_second;
}

double requests_per_burst(const ProfileArrivals& profile) {
  return mean_rate(profile) * in_seconds(profile.burst_length);
}

}  // namespace

double swing_of(const ProfileArrivals& profile) {
  return std::sqrt((profile.burstiness - 1) / requests_per_burst(profile));
}

double highest_burstiness(const ProfileArrivals& profile) {
  return 1 + requests_per_burst(profile);
}

}  // namespace cotenant

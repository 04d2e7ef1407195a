// SPDX-License-Identifier: Apache-2.0
//
// How irregular arrivals are beyond the rate they follow. The rate is constant in bins of some
// minutes; in operational time, which runs as fast as requests are expected, they would be a
// Poisson process if nothing else drove them. The index of dispersion for counts (IDC) is the
// variance of their number in windows of a length, divided by its mean: 1 for Poisson.
#pragma once

#include <cstddef>
#include <vector>

#include "sim/base/units.h"

namespace cotenant {

struct BinnedRate {
  double width = 0;          // seconds
  std::vector<double> rate;  // per second, in each

  double mean() const;
  double expected_until(double seconds) const;  // arrivals since 0
};

// Of arrivals between 0 and `duration`, in seconds and in order; bins are equally wide.
BinnedRate binned_rate(const std::vector<double>& arrivals, double duration, std::size_t bins);

// Bins of about 10 minutes, 5 in short captures; one alone for less than 15 minutes.
std::size_t bin_count(double duration);

// Arrivals in operational time, in seconds at the mean rate.
std::vector<double> rescaled(const std::vector<double>& arrivals, const BinnedRate& bins);

struct DispersionPoint {
  double scale = 0;  // seconds
  double idc = 1;
  double deviation = 0;  // standard, as if windows were independent
};

// Seven lengths of windows, from two mean gaps to a third of a bin and a thirtieth of the whole;
// fewer where these are not a factor of 2 apart, none for less than 60 arrivals. Bins take part of
// the variance with them, as each has just the number of arrivals that it expects: 1 - scale / bin
// is left, and made up for.
std::vector<DispersionPoint> dispersion(const std::vector<double>& arrivals,
                                        const BinnedRate& bins);

// Third central moment of the rate over windows of a length (per second, cubed): the third
// factorial cumulant of the counts, divided by length^3.
double third_moment_of_rate(const std::vector<double>& arrivals, const BinnedRate& bins,
                            double scale);

// Largest distance between the distribution of gaps in operational time and the exponential one
// (Kolmogorov-Smirnov); for a Poisson process above 1.36 / sqrt(n) in 5 % of cases.
double gap_distance(const std::vector<double>& arrivals, const BinnedRate& bins);

}  // namespace cotenant

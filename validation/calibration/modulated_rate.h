// SPDX-License-Identifier: Apache-2.0
//
// Arrivals as a scenario says them, from recorded ones: Poisson, a profile, bursts of a length and
// height, or both. Bursts are a Markov-modulated Poisson process of two states, whose index of
// dispersion over windows of length t is
//   IDC(t) = 1 + A (1 - (1 - exp(-s t)) / (s t)),   A = 2 (l1 - l2)^2 r12 r21 / (s^2 (l1 r21 + l2
//   r12))
// with rates l1 and l2 of the states, r12 and r21 at which they are left, and s = r12 + r21.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scenarios/scenario_workload.h"
#include "validation/calibration/dispersion.h"

namespace cotenant {

struct Modulation {
  double amplitude = 0;   // A: by how much the IDC of long windows is above 1
  double relaxation = 1;  // s, per second
  double misfit = 0;      // mean square of the standardized distances from the curve
};

// 1 - (1 - exp(-x)) / x, which goes from 0 to 1.
double levelling(double x);
double idc_at(const Modulation& modulation, double scale);

// The curve nearest to the points, of which there is at least one.
Modulation fit_modulation(const std::vector<DispersionPoint>& points);
// Two of them added up, the faster one first; for at least five points.
std::vector<Modulation> fit_two_modulations(const std::vector<DispersionPoint>& points);

struct TwoStates {
  double high = 0, low = 0;              // l1 and l2, per second
  double leave_high = 1, leave_low = 1;  // r12 and r21, per second
};
double amplitude_of(const TwoStates& states);

// The process with that mean rate, that IDC and that skewness of the rate, or the nearest skewness
// for which neither rate is negative. Skewness 0: as long in either state.
TwoStates two_states(double mean, const Modulation& modulation, double skewness);

// Of the rate itself, from the counts in windows about as long as its bursts.
double skewness_of_rate(const std::vector<double>& arrivals, const BinnedRate& bins,
                        const std::vector<DispersionPoint>& points, const Modulation& modulation);

enum class ArrivalPattern : std::uint8_t { poisson, modulated, superposed };

struct ArrivalFit {
  ArrivalPattern pattern = ArrivalPattern::poisson;
  bool varying = false;  // the rate follows bins
  BinnedRate bins;
  std::vector<DispersionPoint> dispersion;
  std::vector<Modulation> modulations;  // none, one or two
  double gap_distance = 0;
  Arrivals arrivals;
  std::vector<std::string> remarks;
};

// Of arrivals between 0 and `duration`, in seconds and in order; at least one.
ArrivalFit fit_arrivals(const std::vector<double>& arrivals, double duration);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/modulated_rate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "sim/base/assert.h"
#include "sim/random/math.h"
#include "validation/calibration/nnls.h"

namespace cotenant {
namespace {

using Eigen::Index;

constexpr int kRelaxations = 60;  // of the grid, two decades beyond the windows at hand

// Relaxations worth trying: of bursts from a tenth of the shortest window to ten of the longest.
std::vector<double> relaxations(const std::vector<DispersionPoint>& points) {
  const double slowest = 0.1 / points.back().scale;
  const double fastest = 10 / points.front().scale;
  std::vector<double> grid;
  for (int i = 0; i < kRelaxations; ++i) {
    grid.push_back(slowest * math::pow(fastest / slowest, i / (kRelaxations - 1.0)));
  }
  return grid;
}

// Amplitudes for given relaxations, none negative, and the misfit.
std::vector<Modulation> with_relaxations(const std::vector<DispersionPoint>& points,
                                         const std::vector<double>& relaxations) {
  const auto rows = static_cast<Index>(points.size());
  const auto columns = static_cast<Index>(relaxations.size());
  Eigen::MatrixXd a(rows, columns);
  Eigen::VectorXd b(rows);
  for (Index i = 0; i < rows; ++i) {
    const DispersionPoint& point = points[static_cast<std::size_t>(i)];
    for (Index j = 0; j < columns; ++j) {
      a(i, j) = levelling(relaxations[static_cast<std::size_t>(j)] * point.scale) / point.deviation;
    }
    b(i) = (point.idc - 1) / point.deviation;
  }
  const Eigen::VectorXd amplitudes = nnls(a, b);
  double squares = 0;
  for (Index i = 0; i < rows; ++i) {
    double off = b(i);
    for (Index j = 0; j < columns; ++j) off -= a(i, j) * amplitudes(j);
    squares += off * off;
  }
  std::vector<Modulation> found;
  for (Index j = 0; j < columns; ++j) {
    found.push_back({amplitudes(j), relaxations[static_cast<std::size_t>(j)],
                     squares / static_cast<double>(points.size())});
  }
  return found;
}

// 6 / t^3 times the integral of (t - u) u exp(-s u) from 0 to t: what windows of length t leave of
// the third moment of a rate with two states.
double third_left(double relaxation, double t) {
  const double x = relaxation * t;
  const double decay = math::exp(-x);
  const double first = 1 - decay * (1 + x);
  const double second = 2 - decay * (x * x + 2 * x + 2);
  return 6 * (x * first - second) / (x * x * x);
}

}  // namespace

double levelling(double x) {
  if (x < 1e-4) return x / 2;
  return 1 + math::expm1(-x) / x;
}

double idc_at(const Modulation& modulation, double scale) {
  return 1 + modulation.amplitude * levelling(modulation.relaxation * scale);
}

Modulation fit_modulation(const std::vector<DispersionPoint>& points) {
  COTENANT_ASSERT(!points.empty());
  Modulation best;
  best.misfit = std::numeric_limits<double>::infinity();
  for (const double relaxation : relaxations(points)) {
    const Modulation found = with_relaxations(points, {relaxation}).front();
    if (found.misfit < best.misfit) best = found;
  }
  return best;
}

std::vector<Modulation> fit_two_modulations(const std::vector<DispersionPoint>& points) {
  COTENANT_ASSERT(points.size() >= 5);
  const std::vector<double> grid = relaxations(points);
  std::vector<Modulation> best(2);
  best[0].misfit = std::numeric_limits<double>::infinity();
  for (std::size_t fast = 0; fast < grid.size(); ++fast) {
    for (std::size_t slow = 0; slow < fast; ++slow) {
      const std::vector<Modulation> found = with_relaxations(points, {grid[fast], grid[slow]});
      if (found[0].misfit < best[0].misfit) best = found;
    }
  }
  return best;
}

double amplitude_of(const TwoStates& states) {
  const double sum = states.leave_high + states.leave_low;
  const double apart = states.high - states.low;
  return 2 * apart * apart * states.leave_high * states.leave_low /
         (sum * sum * (states.high * states.leave_low + states.low * states.leave_high));
}

TwoStates two_states(double mean, const Modulation& modulation, double skewness) {
  const double variance = modulation.amplitude * mean * modulation.relaxation / 2;
  // With p the share of time in the higher state the skewness is (1 - 2 p) / sqrt(p (1 - p)), and
  // the lower rate is not negative while p / (1 - p) <= mean^2 / variance.
  const double root = std::sqrt(1 / (4 + skewness * skewness));
  const double wanted = 0.5 - skewness * root / 2;
  const double most = mean * mean / (mean * mean + variance);
  const double share = std::clamp(std::min(wanted, most), 0.001, 0.999);
  const double apart = std::sqrt(variance / (share * (1 - share)));
  TwoStates states;
  states.high = mean + apart * (1 - share);
  states.low = std::max(0.0, mean - apart * share);
  states.leave_high = modulation.relaxation * (1 - share);
  states.leave_low = modulation.relaxation * share;
  return states;
}

double skewness_of_rate(const std::vector<double>& arrivals, const BinnedRate& bins,
                        const std::vector<DispersionPoint>& points, const Modulation& modulation) {
  // Where windows are about as long as bursts the third moment is seen best.
  const auto distance = [&](const DispersionPoint& point) {
    return std::abs(math::log(point.scale * modulation.relaxation));
  };
  const DispersionPoint best = *std::min_element(
      points.begin(), points.end(), [&](const DispersionPoint& a, const DispersionPoint& b) {
        return distance(a) < distance(b);
      });
  const double variance = modulation.amplitude * bins.mean() * modulation.relaxation / 2;
  const double third = third_moment_of_rate(arrivals, bins, best.scale) /
                       third_left(modulation.relaxation, best.scale);
  return variance > 0 ? third / (variance * std::sqrt(variance)) : 0;
}

}  // namespace cotenant

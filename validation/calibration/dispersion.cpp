// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/dispersion.h"

#include <algorithm>
#include <cmath>

#include "sim/base/assert.h"
#include "sim/random/math.h"

namespace cotenant {
namespace {

constexpr double kUsualBin = 600;  // seconds
constexpr double kNarrowestBin = 300;
constexpr int kScales = 7;
constexpr std::size_t kFewestArrivals = 60;
constexpr double kFewestWindows = 30;

struct CountMoments {
  double mean = 0, variance = 0, third = 0;  // unbiased
  double windows = 0;
};

CountMoments moments_of_counts(const std::vector<double>& times, double duration, double scale) {
  const auto windows = static_cast<std::size_t>(duration / scale);
  std::vector<double> counts(windows, 0.0);
  for (const double time : times) {
    const auto window = static_cast<std::size_t>(time / scale);
    if (window < windows) counts[window] += 1;
  }
  CountMoments found;
  found.windows = static_cast<double>(windows);
  for (const double count : counts) found.mean += count / found.windows;
  for (const double count : counts) {
    const double off = count - found.mean;
    found.variance += off * off;
    found.third += off * off * off;
  }
  found.variance /= found.windows - 1;
  found.third *= found.windows / ((found.windows - 1) * (found.windows - 2));
  return found;
}

double whole(const BinnedRate& bins) { return bins.width * static_cast<double>(bins.rate.size()); }

}  // namespace

double BinnedRate::mean() const { return expected_until(whole(*this)) / whole(*this); }

double BinnedRate::expected_until(double time) const {
  double sum = 0;
  for (std::size_t i = 0; i < rate.size(); ++i) {
    const double begin = width * static_cast<double>(i);
    if (time <= begin) break;
    sum += rate[i] * std::min(width, time - begin);
  }
  return sum;
}

BinnedRate binned_rate(const std::vector<double>& arrivals, double duration, std::size_t bins) {
  COTENANT_ASSERT(bins > 0 && duration > 0);
  BinnedRate found;
  found.width = duration / static_cast<double>(bins);
  found.rate.assign(bins, 0.0);
  for (const double at : arrivals) {
    const auto bin = static_cast<std::size_t>(std::max(0.0, at) / found.width);
    found.rate[std::min(bin, bins - 1)] += 1 / found.width;
  }
  return found;
}

std::size_t bin_count(double duration) {
  if (duration < 3 * kNarrowestBin) return 1;
  return std::max<std::size_t>(3, static_cast<std::size_t>(duration / kUsualBin));
}

std::vector<double> rescaled(const std::vector<double>& arrivals, const BinnedRate& bins) {
  const double mean = bins.mean();
  std::vector<double> result;
  result.reserve(arrivals.size());
  double before = 0;  // expected in the bins before
  std::size_t bin = 0;
  for (const double at : arrivals) {
    while (bin + 1 < bins.rate.size() && at >= bins.width * static_cast<double>(bin + 1)) {
      before += bins.rate[bin] * bins.width;
      ++bin;
    }
    result.push_back((before + bins.rate[bin] * (at - bins.width * static_cast<double>(bin))) /
                     mean);
  }
  return result;
}

std::vector<DispersionPoint> dispersion(const std::vector<double>& arrivals,
                                        const BinnedRate& bins) {
  std::vector<DispersionPoint> points;
  if (arrivals.size() < kFewestArrivals) return points;
  const std::vector<double> times = rescaled(arrivals, bins);
  const double shortest = 2 / bins.mean();
  const double longest = std::min(bins.width / 3, whole(bins) / kFewestWindows);
  const double octaves = longest > shortest ? math::log(longest / shortest) / math::kLn2High : 0;
  const int steps = std::min(kScales - 1, static_cast<int>(octaves));
  for (int i = 0; i <= steps && longest > shortest; ++i) {
    const double share = steps == 0 ? 1 : static_cast<double>(i) / steps;
    const double scale = shortest * math::pow(longest / shortest, share);
    const CountMoments found = moments_of_counts(times, whole(bins), scale);
    DispersionPoint point;
    point.scale = scale;
    point.idc = found.variance / found.mean / (1 - scale / bins.width);
    point.deviation = point.idc * std::sqrt(2 / (found.windows - 1));
    points.push_back(point);
  }
  return points;
}

double third_moment_of_rate(const std::vector<double>& arrivals, const BinnedRate& bins,
                            double scale) {
  const CountMoments found = moments_of_counts(rescaled(arrivals, bins), whole(bins), scale);
  return (found.third - 3 * found.variance + 2 * found.mean) / (scale * scale * scale);
}

double gap_distance(const std::vector<double>& arrivals, const BinnedRate& bins) {
  const std::vector<double> times = rescaled(arrivals, bins);
  if (times.size() < 2) return 0;
  std::vector<double> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) {
    gaps.push_back((times[i] - times[i - 1]) * bins.mean());
  }
  std::sort(gaps.begin(), gaps.end());
  const auto n = static_cast<double>(gaps.size());
  double largest = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const double exact = -math::expm1(-gaps[i]);
    const auto rank = static_cast<double>(i);
    largest = std::max({largest, exact - rank / n, (rank + 1) / n - exact});
  }
  return largest;
}

}  // namespace cotenant

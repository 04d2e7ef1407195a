// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "scenarios/profile.h"
#include "sim/base/assert.h"
#include "study/writers/format.h"
#include "validation/calibration/modulated_rate.h"

namespace cotenant {
namespace {

// Up to here it is Poisson, or as far as chance makes it in 1 % of cases: with 30 windows to 1.61.
constexpr double kPoissonIdc = 1.5;
constexpr double kNormal99 = 2.326;
constexpr double kDecidingScale = 60;  // seconds
// One curve is too far from the points, and a second one helps.
constexpr double kPoorMisfit = 3;
constexpr double kBetterMisfit = 0.5;

Duration rounded(double seconds) {
  return Duration(std::max<std::int64_t>(1, static_cast<std::int64_t>(seconds * 1e9 + 0.5)));
}

// A scenario says no more digits than arrivals tell.
Rate rounded_rate(double per_second) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), per_second,
                                 std::chars_format::scientific, 4);
  Rate rate;
  std::from_chars(text.data(), end.ptr, rate.per_second);
  return rate;
}

class Fitting {
 public:
  Fitting(const std::vector<double>& arrivals, double duration)
      : arrivals_(arrivals), duration_(duration) {}

  ArrivalFit run() {
    look(bin_count(duration_));
    fit_.varying = fit_.bins.rate.size() > 1 && rate_varies();
    if (!fit_.varying) look(1);
    fit_.gap_distance = gap_distance(arrivals_, fit_.bins);
    if (fit_.varying) {
      say_profile();
    } else {
      say_states();
    }
    return std::move(fit_);
  }

 private:
  // The dispersion beyond that many bins, and what kind of bursts it is.
  void look(std::size_t bins) {
    fit_.bins = binned_rate(arrivals_, duration_, bins);
    fit_.dispersion = dispersion(arrivals_, fit_.bins);
    fit_.modulations.clear();
    fit_.pattern = ArrivalPattern::poisson;
    if (fit_.dispersion.empty() || may_be_poisson(deciding())) return;
    fit_.pattern = ArrivalPattern::modulated;
    fit_.modulations = {fit_modulation(fit_.dispersion)};
    if (fit_.modulations[0].misfit < kPoorMisfit || fit_.dispersion.size() < 5) return;
    const std::vector<Modulation> two = fit_two_modulations(fit_.dispersion);
    const bool both = two[0].amplitude > 0 && two[1].amplitude > 0;
    if (both && two[0].misfit < kBetterMisfit * fit_.modulations[0].misfit) {
      fit_.pattern = ArrivalPattern::superposed;
      fit_.modulations = two;
    }
  }

  // The longest windows up to a minute.
  const DispersionPoint& deciding() const {
    const DispersionPoint* chosen = &fit_.dispersion.front();
    for (const DispersionPoint& point : fit_.dispersion) {
      if (point.scale <= kDecidingScale) chosen = &point;
    }
    return *chosen;
  }

  static bool may_be_poisson(const DispersionPoint& point) {
    const double chance = kNormal99 * point.deviation / point.idc;
    return point.idc <= std::max(kPoissonIdc, 1 + chance);
  }

  // Bins differ by more than bursts within them would make them differ: by twice the variance, and
  // beyond chance (the 99 % quantile of chi-squared, after Wilson and Hilferty, PNAS 17, 1931).
  bool rate_varies() const {
    const std::vector<double>& rate = fit_.bins.rate;
    double expected = 1;
    for (const Modulation& modulation : fit_.modulations) {
      expected += modulation.amplitude * levelling(modulation.relaxation * fit_.bins.width);
    }
    const double mean = fit_.bins.mean();
    double squares = 0;
    for (const double r : rate) squares += (r - mean) * (r - mean);
    const auto n = static_cast<double>(rate.size()) - 1;
    const double idc = squares / n * fit_.bins.width / mean;
    const double root = 1 - 2 / (9 * n) + kNormal99 * std::sqrt(2 / (9 * n));
    return idc > expected * std::max(2.0, root * root * root);
  }

  // The modulation that a scenario can say: one, with the IDC of long windows.
  Modulation the_one() {
    Modulation one = fit_.modulations.back();
    if (fit_.pattern != ArrivalPattern::superposed) return one;
    fit_.remarks.push_back(fmt::format(
        "Bursts come on two time scales, of {} and {}. A scenario can say one: both are said as "
        "bursts of "
        "the longer one. Replay the recording where the shorter ones matter.",
        short_time(2 / fit_.modulations[0].relaxation), short_time(2 / one.relaxation)));
    one.amplitude += fit_.modulations[0].amplitude;
    return one;
  }

  void say_states() {
    const Rate mean = rounded_rate(fit_.bins.mean());
    if (fit_.modulations.empty()) {
      if (fit_.dispersion.empty()) {
        fit_.remarks.push_back(
            fmt::format("{} arrivals are too few to see whether they come in bursts: Poisson is "
                        "assumed.",
                        arrivals_.size()));
      }
      fit_.arrivals = PoissonArrivals{mean, {}};
      return;
    }
    const Modulation one = the_one();
    const double skewness = skewness_of_rate(arrivals_, fit_.bins, fit_.dispersion, one);
    const TwoStates states = two_states(mean.per_second, one, skewness);
    MmppArrivals mmpp;
    mmpp.states = {{rounded_rate(states.high), rounded(1 / states.leave_high)},
                   {rounded_rate(states.low), rounded(1 / states.leave_low)}};
    fit_.arrivals = mmpp;
  }

  // Straight lines between the middles of the bins, level at both ends: the same number of
  // arrivals.
  void say_profile() {
    ProfileArrivals profile;
    const BinnedRate& bins = fit_.bins;
    profile.points.push_back({Duration(), rounded_rate(bins.rate.front())});
    for (std::size_t i = 0; i < bins.rate.size(); ++i) {
      const double middle = bins.width * (static_cast<double>(i) + 0.5);
      profile.points.push_back({rounded(middle), rounded_rate(bins.rate[i])});
    }
    profile.points.push_back({rounded(duration_), rounded_rate(bins.rate.back())});
    if (!fit_.modulations.empty()) add_bursts(profile);
    fit_.arrivals = profile;
  }
  // Bursts of a profile are as long as the calm between them, and at most twice the rate. Higher
  // ones are said as longer ones of the same dispersion. Operational time runs faster where the
  // rate is higher, and most of it passes there: bursts look longer in it, and their dispersion
  // larger, by the mean square of the rate over its squared mean.
  void add_bursts(ProfileArrivals& profile) {
    double squares = 0;
    for (const double rate : fit_.bins.rate) squares += rate * rate;
    const double mean = fit_.bins.mean();
    const double faster = squares / static_cast<double>(fit_.bins.rate.size()) / (mean * mean);
    const Modulation one = the_one();
    const double amplitude = one.amplitude / faster;
    profile.burstiness = 1 + amplitude;
    profile.burst_length = rounded(2 / one.relaxation / faster);
    if (profile.burstiness <= highest_burstiness(profile)) return;
    const double longer = 1.001 * amplitude / mean;
    fit_.remarks.push_back(
        fmt::format("Bursts of {} are higher than a profile can say: they are said as bursts of {} "
                    "with the same "
                    "dispersion of long intervals. Replay the recording where that matters.",
                    short_time(in_seconds(profile.burst_length)), short_time(longer)));
    profile.burst_length = rounded(longer);
  }

  const std::vector<double>& arrivals_;
  double duration_;
  ArrivalFit fit_;
};

}  // namespace

ArrivalFit fit_arrivals(const std::vector<double>& arrivals, double duration) {
  COTENANT_ASSERT(!arrivals.empty() && duration > 0);
  return Fitting(arrivals, duration).run();
}

}  // namespace cotenant

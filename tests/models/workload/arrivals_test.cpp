// SPDX-License-Identifier: Apache-2.0
//
// Arrival instants: exact ones where nothing is random, and rates, gap laws and indices of
// dispersion against their formulas where something is. Statistical bounds are five standard errors
// or more, and the seeds are fixed, so a failure is a change and not bad luck.
#include "models/workload/arrivals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace cotenant {
namespace {

SourceChance chance(std::uint64_t seed = 1) {
  const auto stream = [&](const char* purpose) {
    return Stream::keyed(seed, 0, purpose, "source");
  };
  return {stream("gap"),   stream("stay"),  stream("batch"),  stream("class"),
          stream("think"), stream("retry"), stream("course"), stream("link")};
}

SourceSpec spec_of(SourceKind kind) {
  return {"source", std::move(kind), 1u, {}, DiscreteChoice({1.0}), 0};
}

std::vector<Instant> arrivals(const SourceSpec& spec, Instant until, std::uint64_t seed = 1) {
  SourceState state;
  const SourceChance luck = chance(seed);
  start_source(state, spec, luck);
  std::vector<Instant> instants;
  for (;;) {
    const Instant at = next_arrival(state, spec, luck);
    if (at >= until) return instants;
    instants.push_back(at);
  }
}

std::vector<double> counts(const std::vector<Instant>& instants, Duration window,
                           std::size_t windows) {
  std::vector<double> result(windows, 0);
  for (const Instant at : instants) {
    const auto index = static_cast<std::size_t>((at - Instant()).count() / window.count());
    if (index < windows) ++result[index];
  }
  return result;
}

struct Moments {
  double mean = 0;
  double variance = 0;
};
Moments moments(const std::vector<double>& values) {
  Moments result;
  for (const double value : values) result.mean += value;
  result.mean /= static_cast<double>(values.size());
  for (const double value : values) {
    result.variance += (value - result.mean) * (value - result.mean);
  }
  result.variance /= static_cast<double>(values.size() - 1);
  return result;
}

// Variance over mean of the numbers of arrivals in equal windows.
double dispersion(const std::vector<double>& numbers) {
  const Moments of = moments(numbers);
  return of.variance / of.mean;
}

// A third of a millisecond is no whole number of nanoseconds; 3000 of them are a second exactly.
TEST(ConstantArrivals, DoNotDrift) {
  const std::vector<Instant> instants =
      arrivals(spec_of(ConstantSource{1e9 / 3000}), Instant() + seconds(100));
  ASSERT_GE(instants.size(), 299'999u);
  EXPECT_EQ(instants[0], Instant(333'333));
  EXPECT_EQ(instants[1], Instant(666'666));
  // Sums of doubles err by far less than a nanosecond over so few terms.
  EXPECT_NEAR(static_cast<double>(instants[2999].ns()), 1e9, 1);
  EXPECT_NEAR(static_cast<double>(instants[299'998].ns()), 1e11 - 333'333, 1);
}

TEST(ScheduledArrivals, ComeAtTheInstantsThatWereSaid) {
  const std::vector<Instant> instants = arrivals(
      spec_of(ScheduledSource{Instant() + seconds(10), seconds(3600)}), Instant() + seconds(9000));
  EXPECT_EQ(instants, (std::vector<Instant>{Instant() + seconds(10), Instant() + seconds(3610),
                                            Instant() + seconds(7210)}));
}

TEST(ScheduledArrivals, OfWhatIsNotRepeatedComeOnce) {
  const std::vector<Instant> instants = arrivals(
      spec_of(ScheduledSource{Instant() + seconds(10), std::nullopt}), Instant() + seconds(9000));
  EXPECT_EQ(instants, std::vector<Instant>{Instant() + seconds(10)});
}

TEST(PoissonArrivals, HaveExponentialGaps) {
  constexpr double kRate = 1000;  // a second
  const std::vector<Instant> instants =
      arrivals(spec_of(ModulatedSource{{{kRate / 1e9, 0}}}), Instant() + seconds(100));
  // 100,000 expected with a standard deviation of 316.
  EXPECT_NEAR(static_cast<double>(instants.size()), 1e5, 5 * 316);
  // Kolmogorov's distance of the gaps from 1 - exp(-rate x); beyond 2.2 / sqrt(n) once in 8,000.
  std::vector<double> gaps;
  Instant before;
  for (const Instant at : instants) {
    gaps.push_back(static_cast<double>((at - before).count()) / 1e9);
    before = at;
  }
  std::sort(gaps.begin(), gaps.end());
  const double n = static_cast<double>(gaps.size());
  double distance = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const double expected = 1 - std::exp(-kRate * gaps[i]);
    distance = std::max(distance, std::abs(expected - static_cast<double>(i) / n));
  }
  EXPECT_LT(distance, 2.2 / std::sqrt(n));
}

// Equal luck: the k-th arrival at twice the rate comes at half the time.
TEST(PoissonArrivals, ScaleWithTheRate) {
  const auto slow = arrivals(spec_of(ModulatedSource{{{1e-7, 0}}}), Instant() + seconds(10));
  const auto fast = arrivals(spec_of(ModulatedSource{{{2e-7, 0}}}), Instant() + seconds(5));
  ASSERT_EQ(slow.size(), fast.size());
  for (std::size_t i = 0; i < slow.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(slow[i].ns()), 2 * static_cast<double>(fast[i].ns()), 2);
  }
}

// Rates 300 and 100 a second for 50 ms and 150 ms on average: the first state holds a quarter of
// the time, so the mean rate is 150. With q = 1/50 ms + 1/150 ms the index of dispersion over a
// time t is 1 + 2 p1 p2 (r1 - r2)^2 / (mean q) (1 - (1 - exp(-q t)) / (q t)) (Fischer and
// Meier-Hellstern 1993).
TEST(ModulatedArrivals, HaveTheRateAndDispersionOfAnMmpp) {
  const SourceSpec spec = spec_of(ModulatedSource{{{300e-9, 50e6}, {100e-9, 150e6}}});
  constexpr std::size_t kWindows = 40'000;
  const Duration window = milliseconds(500);
  const auto instants = arrivals(spec, Instant() + window * static_cast<std::int64_t>(kWindows));
  const std::vector<double> numbers = counts(instants, window, kWindows);
  const double q = 1 / 0.05 + 1 / 0.15;
  const double t = 0.5;
  const double limit = 2 * 0.25 * 0.75 * 200 * 200 / (150 * q);
  const double expected = 1 + limit * (1 - (1 - std::exp(-q * t)) / (q * t));
  // The count in a window has variance 75 * 4.5; so the mean of 40,000 errs by about 0.1 (windows
  // are nearly independent), and their variance by a factor sqrt(2 / 40,000) = 0.7 %.
  EXPECT_NEAR(moments(numbers).mean, 75, 0.6);
  EXPECT_NEAR(dispersion(numbers), expected, 0.05 * expected);
}

// It starts in its stationary law: the expected number in a short time is the mean rate times it.
TEST(ModulatedArrivals, StartStationary) {
  const SourceSpec spec = spec_of(ModulatedSource{{{1000e-9, 1e9}, {0, 3e9}}});
  std::vector<double> numbers;
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) {
    numbers.push_back(
        static_cast<double>(arrivals(spec, Instant() + milliseconds(10), seed).size()));
  }
  // In 10 ms: 10 with probability 1/4, else 0: mean 2.5, standard deviation about 4.6.
  EXPECT_NEAR(moments(numbers).mean, 2.5, 5 * 4.6 / std::sqrt(4000.0));
}

TEST(ModulatedArrivals, AreSilentInAStateOfRateZero) {
  const auto instants =
      arrivals(spec_of(ModulatedSource{{{100e-9, 1e8}, {0, 1e9}}}), Instant() + seconds(50));
  EXPECT_GT(instants.size(), 100u);
  Duration longest;
  for (std::size_t i = 1; i < instants.size(); ++i) {
    longest = std::max(longest, instants[i] - instants[i - 1]);
  }
  EXPECT_GT(longest, milliseconds(900));  // a gap of nine means without a silence: once in 8,000
}

ProfileSource profile(std::vector<ProfileSource::Point> points, bool repeat = false) {
  return {std::move(points), repeat, 0, 0};
}
Instant at_s(std::int64_t s) { return Instant() + seconds(s); }

// From 0 to 200 a second in 10 s, then down to 0 within 5 s, then nothing: 1000 and 500 arrivals
// are expected. Squares: the first half of the rise has a quarter of its arrivals.
TEST(ProfileArrivals, FollowTheIntegralOfTheRate) {
  const SourceSpec spec = spec_of(profile({{at_s(0), 0}, {at_s(10), 200e-9}, {at_s(15), 0}}));
  double rise_early = 0;
  double rise = 0;
  double fall = 0;
  constexpr double kRuns = 200;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    for (const Instant at : arrivals(spec, Instant::never(), seed)) {
      if (at < at_s(5)) ++rise_early;
      (at < at_s(10) ? rise : fall) += 1;
      ASSERT_LE(at, at_s(15));
    }
  }
  // Poisson: five standard deviations are five roots of the expected number.
  EXPECT_NEAR(rise_early, 250 * kRuns, 5 * std::sqrt(250 * kRuns));
  EXPECT_NEAR(rise, 1000 * kRuns, 5 * std::sqrt(1000 * kRuns));
  EXPECT_NEAR(fall, 500 * kRuns, 5 * std::sqrt(500 * kRuns));
}

// At a flat rate a profile is a Poisson process with the very same luck, to the rounding of the
// inversion formula.
TEST(ProfileArrivals, AreThePoissonProcessWhenFlat) {
  const auto flat =
      arrivals(spec_of(profile({{at_s(0), 1e-7}, {at_s(3), 1e-7}, {at_s(4), 1e-7}})), at_s(10));
  const auto poisson = arrivals(spec_of(ModulatedSource{{{1e-7, 0}}}), at_s(10));
  ASSERT_EQ(flat.size(), poisson.size());
  for (std::size_t i = 0; i < flat.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(flat[i].ns()), static_cast<double>(poisson[i].ns()), 2);
  }
}

TEST(ProfileArrivals, RepeatOrStay) {
  // 100 a second for 1 s, none for 1 s.
  const std::vector<ProfileSource::Point> points = {
      {at_s(0), 1e-7}, {at_s(1), 1e-7}, {Instant(1'000'000'001), 0}, {at_s(2), 0}};
  const auto once = arrivals(spec_of(profile(points)), Instant::never());
  EXPECT_NEAR(static_cast<double>(once.size()), 100, 50);
  EXPECT_LE(once.back(), Instant(1'000'000'001));
  const auto again = arrivals(spec_of(profile(points, true)), at_s(100));
  EXPECT_NEAR(static_cast<double>(again.size()), 5000, 5 * 71);
  for (const Instant at : again) {
    ASSERT_LE((at - Instant()).count() % seconds(2).count(), 1'000'000'010);
  }
}

TEST(ProfileArrivals, EndWhereTheRateStaysAtZeroInSpiteOfBursts) {
  ProfileSource source = profile({{at_s(0), 1e-6}, {at_s(1), 0}});
  source.swing = 0.5;
  source.burst_length = 1e8;
  const auto instants = arrivals(spec_of(source), Instant::never());
  EXPECT_NEAR(static_cast<double>(instants.size()), 500, 250);
  EXPECT_LE(instants.back(), at_s(1));
}

// Swinging by d around m with bursts of mean length L: 1 + m d^2 L over long times.
TEST(ProfileArrivals, ReachTheDispersionOfTheirBursts) {
  ProfileSource source = profile({{at_s(0), 200e-9}});
  source.swing = 0.5;
  source.burst_length = 1e8;
  constexpr std::size_t kWindows = 4000;
  const Duration window = seconds(5);
  const auto instants =
      arrivals(spec_of(source), Instant() + window * static_cast<std::int64_t>(kWindows));
  const std::vector<double> numbers = counts(instants, window, kWindows);
  // 1 + 200 * 0.25 * 0.1 = 6 in the limit; a window of 50 bursts misses 1 % of the 5 (1 / (q t)
  // with q = 20 a second). The sample variance of 4,000 windows errs by 2.2 %.
  EXPECT_NEAR(moments(numbers).mean, 1000, 5 * std::sqrt(6000.0 / kWindows));
  EXPECT_NEAR(dispersion(numbers), 5.95, 0.12 * 5.95);
}

TEST(ReplayedArrivals, AreTheRecordedOnes) {
  const std::vector<Instant> recorded = {Instant(5), Instant(5), Instant(17)};
  const auto trace = std::make_shared<const Trace>(Trace{recorded, {}, {}});
  EXPECT_EQ(arrivals(spec_of(ReplaySource{trace}), Instant::never()), recorded);
}

// Equal hashes mean equal futures: also the fraction of a nanosecond decides on what follows.
TEST(SourceState, HashesAllThatTheNextArrivalDependsOn) {
  const auto hash = [](const SourceState& state) {
    Hasher hasher;
    state.hash_into(hasher);
    return hasher.value();
  };
  const std::uint64_t plain = hash({});
  const auto differs = [&](auto change) {
    SourceState state;
    change(state);
    return hash(state) != plain;
  };
  EXPECT_TRUE(differs([](SourceState& state) { state.position.fraction = 0.5; }));
  EXPECT_TRUE(differs([](SourceState& state) { state.stay_left = 1; }));
  EXPECT_TRUE(differs([](SourceState& state) { state.profile_offset = 1; }));
  EXPECT_TRUE(differs([](SourceState& state) { state.arrivals = 1; }));
  EXPECT_TRUE(differs([](SourceState& state) { state.left_in_batch = 1; }));
}

TEST(FinePoint, KeepsTheFraction) {
  FinePoint point;
  for (int i = 0; i < 3; ++i) point.advance(0.75);
  EXPECT_EQ(point.at, Instant(2));
  EXPECT_DOUBLE_EQ(point.fraction, 0.25);
}

TEST(FinePoint, BeyondAllTimeIsNever) {
  FinePoint point;
  point.advance(1e19);
  EXPECT_EQ(point.at, Instant::never());
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// What is counted and what is not: edges of the warm-up and of the run, and the fingerprint.
#include "models/recorder.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

RunRecord run_with(const Blueprint& blueprint, const RecorderOptions& recorder,
                   std::uint64_t seed = 1) {
  RunOptions options;
  options.seed = seed;
  options.recorder = recorder;
  return run(blueprint, options);
}

// One worker and 10 ms of CPU each; arrivals at 0, 5, 20 and 35 ms end at 10, 20, 30 and 45 ms.
Blueprint four_requests() {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  for (const int ms : {0, 5, 20, 35}) {
    builder.request(at_ms(ms), service, {cpu_step(milliseconds(10))});
  }
  return builder.build();
}

struct Totals {
  std::uint64_t arrivals = 0;
  std::uint64_t completions = 0;
  std::uint64_t completed = 0;
  std::uint64_t censored = 0;
};
Totals totals(const RunRecord& record) {
  Totals result{0, 0, count_of(record, Outcome::completed), count_of(record, Outcome::censored)};
  for (const ClassRecord& of_class : record.classes) {
    result.arrivals += of_class.arrivals;
    result.completions += of_class.completions;
  }
  return result;
}

TEST(Warmup, LeavesOutRequestsThatArriveBeforeIt) {
  const RunRecord record = run_with(four_requests(), {at_ms(5), at_ms(100), 100, {}});
  const Totals of = totals(record);
  EXPECT_EQ(of.arrivals, 3u);  // one that arrives at its very end counts
  EXPECT_EQ(of.completed, 3u);
  EXPECT_EQ(of.completions, 4u);  // by the instant of completion: all after 5 ms
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(35'000'000));
  EXPECT_EQ(record.warmup, at_ms(5));
}

TEST(Warmup, LeavesOutCompletionsBeforeIt) {
  const Totals of = totals(run_with(four_requests(), {at_ms(21), at_ms(100), 100, {}}));
  EXPECT_EQ(of.arrivals, 1u);
  EXPECT_EQ(of.completions, 2u);  // at 30 and 45 ms
}

TEST(End, CensorsWhatIsStillThere) {
  const RunRecord record = run_with(four_requests(), {Instant(), at_ms(36), 100, {}});
  const Totals of = totals(record);
  EXPECT_EQ(of.arrivals, 4u);
  EXPECT_EQ(of.completed, 3u);
  EXPECT_EQ(of.censored, 1u);
  EXPECT_EQ(record.stop, StopReason::horizon_reached);
  EXPECT_EQ(record.end, at_ms(36));
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(31'000'000));
}

// The end is the first instant that does not belong to the run.
TEST(End, ComesBeforeWhatHappensAtItsInstant) {
  EXPECT_EQ(totals(run_with(four_requests(), {Instant(), at_ms(45), 100, {}})).completed, 3u);
  EXPECT_EQ(totals(run_with(four_requests(), {Instant(), at_ms(35), 100, {}})).arrivals, 3u);
}

TEST(End, IsFinishedWhenNothingIsLeft) {
  const RunRecord record = run_with(four_requests(), {Instant(), at_ms(1000), 100, {}});
  EXPECT_EQ(record.stop, StopReason::finished);
  EXPECT_EQ(record.end, at_ms(1000));
}

// 10 + 15 + 10 + 10 ms in the system, over slices of 10 ms: 1.5, 1, 1, 0.5 and 0.5 on average.
TEST(NumberInSystem, IsIntegratedExactlyBySlice) {
  const RunRecord record = run_with(four_requests(), {Instant(), at_ms(100), 10, {}});
  const std::vector<double> means = record.in_system.means();
  ASSERT_EQ(means.size(), 10u);
  EXPECT_EQ(std::vector<double>(means.begin(), means.begin() + 6),
            (std::vector<double>{1.5, 1, 1, 0.5, 0.5, 0}));
}

// A hundred slices of 1 ms would do for 100 ms; for one nanosecond more the slices are longer, so
// that they still cover the run.
TEST(NumberInSystem, CoversARunThatIsNoMultipleOfItsSlices) {
  const RunRecord record =
      run_with(four_requests(), {Instant(), at_ms(100) + Duration(1), 100, {}});
  EXPECT_EQ(record.in_system.slice(), Duration(1'000'001));
  EXPECT_EQ(record.in_system.integrals().size(), 100u);
}

TEST(Groups, CountFromTheWarmupOn) {
  BlueprintBuilder builder;
  const GroupId group =
      builder.group(1024, Bandwidth{CpuTime(5'000'000), milliseconds(10), CpuTime(0)});
  const ServiceId service = builder.service({.group = group});
  builder.request(Instant(0), service, {cpu_step(milliseconds(20))});
  // A full pool is 5 ms, and each multiple of 10 ms fills it again: runs in [0, 5), [10, 15), [20,
  // 25) and [30, 35).
  const Blueprint blueprint = builder.build();
  const RunRecord whole = run_with(blueprint, {Instant(), at_ms(100), 100, {}});
  EXPECT_EQ(whole.machines[kHardware].groups[group].usage, CpuTime(20'000'000));
  EXPECT_EQ(whole.machines[kHardware].groups[group].throttled_time, milliseconds(15));
  EXPECT_EQ(whole.machines[kHardware].groups[group].nr_throttled, 3u);
  const RunRecord part = run_with(blueprint, {at_ms(12), at_ms(100), 100, {}});
  EXPECT_EQ(part.machines[kHardware].groups[group].usage, CpuTime(13'000'000));
  EXPECT_EQ(part.machines[kHardware].groups[group].throttled_time, milliseconds(10));
  EXPECT_EQ(part.machines[kHardware].groups[group].nr_throttled, 2u);
}

TEST(Fingerprints, DifferByIngredients) {
  std::set<std::uint64_t> values;
  int combinations = 0;
  for (int bits = 1; bits < 16; ++bits) {
    const Ingredients ingredients{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0,
                                  (bits & 8) != 0};
    values.insert(run_with(four_requests(), {Instant(), at_ms(100), 100, ingredients}).fingerprint);
    ++combinations;
  }
  EXPECT_EQ(values.size(), static_cast<std::size_t>(combinations));
}

// Neither the slices nor the warm-up are part of what happens.
TEST(Fingerprints, DoNotDependOnHowARunIsRecorded) {
  const Ingredients all{true, true, true, true};
  const auto fingerprint = [&](Instant warmup, std::size_t slices) {
    return run_with(four_requests(), {warmup, at_ms(40), slices, all}).fingerprint;
  };
  EXPECT_EQ(fingerprint(Instant(), 10), fingerprint(at_ms(30), 777));
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// What falls into which slice, on a run that can be computed by hand.
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

Int128 times_ms(std::int64_t ms) { return Int128{milliseconds(ms).count()}; }

// One worker and 10 ms of CPU each; arrivals at 0, 5, 20 and 35 ms end at 10, 20, 30 and 45 ms.
Blueprint four_requests() {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  for (const int ms : {0, 5, 20, 35}) {
    builder.request(at_ms(ms), service, {cpu_step(milliseconds(10))});
  }
  return builder.build();
}

RunOptions options_for(Instant horizon, std::size_t slices) {
  RunOptions options;
  options.recorder.horizon = horizon;
  options.recorder.timeline_slices = slices;
  return options;
}

// Of each slice.
template <class Of>
auto each(const RunRecord& record, Of of) {
  std::vector<decltype(of(record.timeline->slices.front()))> values;
  for (const TimelineSlice& slice : record.timeline->slices) values.push_back(of(slice));
  return values;
}

std::uint64_t completed(const TimelineSlice& slice) {
  return slice.outcomes[static_cast<std::size_t>(Outcome::completed)];
}

// What happens at the border of two slices belongs to the later one.
TEST(Timeline, PutsEachInstantIntoOneSlice) {
  const RunRecord record = run(four_requests(), options_for(at_ms(50), 5));
  EXPECT_EQ(each(record, [](auto& s) { return s.arrived; }),
            (std::vector<std::uint64_t>{2, 0, 1, 1, 0}));
  EXPECT_EQ(each(record, completed), (std::vector<std::uint64_t>{0, 1, 1, 1, 1}));
  EXPECT_EQ(each(record, [](auto& s) { return s.machines[kHardware].groups[kRootGroup].usage; }),
            (std::vector<CpuTime>{CpuTime(10'000'000), CpuTime(10'000'000), CpuTime(10'000'000),
                                  CpuTime(5'000'000), CpuTime(5'000'000)}));
  EXPECT_EQ(
      each(record, [](auto& s) { return s.in_system; }),
      (std::vector<Int128>{times_ms(15), times_ms(10), times_ms(10), times_ms(5), times_ms(5)}));
  EXPECT_EQ(each(record, [](auto& s) { return s.services[ServiceId(0)].queued; }),
            (std::vector<Int128>{times_ms(5), 0, 0, 0, 0}));
  EXPECT_EQ(record.timeline->slices[2].latency.max(), milliseconds(15));
}

// Slices of 34 ms, of which the last is cut off.
TEST(Timeline, EndsWithTheRun) {
  const RunRecord record = run(four_requests(), options_for(at_ms(100) + Duration(1), 3));
  ASSERT_EQ(record.timeline->slices.size(), 3u);
  EXPECT_EQ(record.timeline->slice, Duration(33'333'334));
  EXPECT_EQ(record.timeline->slices.back().end, at_ms(100) + Duration(1));
  EXPECT_EQ(each(record, completed), (std::vector<std::uint64_t>{3, 1, 0}));
}

// It stops at the second arrival, which is in the first half of the run.
TEST(Timeline, OfARunThatIsCutShortHasWhatIsDone) {
  RunOptions options = options_for(at_ms(100), 2);
  options.budget.events = 3;
  const RunRecord record = run(four_requests(), options);
  ASSERT_EQ(record.stop, StopReason::event_budget);
  ASSERT_EQ(record.timeline->slices.size(), 1u);
  EXPECT_EQ(record.timeline->slices.front().end, record.end);
  EXPECT_LT(record.end, at_ms(50));
}

TEST(Timeline, IsThereOnlyIfAskedFor) {
  EXPECT_FALSE(run(four_requests(), options_for(at_ms(50), 0)).timeline.has_value());
}

// 5 ms in 10 are allowed to the group: of each 10 ms it is held back for 5, until it has had 15 ms.
TEST(Timeline, TellsWhenAGroupIsThrottled) {
  BlueprintBuilder builder;
  const GroupId group =
      builder.group(1024, Bandwidth{CpuTime(5'000'000), milliseconds(10), CpuTime(0)});
  const ServiceId service = builder.service({.group = group});
  builder.request(Instant(), service, {cpu_step(milliseconds(15))});
  const RunRecord record = run(builder.build(), options_for(at_ms(40), 4));
  const auto throttled =
      each(record, [&](auto& slice) { return slice.machines[kHardware].groups[group].throttled; });
  EXPECT_EQ(throttled, (std::vector<Duration>{milliseconds(5), milliseconds(5), {}, {}}));
}

// Each process serves one request, so both end in the second half of the run, and are replaced.
TEST(Timeline, MarksWhenWorkersAreReplaced) {
  BlueprintBuilder builder;
  ServiceOptions options;
  options.arbiter.boot = CpuTime(1'000'000);
  options.arbiter.max_requests = 1;
  const ServiceId service = builder.service(options);
  builder.request(at_ms(3000), service, {cpu_step(milliseconds(1))});
  builder.request(at_ms(6000), service, {cpu_step(milliseconds(1))});
  const RunRecord record = run(builder.build(), options_for(at_ms(9000), 10));
  EXPECT_EQ(record.services[service].restarts, 2u);
  ASSERT_EQ(record.timeline->marks.size(), 2u);
  for (const Mark& mark : record.timeline->marks) {
    EXPECT_EQ(mark.kind, MarkKind::worker_restart);
    EXPECT_EQ(mark.count, 1u);
  }
  EXPECT_GE(record.timeline->marks[0].at, at_ms(3000));
  EXPECT_LT(record.timeline->marks[0].at, at_ms(6000));
  EXPECT_GE(record.timeline->marks[1].at, at_ms(6000));
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Threads that share a lock, in a server whose own code costs nothing, on a machine with a core for
// each of them. Looking at the lock takes 1 ns, so that every wait can be counted.
#include "models/python/thread.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr std::uint32_t kManyCores = 8;

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }
Duration time_in(const RunRecord& record, WaitState state) {
  return record.attribution.total().times[static_cast<std::size_t>(state)];
}

// Runs light requests of 1 ms beside one that computes from 0 on, and returns the latency of the
// first, which comes after 10 ms.
Duration latency_beside(Duration computing, const GthreadOptions& options) {
  BlueprintBuilder builder(kManyCores);
  const ServiceId service = builder.gthread(options);
  builder.request(at_ms(0), service, {cpu_step(computing)});
  const ClassId light = builder.request(at_ms(10), service, {cpu_step(kMs)});
  return latency_of(run_to(builder.build(), seconds(2)), light);
}

// The main thread, woken at 10 ms, looks at the lock 1 ns later, sleeps for 5 ms, looks again and
// asks: 15 ms + 2 ns. The holder notices after 1 ns more, and the main thread has the lock after
// another one: 15 ms + 4 ns. It wakes the second thread and goes to sleep. That thread and the old
// holder come for the lock at once, the old holder is first, so the second thread does it all
// again: at 20 ms + 8 ns it has the lock.
TEST(Gil, CostsALightRequestOneIntervalForEachTimeItMustBeTaken) {
  EXPECT_EQ(latency_beside(kMs * 500, {}), kMs * (5 + 5 + 1) + Duration(8));
}

// Two timed waits of 5 ms, each of which ends up to 50 us late, by another amount.
TEST(Gil, IsAskedForLateByTheTimerSlackOfItsWaiters) {
  const Duration on_time = kMs * (5 + 5 + 1) + Duration(8);
  const Duration late =
      latency_beside(kMs * 500, {.gil = GilSpec{milliseconds(5), CpuTime(1), microseconds(50)}});
  EXPECT_GT(late, on_time);
  EXPECT_LE(late, on_time + microseconds(100));
}

TEST(Gil, IsHandedOverAfterTheSwitchIntervalThatIsSet) {
  EXPECT_EQ(latency_beside(kMs * 500, {.gil = GilSpec{kMs, CpuTime(1)}}),
            kMs * (1 + 1 + 1) + Duration(8));
}

// Code of the main thread after the handing over: the second thread and the old holder both wait
// for it, the old holder first in the queue. When it gets the lock, the second thread has begun to
// wait for another holder; its first interval ends without a request, only the next one with.
TEST(Gil, IsNotAskedForByAThreadThatSawItPassToAnother) {
  OverheadSpec overhead;
  overhead.phases[static_cast<std::size_t>(ServerPhase::hand_over)] = always(CpuTime(kMs.count()));
  EXPECT_EQ(latency_beside(kMs * 500, {.overhead = overhead}), kMs * (5 + 5 + 5 + 1) + Duration(9));
}

OverheadSpec accepting_takes_1_ms() {
  OverheadSpec overhead;
  overhead.phases[static_cast<std::size_t>(ServerPhase::accept)] = always(CpuTime(kMs.count()));
  return overhead;
}

// accept() drops it for 9.5 us: the thread that computes is there 1 ns later, and the main thread
// waits for an interval more.
TEST(Gil, IsLostInASystemCallToAThreadThatWakesUpInTime) {
  const Duration latency = latency_beside(kMs * 500, {.overhead = accepting_takes_1_ms()});
  EXPECT_EQ(latency.count() / 1'000'000, 5 + 1 + 5 + 1) << "and the second thread finds it free";
}

// Who is told needs up to 400 us, also of the two times when it is the one that had asked.
TEST(Gil, IsKeptInASystemCallThatEndsBeforeAnybodyWakesUp) {
  const GilSpec slow{milliseconds(5), CpuTime(1), Duration(0), microseconds(400)};
  const Duration latency =
      latency_beside(kMs * 500, {.overhead = accepting_takes_1_ms(), .gil = slow});
  EXPECT_LT(latency, kMs * (5 + 1 + 5 + 1 + 1));
}

// Where nobody waits for the lock, the call is a part of the phase that nobody sees.
TEST(Gil, IsNotDroppedInASystemCallWhenNobodyWaits) {
  BlueprintBuilder builder(kManyCores);
  const ServiceId service = builder.gthread({.overhead = accepting_takes_1_ms()});
  const ClassId light = builder.request(at_ms(10), service, {cpu_step(kMs)});
  EXPECT_EQ(latency_of(run_to(builder.build(), seconds(1)), light), kMs * 2 + Duration(2));
}

TEST(Gil, LetsALightRequestPassAtOnceWhenTheOtherOneSleeps) {
  BlueprintBuilder builder(kManyCores);
  const ServiceId service = builder.gthread();
  builder.request(at_ms(0), service, {wait_step(kMs * 500)});
  const ClassId light = builder.request(at_ms(10), service, {cpu_step(kMs)});
  // Two looks at a free lock.
  EXPECT_EQ(latency_of(run_to(builder.build(), seconds(1)), light), kMs + Duration(2));
}

TEST(Gil, IsNotNeededOutsideOfPython) {
  BlueprintBuilder builder(kManyCores);
  const ServiceId service = builder.gthread();
  builder.request(at_ms(0), service, {native_step(kMs * 500)});
  const ClassId light = builder.request(at_ms(10), service, {cpu_step(kMs)});
  EXPECT_EQ(latency_of(run_to(builder.build(), seconds(1)), light), kMs + Duration(2));
}

TEST(Gil, IsMissingFromAFreeThreadedBuild) {
  EXPECT_EQ(latency_beside(kMs * 500, {.gil = std::nullopt}), kMs);
}

// Latency of the last of four requests of 20 ms that come together, with a core for each.
Duration makespan(const GthreadOptions& options, const StepSpec& step) {
  BlueprintBuilder builder(kManyCores);
  const ServiceId service = builder.gthread(options);
  std::vector<ClassId> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(builder.request(at_ms(0), service, {step}));
  const RunRecord record = run_to(builder.build(), seconds(1));
  Duration longest;
  for (const ClassId id : ids) longest = std::max(longest, latency_of(record, id));
  return longest;
}

// Four times 20 ms of Python take 80 ms, whether one thread does it or four do: in turns of 5 ms,
// with some nanoseconds for each change.
TEST(PythonThreads, DoNotAddThroughput) {
  EXPECT_EQ(makespan({.threads = 1}, cpu_step(kMs * 20)), kMs * 80 + Duration(2));
  const Duration four = makespan({.threads = 4}, cpu_step(kMs * 20));
  EXPECT_GE(four, kMs * 80);
  EXPECT_LE(four, kMs * 80 + microseconds(1));
  EXPECT_EQ(makespan({.threads = 4, .gil = std::nullopt}, cpu_step(kMs * 20)), kMs * 20);
  // Each is told when it comes, and the lock is free.
  EXPECT_LE(makespan({.threads = 4}, native_step(kMs * 20)), kMs * 20 + microseconds(1));
  EXPECT_LE(makespan({.threads = 4}, wait_step(kMs * 20)), kMs * 20 + microseconds(1));
  EXPECT_LE(makespan({.processes = 4, .threads = 1, .connections = 1}, cpu_step(kMs * 20)),
            kMs * 20 + microseconds(1));
}

// Two requests of 12 ms in turns: the first computes 0 to 5, 10 to 15 and 20 to 22 ms, the second 5
// to 10, 15 to 20 and 22 to 24. So the first waits for the lock for 10 ms, the second for 12.
TEST(PythonThreads, TakeTurnsAndAccountForTheWait) {
  BlueprintBuilder builder(kManyCores);
  const ServiceId service = builder.gthread();
  const ClassId first = builder.request(at_ms(0), service, {cpu_step(kMs * 12)});
  const ClassId second = builder.request(at_ms(0), service, {cpu_step(kMs * 12)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  const auto about = [](Duration time) { return time.count() / 1'000'000; };
  EXPECT_EQ(about(latency_of(record, first)), 22);
  EXPECT_EQ(about(latency_of(record, second)), 24);
  EXPECT_EQ(time_in(record, WaitState::cpu), kMs * 24);
  EXPECT_EQ(about(time_in(record, WaitState::gil)), 22);
  EXPECT_LT(time_in(record, WaitState::server_cpu), microseconds(1));
}

// A step outside of the lock that begins when the lock was asked for, and one that ends while
// another thread has it.
TEST(PythonThreads, LeaveAndEnterTheLockBetweenSteps) {
  BlueprintBuilder builder(kManyCores);
  const ServiceId service = builder.gthread();
  const ClassId mixed = builder.request(
      at_ms(0), service, {cpu_step(kMs * 2), native_step(kMs * 10), cpu_step(kMs * 2)});
  const ClassId plain = builder.request(at_ms(0), service, {cpu_step(kMs * 30)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  // 2 of Python; 10 outside, in which the other one has the lock from 2 ms on; then 5 of waiting.
  EXPECT_EQ(latency_of(record, mixed).count() / 1000, (kMs * (2 + 10 + 5 + 2)).count() / 1000);
  EXPECT_EQ(latency_of(record, plain).count() / 1000, (kMs * (30 + 2 + 2)).count() / 1000);
}

// One core, shared: whoever waits for the lock has to get the core before it can ask for it.
TEST(PythonThreads, ShareOneCoreWithoutLosingWork) {
  for (const SchedulerKind kind :
       {SchedulerKind::fluid, SchedulerKind::fifo, SchedulerKind::eevdf, SchedulerKind::cfs}) {
    BlueprintBuilder builder(1, kind);
    const ServiceId service = builder.gthread({.threads = 4});
    for (int i = 0; i < 4; ++i) builder.request(at_ms(i), service, {cpu_step(kMs * 20)});
    const RunRecord record = run_to(builder.build(), seconds(1));
    EXPECT_EQ(count_of(record, Outcome::completed), 4u) << name_of(kind);
    EXPECT_EQ(time_in(record, WaitState::cpu), kMs * 80) << name_of(kind);
  }
}

}  // namespace
}  // namespace cotenant

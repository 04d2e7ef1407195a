// SPDX-License-Identifier: Apache-2.0
//
// What servers do without a file descriptor for a connection, and what calls do. Requests wait for
// 100 ms, so that their instants can be worked out by hand.
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kWait = milliseconds(100);
constexpr std::uint32_t kCores = 8;

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

// Another one begins to boot as soon as a process has ended.
ArbiterSpec replaced_after(CpuTime boot) {
  ArbiterSpec arbiter;
  arbiter.boot = boot;
  arbiter.may_crash = true;
  arbiter.replaces = Replaces::on_exit;
  return arbiter;
}

// So many at once, and what each took.
std::vector<Duration> latencies(BlueprintBuilder& builder, ServiceId service, int requests) {
  std::vector<ClassId> ids;
  for (int i = 0; i < requests; ++i) {
    ids.push_back(builder.request(at_ms(0), service, {wait_step(kWait)}));
  }
  const RunRecord record = run_to(builder.build(), seconds(10));
  std::vector<Duration> times;
  for (const ClassId id : ids) times.push_back(latency_of(record, id));
  return times;
}

// Two connections for one thread. The third makes the main thread end, and the pool serves what it
// has: until 200 ms. The next process, which needs 50 ms to boot, accepts the third.
TEST(Descriptors, EndAGthreadProcessThatFindsNone) {
  BlueprintBuilder builder(kCores);
  GthreadOptions options{.threads = 1, .gil = std::nullopt};
  options.arbiter = replaced_after(CpuTime(50'000'000));
  const ServiceId web = builder.gthread(options);
  builder.descriptors(web, 2);
  const std::vector<Duration> expected = {kWait, kWait * 2, milliseconds(350)};
  EXPECT_EQ(latencies(builder, web, 3), expected);
}

// The kernel looks for a descriptor before it looks for a connection: the loop tries in vain as
// soon as it has none, and again a second later.
TEST(Descriptors, StopALoopFromAcceptingForASecond) {
  BlueprintBuilder builder(kCores);
  const ServiceId web = builder.event_loop({.gil = std::nullopt});
  builder.descriptors(web, 1);
  const ClassId first = builder.request(at_ms(0), web, {wait_step(kWait)});
  const ClassId late = builder.request(at_ms(500), web, {wait_step(kWait)});
  const RunRecord record = run_to(builder.build(), seconds(10));
  EXPECT_EQ(latency_of(record, first), kWait);
  EXPECT_EQ(latency_of(record, late), milliseconds(500) + kWait);
}

// Failing holds up the loop before it waits for the first request, until 150 ms. There is a timer
// for the first failure of each round and one for the last: the second request, accepted at 1 s, is
// held up by two rounds, before it waits and until 1.3 s, because the third request is still there.
// That is accepted at 2 s.
TEST(Descriptors, KeepALoopBusyThatFails) {
  BlueprintBuilder builder(kCores);
  LoopOptions options{.gil = std::nullopt};
  constexpr Duration kFails = milliseconds(150);
  options.accept_retry.cost = CpuTime(kFails.count());
  const ServiceId web = builder.event_loop(options);
  builder.descriptors(web, 1);
  const std::vector<Duration> expected = {kFails + kWait, seconds(1) + kFails * 2,
                                          seconds(2) + kFails + kWait};
  EXPECT_EQ(latencies(builder, web, 3), expected);
}

// After 10, 20, 40 and 80 ms: the first descriptor is free at 100, and found at 150 ms. Then the
// pauses are short again: 10, 20, 40 and 80 ms from 150 ms on.
TEST(Descriptors, MakeAHubTryAgainAfterPausesThatDouble) {
  BlueprintBuilder builder(kCores);
  LoopOptions options{.threads = 0, .gil = std::nullopt, .hub = HubSpec{}};
  options.accept_retry = {milliseconds(10), seconds(1), CpuTime(0)};
  const ServiceId web = builder.event_loop(options);
  builder.descriptors(web, 1);
  const std::vector<Duration> expected = {kWait, milliseconds(250), milliseconds(400)};
  EXPECT_EQ(latencies(builder, web, 3), expected);
}

// --- Calls

struct Caller {
  Caller() : builder(kCores) { ask = builder.operation(builder.external(), {wait_step(kWait)}); }
  std::uint64_t refused(const RunRecord& record) const {
    return record.operations[0].calls.outcomes[static_cast<std::size_t>(Outcome::refused)];
  }
  BlueprintBuilder builder;
  std::uint32_t ask = 0;
};

// Two requests with a call have four of five descriptors, so that the calls of two others find
// none.
TEST(Descriptors, AreNeededForCalls) {
  for (const bool is_counted : {true, false}) {
    Caller caller;
    const ServiceId web = caller.builder.gthread({.threads = 4, .gil = std::nullopt});
    if (is_counted) caller.builder.descriptors(web, 5);
    for (int i = 0; i < 4; ++i) {
      caller.builder.request(at_ms(0), web,
                             {caller.builder.call_step({{.operation = caller.ask}})});
    }
    const RunRecord record = run_to(caller.builder.build(), seconds(10));
    EXPECT_EQ(caller.refused(record), is_counted ? 2u : 0u);
    EXPECT_EQ(count_of(record, Outcome::error_500), is_counted ? 2u : 0u);
  }
}

// They are back when a call is over, however it ends, and each worker has its own.
TEST(Descriptors, AreThoseOfTheWorkerThatCalls) {
  Caller caller;
  const ServiceId web = caller.builder.service({.workers = 2});
  caller.builder.descriptors(web, 1);
  const StepSpec one = caller.builder.call_step(
      {{.operation = caller.ask, .failure_is_ignored = true, .timeout = kWait / 2}});
  for (const std::int64_t ms : {0, 0, 200}) caller.builder.request(at_ms(ms), web, {one, one});
  CallOptions two{
      .operation = caller.ask, .count = 2, .parallel = true, .failure_is_ignored = true};
  EXPECT_EQ(caller.refused(run_to(caller.builder.build(), seconds(10))), 0u);
  caller.builder.request(at_ms(400), web, {caller.builder.call_step({two})});
  EXPECT_EQ(caller.refused(run_to(caller.builder.build(), seconds(10))), 1u);
}

// What a pool keeps has one while nobody uses it.
TEST(Descriptors, AreHeldByConnectionsOfAPool) {
  for (const std::uint32_t size : {1u, 2u}) {
    Caller caller;
    BlueprintBuilder& builder = caller.builder;
    const ServiceId web = builder.service();
    const ServiceId database = builder.postgres();
    const auto read = builder.operation(database, {wait_step(kWait)});
    builder.pools(web, database, {.size = size, .overflow = 2 - size});
    builder.descriptors(web, 2);
    const CallOptions reads{.operation = read, .count = 2, .parallel = true};
    const CallOptions asks{.operation = caller.ask, .failure_is_ignored = true};
    builder.request(at_ms(0), web, {builder.call_step({reads}), builder.call_step({asks})});
    EXPECT_EQ(caller.refused(run_to(builder.build(), seconds(10))), size == 2 ? 1u : 0u);
  }
}

// A process that dies has none any more, and neither has its successor: its calls go on elsewhere.
TEST(Descriptors, AreGoneWithTheirProcess) {
  Caller caller;
  BlueprintBuilder& builder = caller.builder;
  LoopOptions options{.gil = std::nullopt};
  options.arbiter = replaced_after(CpuTime(1'000'000));
  const ServiceId web = builder.event_loop(options);
  builder.descriptors(web, 3);
  const StepSpec ask = builder.call_step({{.operation = caller.ask}});
  builder.request(at_ms(0), web, {ask});
  builder.request(at_ms(10), web, {crash_step(1)});
  const ClassId late = builder.request(at_ms(20), web, {ask});
  const ClassId last = builder.request(at_ms(150), web, {ask});
  const RunRecord record = run_to(builder.build(), seconds(10));
  EXPECT_EQ(latency_of(record, late), kWait);
  EXPECT_EQ(latency_of(record, last), kWait);
}

}  // namespace
}  // namespace cotenant

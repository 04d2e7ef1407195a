// SPDX-License-Identifier: Apache-2.0
//
// The accept queue, its overflow, and the workers behind it, with instants worked out by hand.
#include "models/server/sync_workers.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }
CpuTime cpu_us(std::int64_t us) { return CpuTime(us * 1000); }

OverheadSpec overhead(PhaseCpu accept, PhaseCpu respond, PhaseCpu finish, PhaseCpu spurious_wake,
                      Duration cold_after = Duration(0)) {
  return {{accept, respond, finish, spurious_wake}, cold_after};
}

TEST(SyncWorkers, ServeOneAfterTheOther) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  const ClassId first = builder.request(at_ms(0), service, {cpu_step(kMs * 10)});
  const ClassId second = builder.request(at_ms(4), service, {cpu_step(kMs * 10)});
  const ClassId third = builder.request(at_ms(50), service, {wait_step(kMs * 3), cpu_step(kMs)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, first), kMs * 10);
  EXPECT_EQ(latency_of(record, second), kMs * 16);  // 6 in the queue, then 10
  EXPECT_EQ(latency_of(record, third), kMs * 4);
  const WaitTimes times = record.attribution.total().times;
  EXPECT_EQ(times[static_cast<std::size_t>(WaitState::cpu)], kMs * 21);
  EXPECT_EQ(times[static_cast<std::size_t>(WaitState::accept_queue)], kMs * 6);
  EXPECT_EQ(times[static_cast<std::size_t>(WaitState::wait)], kMs * 3);
}

// A worker that waits holds no core, so the second worker computes meanwhile; a third request finds
// both taken although the core is idle.
TEST(SyncWorkers, HoldTheirWorkerWhileTheyWait) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.workers = 2});
  builder.request(at_ms(0), service, {wait_step(kMs * 100)});
  builder.request(at_ms(0), service, {wait_step(kMs * 100)});
  const ClassId third = builder.request(at_ms(1), service, {cpu_step(kMs)});
  EXPECT_EQ(latency_of(run_to(builder.build(), seconds(1)), third), kMs * 100);
}

// backlog 2 means a queue of three (linux.md section 6): with one worker busy, three wait and the
// fourth SYN is dropped.
TEST(AcceptQueue, HoldsOneMoreThanTheBacklogAndDropsTheNext) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.accept_queue_capacity = 3});
  std::vector<ClassId> ids;
  for (int i = 0; i < 5; ++i)
    ids.push_back(builder.request(at_ms(i), service, {cpu_step(kMs * 100)}));
  const RunRecord record = run_to(builder.build(), seconds(5));
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(latency_of(record, ids[static_cast<std::size_t>(i)]), kMs * (100 * (i + 1) - i));
  }
  // It tries again 1 s after its first SYN and finds the server idle.
  EXPECT_EQ(latency_of(record, ids[4]), seconds(1) + kMs * 100);
}

// The worker is busy for `busy`, the queue of one is taken by a second request, and a third keeps
// trying. It gets into the queue at the first retry after the worker is free.
Duration latency_of_a_retry(Duration busy, Duration horizon) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.accept_queue_capacity = 1});
  builder.request(Instant(0), service, {wait_step(busy)});
  builder.request(Instant(1), service, {cpu_step(kMs)});
  const ClassId third = builder.request(Instant(2), service, {cpu_step(kMs)});
  return latency_of(run_to(builder.build(), horizon), third);
}

TEST(SynRetries, ComeAtTheSecondsThatLinuxSendsThem) {
  // With one more millisecond of a request before it, the third request is served at once.
  const std::vector<int> retries = {1, 2, 3, 4, 5, 7, 11, 19, 35, 67};
  int before = 0;
  for (const int retry : retries) {
    EXPECT_EQ(latency_of_a_retry(seconds(before) + kMs * 100, seconds(200)), seconds(retry) + kMs)
        << retry;
    before = retry;
  }
}

TEST(SynRetries, GiveUpAfter131Seconds) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.accept_queue_capacity = 1});
  builder.request(Instant(0), service, {wait_step(seconds(1000))});
  builder.request(Instant(1), service, {cpu_step(kMs)});
  const ClassId third = builder.request(Instant(2), service, {cpu_step(kMs)});
  const Blueprint blueprint = builder.build();
  // Refused at 131 s and 2 ns: still there at an end one nanosecond earlier.
  EXPECT_TRUE(ended_as(run_to(blueprint, seconds(131) + Duration(2)), third, Outcome::censored));
  EXPECT_TRUE(ended_as(run_to(blueprint, seconds(131) + Duration(3)), third, Outcome::refused));
}

TEST(ConcurrencyLimit, CountsQueuedAndServedRequests) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.limit_concurrency = 2});
  const ClassId first = builder.request(at_ms(0), service, {cpu_step(kMs * 10)});
  const ClassId second = builder.request(at_ms(1), service, {cpu_step(kMs * 10)});
  const ClassId third = builder.request(at_ms(2), service, {cpu_step(kMs * 10)});
  const ClassId fourth = builder.request(at_ms(10), service, {cpu_step(kMs * 10)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, first), kMs * 10);
  EXPECT_EQ(latency_of(record, second), kMs * 19);
  EXPECT_TRUE(ended_as(record, third, Outcome::rejected_503));
  // The first one ends at this very instant, and work is done before anything arrives.
  EXPECT_EQ(latency_of(record, fourth), kMs * 20);
}

// Workers are taken in the order in which they fell idle: 0, 1, 2, and the one that finished first
// is first again. The order shows in which worker is warm.
TEST(IdleWorkers, AreTakenInTheOrderInWhichTheyFellIdle) {
  const PhaseCpu accept{cpu_us(0), cpu_us(1000)};
  BlueprintBuilder builder(4);
  const ServiceId service =
      builder.service({.workers = 2, .overhead = overhead(accept, {}, {}, {}, milliseconds(10))});
  // Both workers have never run: their code was last warm at the start of the run.
  const ClassId first = builder.request(at_ms(100), service, {cpu_step(kMs)});   // worker 0
  const ClassId second = builder.request(at_ms(104), service, {cpu_step(kMs)});  // worker 1
  const ClassId third = builder.request(at_ms(106), service, {cpu_step(kMs)});   // worker 0
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, first), kMs * 2);
  EXPECT_EQ(latency_of(record, second), kMs * 2);
  // Worker 0 ran its accept code last at 101 ms, 5 of the 10 ms that make it cold: half of 1 ms.
  // Had worker 1 been taken, it would have been 1 ms ago and cost 0.1 ms.
  EXPECT_EQ(latency_of(record, third), kMs + microseconds(500));
}

TEST(PhaseCosts, GrowLinearlyFromHotToCold) {
  // Latency is accept + 1 ms + respond; finish comes after it.
  const auto latency_after = [](std::int64_t pause_us) {
    BlueprintBuilder builder;
    const ServiceId service =
        builder.service({.overhead = overhead({cpu_us(100), cpu_us(300)}, {cpu_us(50), cpu_us(50)},
                                              {}, {}, milliseconds(10))});
    builder.request(at_ms(100), service, {cpu_step(kMs)});
    // Cold, its accept phase ends at 100.3 ms.
    const Instant at = at_ms(100) + microseconds(300 + pause_us);
    const ClassId probe = builder.request(at, service, {cpu_step(kMs)});
    return latency_of(run_to(builder.build(), seconds(1)), probe);
  };
  const auto expected = [](std::int64_t accept_us) { return microseconds(accept_us + 1000 + 50); };
  EXPECT_EQ(latency_after(5'000), expected(200));
  EXPECT_EQ(latency_after(7'500), expected(250));
  EXPECT_EQ(latency_after(10'000), expected(300));
  EXPECT_EQ(latency_after(500'000), expected(300));
}

TEST(PhaseCosts, OfTheFinishDelayTheNextRequestOnly) {
  BlueprintBuilder builder;
  const ServiceId service =
      builder.service({.overhead = overhead({}, {}, always(cpu_us(2000)), {})});
  const ClassId first = builder.request(at_ms(0), service, {cpu_step(kMs)});
  const ClassId second = builder.request(at_ms(0), service, {cpu_step(kMs)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, first), kMs);
  EXPECT_EQ(latency_of(record, second), kMs * 4);  // 1 + 2 of finishing + 1
  EXPECT_EQ(record.machines[kHardware].cpu_used(), cpu_us(2 * 1000 + 2 * 2000));
}

// One connection wakes all four idle workers. On one core they share it: each wants 300 us to find
// out, so at 1200 us all four are done and the first has the connection. Three wake-ups are in
// vain.
TEST(Herd, WakesAllIdleWorkersForOneConnection) {
  BlueprintBuilder builder;
  const ServiceId service =
      builder.service({.workers = 4, .overhead = overhead({}, {}, {}, always(cpu_us(300)))});
  const ClassId only = builder.request(at_ms(0), service, {cpu_step(kMs)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, only), microseconds(1200) + kMs);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), cpu_us(4 * 300 + 1000));
}

// What was spent on waking is part of the accept phase for the one that gets the connection.
TEST(Herd, CreditsTheWakeToTheAcceptPhase) {
  BlueprintBuilder builder;
  const ServiceId service =
      builder.service({.overhead = overhead(always(cpu_us(1000)), {}, {}, always(cpu_us(300)))});
  const ClassId only = builder.request(at_ms(0), service, {cpu_step(kMs)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, only), kMs * 2);
  const WaitTimes times = record.attribution.total().times;
  // The first 300 us pass before accept(): the connection is still in the queue.
  EXPECT_EQ(times[static_cast<std::size_t>(WaitState::accept_queue)], microseconds(300));
  EXPECT_EQ(times[static_cast<std::size_t>(WaitState::server_cpu)], microseconds(700));
}

// A worker that has finished takes the next connection without going to sleep: no wake to pay.
TEST(Herd, IsNotWokenByAConnectionThatFindsAllWorkersBusy) {
  BlueprintBuilder builder;
  const ServiceId service =
      builder.service({.overhead = overhead({}, {}, {}, always(cpu_us(300)))});
  builder.request(at_ms(0), service, {cpu_step(kMs * 10)});
  const ClassId second = builder.request(at_ms(5), service, {cpu_step(kMs)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, second), microseconds(10'300 - 5'000) + kMs);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), cpu_us(300 + 11'000));
}

TEST(Timeouts, LeaveTheServerWorkingInVain) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  const ClassId first = builder.request(at_ms(0), service, {cpu_step(kMs * 50)});
  const ClassId second = builder.request(at_ms(1), service, {cpu_step(kMs * 30)});
  const ClassId third = builder.request(at_ms(70), service, {cpu_step(kMs)});
  builder.client_timeout(kMs * 20);
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_TRUE(ended_as(record, first, Outcome::timed_out));
  EXPECT_TRUE(ended_as(record, second, Outcome::timed_out));  // in the queue, at 21 ms
  // Nobody told the server: the worker is busy until 80 ms.
  EXPECT_EQ(latency_of(record, third), kMs * 11);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), cpu_us(81'000));
}

TEST(Timeouts, DoNotCutAReplyAtTheSameInstant) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  const ClassId only = builder.request(at_ms(0), service, {cpu_step(kMs * 20)});
  builder.client_timeout(kMs * 20);
  EXPECT_EQ(latency_of(run_to(builder.build(), seconds(1)), only), kMs * 20);
}

TEST(Timeouts, EndTheRetriesOfADroppedSyn) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.accept_queue_capacity = 1});
  builder.request(Instant(0), service, {cpu_step(seconds(9))});
  builder.request(Instant(1), service, {cpu_step(kMs)});
  const ClassId third = builder.request(Instant(2), service, {cpu_step(kMs)});
  builder.client_timeout(milliseconds(2500));
  const RunRecord record = run_to(builder.build(), seconds(20));
  EXPECT_TRUE(ended_as(record, third, Outcome::timed_out));
  EXPECT_EQ(record.machines[kHardware].cpu_used(),
            CpuTime(seconds(9).count()) + CpuTime(kMs.count()));
}

// EP of CloudLinux counts who waits, too.
TEST(EntryProcesses, BeyondTheirLimitAreAnswered508AtOnce) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  std::vector<ClassId> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(builder.request(at_ms(i), service, {cpu_step(kMs * 10)}));
  }
  const ClassId later = builder.request(at_ms(11), service, {cpu_step(kMs * 10)});
  Blueprint blueprint = builder.build();
  blueprint.services[service].entry_processes = 2;
  const RunRecord record = run_to(blueprint, seconds(1));
  EXPECT_EQ(latency_of(record, ids[0]), kMs * 10);
  EXPECT_EQ(latency_of(record, ids[1]), kMs * 19);  // behind the first
  EXPECT_TRUE(ended_as(record, ids[2], Outcome::rejected_508));
  EXPECT_EQ(latency_of(record, later), kMs * 19);  // the first is gone
}

// Requests that cost nothing at all, a whole queue of them behind one that does: they end together
// at the instant at which it ends.
TEST(FreeRequests, AreServedByTheHundredAtOneInstant) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(at_ms(0), service, {cpu_step(kMs * 10)});
  std::vector<ClassId> ids;
  for (int i = 0; i < 1000; ++i) {
    ids.push_back(builder.request(at_ms(4), service, {cpu_step(Duration(0))}));
  }
  const RunRecord record = run_to(builder.build(), seconds(1));
  for (const ClassId id : ids) EXPECT_EQ(latency_of(record, id), kMs * 6);
}

}  // namespace
}  // namespace cotenant

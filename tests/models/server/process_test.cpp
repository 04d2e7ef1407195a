// SPDX-License-Identifier: Apache-2.0
//
// How processes with several threads end, are killed and come back. Instants are worked out by
// hand; the second in which the arbiter looks, and when a loop last reported, are random.
#include "models/server/process.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr Duration kBoot = kMs * 50;

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

ArbiterSpec arbiter(std::uint32_t max_requests, std::optional<Duration> timeout = std::nullopt) {
  ArbiterSpec spec;
  spec.max_requests = max_requests;
  spec.timeout = timeout;
  spec.boot = CpuTime(kBoot.count());
  return spec;
}

// The pool needs 1 ms before it counts a request, so that the main thread sleeps by then.
OverheadSpec start_takes_1_ms() {
  OverheadSpec overhead;
  overhead.phases[static_cast<std::size_t>(ServerPhase::start)] = always(CpuTime(kMs.count()));
  return overhead;
}

std::int64_t end_ms(const RunRecord& record, std::uint64_t ordinal) {
  return (request(record, ordinal).end - Instant()).count() / kMs.count();
}

const ServiceRecord& of_service(const RunRecord& record) { return record.services[ServiceId(0)]; }

// --- gthread

ServiceId gthread(BlueprintBuilder& builder, const ArbiterSpec& spec, std::uint32_t threads = 1) {
  return builder.gthread(
      {.threads = threads, .overhead = start_takes_1_ms(), .gil = std::nullopt, .arbiter = spec});
}

// python-servers.md 8.3: with a timeout of 2 s a request of 6 s is answered after 6 s.
TEST(GthreadLife, IsNotEndedByARequestThatHangs) {
  BlueprintBuilder builder;
  const ServiceId service = gthread(builder, arbiter(0, seconds(2)));
  builder.request(at_ms(0), service, {wait_step(seconds(6))});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(request(record, 0).outcome, Outcome::completed);
  EXPECT_EQ(end_ms(record, 0), 6001);
  EXPECT_EQ(of_service(record).restarts, 0u);
}

// The main thread, which sleeps since 100 ms, would see at 1100 ms that two requests were enough.
// The third one wakes it at 500 ms: it accepts that one, and then it sees. The process ends at 511
// ms, when it holds nothing, and the next one is ready 50 ms later.
TEST(GthreadLife, EndsAfterTheRoundInWhichItHasServedEnough) {
  BlueprintBuilder builder;
  const ServiceId service = gthread(builder, arbiter(2));
  for (const std::int64_t ms : {0, 100, 500, 520}) {
    builder.request(at_ms(ms), service, {wait_step(kMs * 10)});
  }
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 1), 111);
  EXPECT_EQ(end_ms(record, 2), 511);
  EXPECT_EQ(end_ms(record, 3), 511 + 50 + 11);
  EXPECT_EQ(of_service(record).restarts, 1u);
  EXPECT_EQ(of_service(record).timeouts, 0u);
}

TEST(GthreadLife, EndsWithinASecondIfNobodyConnects) {
  BlueprintBuilder builder;
  const ServiceId service = gthread(builder, arbiter(2));
  for (const std::int64_t ms : {0, 100, 1120}) {
    builder.request(at_ms(ms), service, {wait_step(kMs * 10)});
  }
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 2), 1100 + 50 + 11);
}

// Of two threads one is free, but its process accepts no more: who comes waits until the other one
// has finished, too.
TEST(GthreadLife, FinishesWhatItHoldsBeforeItIsReplaced) {
  BlueprintBuilder builder;
  const ServiceId service = gthread(builder, arbiter(2, seconds(30)), 2);
  builder.request(at_ms(0), service, {wait_step(seconds(5))});
  builder.request(at_ms(10), service, {wait_step(kMs * 10)});
  builder.request(at_ms(2000), service, {wait_step(kMs * 10)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 0), 5001);
  EXPECT_EQ(end_ms(record, 2), 5001 + 50 + 11);
}

// It has last reported at 0 ms, before it slept; at 10 ms it stops, with a request in its thread
// and one in its queue. Both are lost, and both at once; the one it had not accepted is served.
TEST(GthreadLife, IsKilledIfItTakesTooLongToFinish) {
  BlueprintBuilder builder;
  const ServiceId service = gthread(builder, arbiter(1, seconds(2)));
  builder.request(at_ms(0), service, {wait_step(seconds(100))});
  builder.request(at_ms(10), service, {wait_step(kMs)});
  builder.request(at_ms(20), service, {wait_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
  EXPECT_EQ(request(record, 1).outcome, Outcome::reset);
  EXPECT_GT(request(record, 0).end, at_ms(2000));
  EXPECT_LE(request(record, 0).end, at_ms(3000));
  EXPECT_EQ(request(record, 1).end, request(record, 0).end);
  EXPECT_EQ(request(record, 2).outcome, Outcome::completed);
  EXPECT_EQ(request(record, 2).end, request(record, 0).end + kBoot + kMs * 2);
  EXPECT_EQ(of_service(record).timeouts, 1u);
}

// One thread holds Python's lock, two wait for it, and requests wait in the queue. Nothing of that
// is left in the next process, which is as fast as ever; no CPU is used for the dead.
TEST(GthreadLife, TakesTheLockAndAllWorkWithIt) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.gthread({.threads = 3, .arbiter = arbiter(1, seconds(2))});
  for (int i = 0; i < 5; ++i) {
    builder.request(at_ms(0), service, {cpu_step(seconds(100))});
  }
  builder.request(at_ms(3500), service, {cpu_step(kMs * 20)});
  const RunRecord record = logged(builder.build(), seconds(5));
  EXPECT_EQ(count_of(record, Outcome::reset), 5u);
  EXPECT_EQ(end_ms(record, 5), 3520);
  // The one that was killed, and the one that has served its one request.
  EXPECT_EQ(of_service(record).timeouts, 1u);
  EXPECT_EQ(of_service(record).restarts, 2u);
  const Duration lived = request(record, 0).end - Instant();
  const Duration used(record.machines[kHardware].cpu_used().count());
  EXPECT_GE(used, lived + kBoot * 2 + kMs * 20);
  EXPECT_LT(used, lived + kBoot * 2 + kMs * 21);
}

// The code of a phase is cold at first and warm, or nearly, for 100 s; in a new process it is cold.
TEST(GthreadLife, BeginsWithColdCode) {
  BlueprintBuilder builder;
  OverheadSpec overhead;
  overhead.phases[static_cast<std::size_t>(ServerPhase::start)] = {CpuTime(kMs.count()),
                                                                   CpuTime((kMs * 11).count())};
  overhead.cold_after = seconds(100);
  const ServiceId service = builder.gthread(
      {.threads = 1, .overhead = overhead, .gil = std::nullopt, .arbiter = arbiter(2)});
  for (const std::int64_t ms : {200'000, 200'100, 202'000}) {
    builder.request(at_ms(ms), service, {wait_step(kMs)});
  }
  const RunRecord record = logged(builder.build(), seconds(300));
  EXPECT_EQ(end_ms(record, 0), 200'012);
  EXPECT_EQ(end_ms(record, 1), 200'102);
  EXPECT_EQ(end_ms(record, 2), 202'012);
}

// Between 3 and 5 requests a process: 300 requests take 60 to 100 processes, on average 75.
TEST(GthreadLife, IsAsLongAsItsOwnNumberOfRequests) {
  BlueprintBuilder builder;
  ArbiterSpec spec = arbiter(3);
  spec.max_requests_jitter = 2;
  const ServiceId service = gthread(builder, spec);
  for (int i = 0; i < 300; ++i) builder.request(at_ms(i * 2500), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(900));
  EXPECT_EQ(count_of(record, Outcome::completed), 300u);
  EXPECT_NEAR(static_cast<double>(of_service(record).restarts), 75, 6);
}

// --- Event loops that gunicorn looks after

ServiceId loops(BlueprintBuilder& builder, const ArbiterSpec& spec, std::uint32_t processes = 1) {
  return builder.event_loop(
      {.processes = processes, .threads = 2, .gil = std::nullopt, .arbiter = spec});
}

// It reports every second, and is killed at the first look more than 2 s after that: between 1 and
// 3 s after the block has begun, on average after 2.
TEST(LoopLife, IsEndedByABlockOfBetweenHalfOfTheTimeoutAndAll) {
  BlueprintBuilder builder;
  const ServiceId service = loops(builder, arbiter(0, seconds(2)));
  builder.request(at_ms(5000), service, {blocking_step(seconds(8))});
  builder.request(at_ms(5100), service, {cpu_step(kMs)});
  const Blueprint blueprint = builder.build();
  constexpr int kSeeds = 200;
  Duration sum;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const RunRecord record = logged(blueprint, seconds(20), seed);
    EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
    EXPECT_GT(request(record, 0).end, at_ms(6000));
    EXPECT_LE(request(record, 0).end, at_ms(8000));
    EXPECT_EQ(request(record, 1).outcome, Outcome::completed);
    EXPECT_EQ(request(record, 1).end, request(record, 0).end + kBoot + kMs);
    EXPECT_EQ(of_service(record).timeouts, 1u);
    sum += request(record, 0).end - at_ms(5000);
  }
  // Two uniform seconds: the mean of 200 has a standard deviation of 29 ms.
  EXPECT_NEAR(static_cast<double>((sum / kSeeds).count()) / 1e6, 2000, 120);
}

// How many of 200 processes a block of that length ends.
int killed_of_200(Duration block, Duration timeout) {
  BlueprintBuilder builder;
  const ServiceId service = loops(builder, arbiter(0, timeout));
  builder.request(at_ms(20'000), service, {blocking_step(block)});
  const Blueprint blueprint = builder.build();
  int killed = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const RunRecord record = logged(blueprint, seconds(80), seed);
    killed += of_service(record).timeouts > 0 ? 1 : 0;
  }
  return killed;
}

// Ticks that did not come delay the next report by the length of the block, so that a loop is
// silent for 1 s and that. With a timeout of 2 s a block of 1.5 s leaves half a second in which a
// look, one in each second, would find it silent for too long. With 30 s it depends on how long
// ago, of 15 s, it had last reported.
TEST(LoopLife, IsNotEndedByLessThanHalfOfTheTimeout) {
  EXPECT_EQ(killed_of_200(kMs * 990, seconds(2)), 0);
  EXPECT_GT(killed_of_200(kMs * 1500, seconds(2)), 60);
  EXPECT_LT(killed_of_200(kMs * 1500, seconds(2)), 140);
  EXPECT_EQ(killed_of_200(kMs * 2110, seconds(2)), 200);
  EXPECT_EQ(killed_of_200(seconds(14), seconds(30)), 0);
  EXPECT_GT(killed_of_200(seconds(20), seconds(30)), 30);
  EXPECT_LT(killed_of_200(seconds(20), seconds(30)), 100);
  EXPECT_EQ(killed_of_200(kMs * 31'010, seconds(30)), 200);
}

// Between reports that are 2 s apart, because a second is less than half of 3 s.
TEST(LoopLife, GoesOnWhileNothingHappens) {
  for (const std::int64_t timeout : {1, 2, 3, 30}) {
    BlueprintBuilder builder;
    const ServiceId service = loops(builder, arbiter(0, seconds(timeout)), 3);
    builder.request(at_ms(999'000), service, {cpu_step(kMs)});
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const RunRecord record = logged(builder.build(), seconds(1000), seed);
      EXPECT_EQ(of_service(record).restarts, 0u) << timeout;
      EXPECT_EQ(count_of(record, Outcome::completed), 1u);
    }
  }
}

// A loop that is busy all the time gets round to reporting between its callbacks.
TEST(LoopLife, GoesOnWhileItIsBusyWithShortThings) {
  BlueprintBuilder builder;
  const ServiceId service = loops(builder, arbiter(0, seconds(2)));
  builder.source(ConstantSource{32e6}, {builder.request_class(service, {cpu_step(kMs * 10)})}, 3u);
  const RunRecord record = run_to(builder.build(), seconds(20));
  EXPECT_EQ(of_service(record).restarts, 0u);
}

// Wherever they are in it: asleep, waiting, in a thread of the pool, or in line for the loop. Who
// has not been accepted, and whoever is in the other process, is unharmed.
TEST(LoopLife, TakesAllRequestsOfTheLoopWithIt) {
  BlueprintBuilder builder(4);
  const ServiceId service = loops(builder, arbiter(0, seconds(2)));
  builder.request(at_ms(5000), service, {sleep_step(seconds(20))});
  builder.request(at_ms(5000), service, {wait_step(seconds(20))});
  builder.in_thread(builder.request(at_ms(5000), service, {cpu_step(seconds(20))}));
  builder.in_thread(builder.request(at_ms(5000), service, {wait_step(seconds(20))}));
  builder.in_thread(builder.request(at_ms(5000), service, {wait_step(seconds(20))}));
  builder.request(at_ms(5000), service, {wait_step(kMs * 200)});
  builder.request(at_ms(5100), service, {blocking_step(seconds(9))});
  builder.request(at_ms(5200), service, {sleep_step(kMs * 3)});
  const RunRecord record = logged(builder.build(), seconds(60));
  for (std::uint64_t i = 0; i < 7; ++i) {
    EXPECT_EQ(request(record, i).outcome, Outcome::reset) << i;
    EXPECT_EQ(request(record, i).end, request(record, 0).end) << i;
  }
  EXPECT_EQ(request(record, 7).outcome, Outcome::completed);
  EXPECT_EQ(request(record, 7).end, request(record, 0).end + kBoot + kMs * 3);
  const Duration lived = request(record, 2).end - at_ms(5000);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime((lived + kBoot).count()));
}

// However many there are: many more than a step usually ends.
TEST(LoopLife, TakesAnyNumberOfRequestsWithIt) {
  BlueprintBuilder builder;
  const ServiceId service = loops(builder, arbiter(0, seconds(2)));
  for (int i = 0; i < 1000; ++i) {
    builder.request(at_ms(5000), service, {sleep_step(seconds(20))});
  }
  builder.request(at_ms(5001), service, {blocking_step(seconds(9))});
  const RunRecord record = logged(builder.build(), seconds(60));
  EXPECT_EQ(count_of(record, Outcome::reset), 1001u);
}

TEST(LoopLife, OfOneProcessEndsAlone) {
  BlueprintBuilder builder(4);
  const ServiceId service = loops(builder, arbiter(0, seconds(2)), 2);
  builder.request(at_ms(5000), service, {blocking_step(seconds(9))});
  builder.request(at_ms(5001), service, {wait_step(seconds(9))});
  const RunRecord record = logged(builder.build(), seconds(60));
  EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
  EXPECT_EQ(request(record, 1).outcome, Outcome::completed);
}

// After its second request, at 12 ms, the loop ends within a tick of 0.1 s and another one in which
// it looks whether it holds nothing. Then 50 ms of booting.
TEST(LoopLife, EndsAtATickAfterItHasServedEnough) {
  BlueprintBuilder builder;
  const ServiceId service = loops(builder, arbiter(2));
  for (const std::int64_t ms : {0, 10, 113}) {
    builder.request(at_ms(ms), service, {cpu_step(kMs * 2)});
  }
  const Blueprint blueprint = builder.build();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RunRecord record = logged(blueprint, seconds(10), seed);
    EXPECT_GE(end_ms(record, 2), 112 + 50 + 2);
    EXPECT_LE(end_ms(record, 2), 212 + 50 + 2);
    EXPECT_EQ(of_service(record).restarts, 1u);
  }
}

// It does not accept while it waits for a request that takes long.
TEST(LoopLife, FinishesWhatItHoldsBeforeItIsReplaced) {
  BlueprintBuilder builder;
  const ServiceId service = loops(builder, arbiter(1));
  builder.request(at_ms(0), service, {sleep_step(seconds(5))});
  builder.request(at_ms(0), service, {cpu_step(kMs * 2)});
  builder.request(at_ms(1000), service, {cpu_step(kMs * 2)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 0), 5000);
  EXPECT_GE(end_ms(record, 2), 5000 + 50 + 2);
  EXPECT_LE(end_ms(record, 2), 5100 + 50 + 2);
}

// --- uvicorn's own main process

ArbiterSpec supervisor(Replaces replaces) {
  ArbiterSpec spec = arbiter(1);
  spec.replaces = replaces;
  return spec;
}

// Each of two processes serves one request and ends: for the third there is nobody.
TEST(Supervisor, BeforeVersion030ReplacesNobody) {
  BlueprintBuilder builder;
  const ServiceId service = loops(builder, supervisor(Replaces::never), 2);
  for (const std::int64_t ms : {0, 1000, 2000}) {
    builder.request(at_ms(ms), service, {cpu_step(kMs * 2)});
  }
  const RunRecord record = logged(builder.build(), seconds(100));
  EXPECT_EQ(count_of(record, Outcome::completed), 2u);
  EXPECT_EQ(request(record, 2).outcome, Outcome::censored);
  EXPECT_EQ(of_service(record).restarts, 0u);
}

// Both end 0.1 to 0.2 s after their requests, and are replaced at the same look, at most 0.5 s
// later.
TEST(Supervisor, SinceVersion030LooksTwiceASecond) {
  BlueprintBuilder builder(2);
  const ServiceId service = loops(builder, supervisor(Replaces::when_it_looks), 2);
  for (const std::int64_t ms : {0, 1, 300}) {
    builder.request(at_ms(ms), service, {cpu_step(kMs * 2)});
  }
  const Blueprint blueprint = builder.build();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RunRecord record = logged(blueprint, seconds(3), seed);
    EXPECT_EQ(request(record, 2).outcome, Outcome::completed);
    EXPECT_LE(end_ms(record, 2), 200 + 500 + 50 + 4);
    EXPECT_GE(of_service(record).restarts, 2u);
  }
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// What becomes of connections that clients keep: what their next requests save, who serves them,
// and when servers close them, to the nanosecond. Phases of the server take whole milliseconds that
// tell which of them ran.
#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

struct PhaseMs {
  ServerPhase phase;
  std::int64_t ms;
};
OverheadSpec costs(std::vector<PhaseMs> phases) {
  OverheadSpec overhead;
  for (const auto& [phase, ms] : phases) {
    overhead.phases[static_cast<std::size_t>(phase)] = always(CpuTime(ms * 1'000'000));
  }
  return overhead;
}

KeepAliveSpec kept_for(Duration longest, std::uint32_t most = 1000) { return {longest, most}; }

LoopOptions loop_that_keeps(Duration longest, OverheadSpec overhead = {}) {
  return {.overhead = overhead, .gil = std::nullopt, .keep_alive = kept_for(longest)};
}

// Requests that take nothing but what the server itself does for them.
ClassId bare(BlueprintBuilder& builder, ServiceId service, std::int64_t at) {
  return builder.request(at_ms(at), service, {cpu_step(Duration(0))});
}

std::vector<std::int64_t> latencies_ms(const RunRecord& record, const std::vector<ClassId>& ids) {
  std::vector<std::int64_t> latencies;
  for (const ClassId id : ids) latencies.push_back(latency_of(record, id).count() / 1'000'000);
  return latencies;
}

// --- Event loops

const std::vector<PhaseMs> kLoopPhases = {{ServerPhase::wake, 1},     {ServerPhase::accept, 2},
                                          {ServerPhase::connect, 4},  {ServerPhase::start, 8},
                                          {ServerPhase::respond, 16}, {ServerPhase::finish, 96},
                                          {ServerPhase::keep, 32}};

TEST(KeptByALoop, SavesAcceptAndConnect) {
  for (const bool keeps : {false, true}) {
    BlueprintBuilder builder;
    const ServiceId service = builder.event_loop(loop_that_keeps(seconds(5), costs(kLoopPhases)));
    if (keeps) builder.keep_connections(10);
    const std::vector<ClassId> ids = {bare(builder, service, 0), bare(builder, service, 1000)};
    const RunRecord record = run_to(builder.build(), seconds(2));
    const std::int64_t fresh = 1 + 2 + 4 + 8 + 16;
    EXPECT_EQ(latencies_ms(record, ids),
              (std::vector<std::int64_t>{fresh, keeps ? fresh - 2 - 4 : fresh}));
    // And the rest of the finish phase, which nobody waits for.
    const std::int64_t all = keeps ? 2 * (fresh + 32) - 2 - 4 : 2 * (fresh + 96);
    EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(all * 1'000'000));
  }
}

// Parked at 31 ms, by the reply; closed 200 ms later, for the rest of the finish phase and after
// waking up. Latencies of a request at 230 and at 231 ms: 25 and 31.
TEST(KeptByALoop, IsClosedWhenNothingComes) {
  for (const bool in_time : {true, false}) {
    BlueprintBuilder builder;
    const ServiceId service = builder.event_loop(loop_that_keeps(kMs * 200, costs(kLoopPhases)));
    builder.keep_connections(10);
    const ClassId first = bare(builder, service, 0);
    const ClassId second = bare(builder, service, in_time ? 230 : 700);
    const RunRecord record = run_to(builder.build(), seconds(3));
    EXPECT_EQ(latencies_ms(record, {first, second}),
              (std::vector<std::int64_t>{31, in_time ? 25 : 31}));
    // Each connection is closed at last: wake-up and 64 ms.
    const std::int64_t requests = 31 + 32 + (in_time ? 25 : 31) + 32;
    const std::int64_t closed = (in_time ? 1 : 2) * (1 + 64);
    EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime((requests + closed) * 1'000'000));
  }
}

// Two connections at once, of which the first process to wake accepts both. A request on one of
// them waits for that process while the other one sleeps; without keep-alive it would not.
TEST(KeptByALoop, StaysWithItsProcess) {
  for (const bool keeps : {false, true}) {
    BlueprintBuilder builder(2);
    LoopOptions options = loop_that_keeps(seconds(5), costs({{ServerPhase::wake, 1}}));
    options.processes = 2;
    const ServiceId service = builder.event_loop(options);
    if (keeps) builder.keep_connections(10);
    bare(builder, service, 0);
    bare(builder, service, 0);
    builder.request(at_ms(10), service, {cpu_step(kMs * 50)});
    const ClassId light = bare(builder, service, 20);
    const RunRecord record = run_to(builder.build(), seconds(1));
    EXPECT_EQ(latency_of(record, light), kMs * (keeps ? 11 + 50 - 20 : 1));
  }
}

// A user has one from 400 to 800 ms, and uses it at neither end: with the connection of a request
// at 600 ms it is as many as the limit.
TEST(KeptByALoop, CountsInTheLimitOfConcurrencyWhenIdle) {
  for (const bool keeps : {false, true}) {
    BlueprintBuilder builder;
    LoopOptions options = loop_that_keeps(seconds(5));
    options.limit_concurrency = 2;
    const ServiceId service = builder.event_loop(options);
    if (keeps) builder.keep_connections(10);
    builder.source(ClosedSource{1, Sampler(law::Constant{400e6})},
                   {builder.request_class(service, {cpu_step(Duration(0))})});
    const ClassId other = bare(builder, service, 600);
    const RunRecord record = run_to(builder.build(), seconds(1));
    EXPECT_TRUE(ended_as(record, other, keeps ? Outcome::rejected_503 : Outcome::completed));
    EXPECT_EQ(count_of(record, Outcome::completed), keeps ? 2u : 3u);
  }
}

// Of two connections their clients keep one. The loop closes the other at once: it was to be kept
// for 5 s.
TEST(KeptByALoop, IsClosedWhenItsClientHangsUp) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(loop_that_keeps(seconds(5), costs(kLoopPhases)));
  builder.keep_connections(1);
  bare(builder, service, 0);
  bare(builder, service, 0);
  const RunRecord record = run_to(builder.build(), seconds(1));
  const std::int64_t all = 1 + 2 * (2 + 4 + 8 + 16 + 32) + 64;
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(all * 1'000'000));
}

// What fails is closed by the server, and the next request pays for a new connection.
TEST(KeptByALoop, IsClosedAfterAnError) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(loop_that_keeps(seconds(5), costs(kLoopPhases)));
  builder.keep_connections(10);
  builder.request(at_ms(0), service, {error_step(1)});
  const ClassId next = bare(builder, service, 1000);
  const RunRecord record = run_to(builder.build(), seconds(2));
  EXPECT_EQ(latencies_ms(record, {next}), (std::vector<std::int64_t>{31}));
}

// Three connections are idle from 61 ms on and may be closed at 161. The loop reads and computes
// from 131 to 191 ms for the third, then reads, until 211, a request that came on the second, which
// saves that. When it closes the first one, a request is on its way there since 195. (One more has
// taken the third.)
TEST(KeptByALoop, MayBeClosedWhileARequestIsOnItsWay) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(
      loop_that_keeps(kMs * 100, costs({{ServerPhase::wake, 1}, {ServerPhase::start, 20}})));
  builder.keep_connections(10);
  for (int i = 0; i < 3; ++i) bare(builder, service, 0);
  builder.request(at_ms(130), service, {cpu_step(kMs * 40)});
  const ClassId saved = bare(builder, service, 155);
  bare(builder, service, 195);
  const ClassId lost = bare(builder, service, 195);
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, saved), kMs * (191 + 20 - 155));
  EXPECT_TRUE(ended_as(record, lost, Outcome::reset));
  EXPECT_EQ(count_of(record, Outcome::reset), 1u);
}

// --- Threads

const std::vector<PhaseMs> kThreadPhases = {{ServerPhase::accept, 2},  {ServerPhase::hand_over, 1},
                                            {ServerPhase::start, 8},   {ServerPhase::respond, 16},
                                            {ServerPhase::finish, 96}, {ServerPhase::keep, 32},
                                            {ServerPhase::reuse, 1}};

GthreadOptions threads_that_keep(Duration longest, std::uint32_t most = 1000) {
  return {.overhead = costs(kThreadPhases), .gil = std::nullopt, .keep_alive = {{longest, most}}};
}

// The main thread sees the request and hands it over; on one core both threads share the 1 ms of
// that, so the request needs one more.
TEST(KeptByThreads, GoesThroughTheMainThread) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.gthread(threads_that_keep(seconds(2)));
  builder.keep_connections(10);
  const std::vector<ClassId> ids = {bare(builder, service, 0), bare(builder, service, 500)};
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latencies_ms(record, ids), (std::vector<std::int64_t>{2 + 8 + 16, 1 + 8 + 16}));
  const std::int64_t all = (2 + 1 + 8 + 16 + 32) + (1 + 1 + 8 + 16 + 32);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(all * 1'000'000));
}

// select() was called at 3 ms, and returns each second. The connection was parked at 26 ms and may
// be closed 500 ms later: it is at 1003 ms.
TEST(KeptByThreads, IsClosedWhenSelectReturns) {
  for (const std::int64_t at : {900, 1100}) {
    BlueprintBuilder builder(2);
    const ServiceId service = builder.gthread(threads_that_keep(kMs * 500));
    builder.keep_connections(10);
    bare(builder, service, 0);
    const ClassId second = bare(builder, service, at);
    const RunRecord record = run_to(builder.build(), seconds(2));
    EXPECT_EQ(latencies_ms(record, {second}),
              (std::vector<std::int64_t>{(at < 1000 ? 1 : 2) + 8 + 16}));
  }
}

TEST(KeptByThreads, IsClosedWhenItsClientHangsUp) {
  BlueprintBuilder builder(4);
  const ServiceId service = builder.gthread(threads_that_keep(seconds(5)));
  builder.keep_connections(1);
  bare(builder, service, 0);
  bare(builder, service, 0);
  const RunRecord record = run_to(builder.build(), seconds(1));
  const std::int64_t all = 2 * (2 + 1 + 8 + 16 + 32) + 64;
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(all * 1'000'000));
}

// The main thread is busy from 500 to 511 ms. A user connects at 502 ms, and at 504 a request comes
// on a connection that was kept: that waits for the other one to be accepted.
TEST(KeptByThreads, TakesTurnsWithNewConnections) {
  BlueprintBuilder builder(4);
  GthreadOptions options = threads_that_keep(seconds(2));
  options.threads = 4;
  options.overhead.phases[static_cast<std::size_t>(ServerPhase::hand_over)] =
      always(CpuTime(10'000'000));
  const ServiceId service = builder.gthread(options);
  builder.keep_connections(10);
  const ClassId of_user = builder.request_class(service, {cpu_step(Duration(0))});
  builder.source(ClosedSource{1, Sampler(law::Constant{502e6})}, {of_user});
  bare(builder, service, 0);
  bare(builder, service, 0);
  bare(builder, service, 500);
  const ClassId kept = bare(builder, service, 504);
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latencies_ms(record, {kept}),
            (std::vector<std::int64_t>{511 - 504 + (2 + 10) + 1 + 8 + 16}));
}

// Of two connections one is kept: the next two requests are a reused and a new one.
TEST(KeptByThreads, KeepsNoMoreThanItMay) {
  BlueprintBuilder builder(4);
  const ServiceId service = builder.gthread(threads_that_keep(seconds(2), 1));
  builder.keep_connections(10);
  bare(builder, service, 0);
  bare(builder, service, 0);
  const std::vector<ClassId> ids = {bare(builder, service, 500), bare(builder, service, 600)};
  const ClassId together = bare(builder, service, 600);
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latencies_ms(record, ids), (std::vector<std::int64_t>{25, 25}));
  // The main thread has handed over the other one, for 1 + 1 ms, before it accepts this one.
  EXPECT_EQ(latencies_ms(record, {together}), (std::vector<std::int64_t>{2 + 2 + 8 + 16}));
}

// --- Clients

// All that is said of pools is said by what the third request costs: 31 ms on a new connection, 25
// on a kept one.
TEST(Clients, KeepNoMoreThanTheyMay) {
  for (const std::uint32_t shared : {1u, 2u}) {
    BlueprintBuilder builder;
    const ServiceId service = builder.event_loop(loop_that_keeps(seconds(5), costs(kLoopPhases)));
    builder.keep_connections(shared);
    bare(builder, service, 0);
    bare(builder, service, 0);
    builder.request(at_ms(1000), service, {wait_step(kMs * 500)});
    const ClassId beside = bare(builder, service, 1300);
    const RunRecord record = run_to(builder.build(), seconds(3));
    EXPECT_EQ(latencies_ms(record, {beside}), (std::vector<std::int64_t>{shared == 1 ? 31 : 25}));
  }
}

// Each user waits for the reply, so one connection is enough for all of its requests; nothing of it
// can be seen by others.
TEST(Clients, OfClosedSourcesKeepOneEach) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(loop_that_keeps(seconds(5), costs(kLoopPhases)));
  builder.keep_connections();
  const ClassId id = builder.request_class(service, {cpu_step(Duration(0))});
  builder.source(ClosedSource{1, Sampler(law::Constant{75e6})}, {id});
  const RunRecord record = run_to(builder.build(), milliseconds(1007));
  // 75 + 31 ms and then 75 + 25 ms each, the wake-up included.
  EXPECT_EQ(record.classes[id].latency.count(), 10u);
  EXPECT_EQ(record.classes[id].latency.sum_ns(), Uint128{(31 + 9 * 25) * 1'000'000});
}

// The server does not learn that its client has gone, and closes when it has replied in vain.
TEST(Clients, OpenANewConnectionAfterATimeout) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(loop_that_keeps(seconds(5), costs(kLoopPhases)));
  builder.keep_connections(10);
  builder.client_timeout(kMs * 100);
  bare(builder, service, 0);
  const ClassId slow = builder.request(at_ms(500), service, {wait_step(kMs * 200)});
  const ClassId next = bare(builder, service, 1500);
  const RunRecord record = run_to(builder.build(), seconds(2));
  EXPECT_TRUE(ended_as(record, slow, Outcome::timed_out));
  EXPECT_EQ(latencies_ms(record, {next}), (std::vector<std::int64_t>{31}));
}

// gunicorn's sync workers have nothing to keep.
TEST(Clients, KeepNothingOfAServerThatCloses) {
  for (const bool keeps : {false, true}) {
    BlueprintBuilder builder;
    const ServiceId service =
        builder.service({.overhead = costs({{ServerPhase::accept, 2}, {ServerPhase::finish, 4}})});
    if (keeps) builder.keep_connections(10);
    const std::vector<ClassId> ids = {bare(builder, service, 0), bare(builder, service, 500)};
    const RunRecord record = run_to(builder.build(), seconds(1));
    EXPECT_EQ(latencies_ms(record, ids), (std::vector<std::int64_t>{2, 2}));
  }
}

}  // namespace
}  // namespace cotenant

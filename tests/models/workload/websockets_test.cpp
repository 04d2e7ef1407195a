// SPDX-License-Identifier: Apache-2.0
//
// Sessions that are WebSockets: where their messages go, who closes them when, what that costs
// others, and how their clients come back. Instants are worked out by hand.
#include <gtest/gtest.h>

#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

Sampler always_ms(double ms) { return Sampler(law::Constant{ms * 1e6}); }

// One connection is opened at `first`; a handshake, and then messages after so much silence each.
struct Chat {
  ClassId handshake, message;
  SourceId source;
};
Chat chat(BlueprintBuilder& builder, ServiceId service, Instant first, std::size_t messages,
          double silence_ms, std::optional<double> reconnect_ms = std::nullopt) {
  const ClassId handshake = builder.request_class(service, {cpu_step(kMs)});
  const ClassId message = builder.request_class(service, {cpu_step(kMs)});
  SessionScript script{{handshake}};
  script.classes.resize(messages + 1, message);
  SessionSpec spec{script, always_ms(silence_ms), true, WebSocketSpec{}};
  if (reconnect_ms) spec.websocket->reconnect = always_ms(*reconnect_ms);
  const SourceId source =
      builder.source(ScheduledSource{first, std::nullopt}, {handshake, message});
  builder.sessions(source, spec);
  return {handshake, message, source};
}

// Messages need no new connection, whatever the keep-alive of the server: 1 ms of accept and 2 ms
// of connect are spent once. The server closes other connections after 10 ms.
TEST(WebSockets, StayOpenBetweenMessages) {
  for (const bool is_websocket : {true, false}) {
    BlueprintBuilder builder;
    LoopOptions options{.keep_alive = KeepAliveSpec{kMs * 10, 100}};
    options.overhead.phases[static_cast<std::size_t>(ServerPhase::accept)] =
        always(CpuTime((kMs * 1).count()));
    options.overhead.phases[static_cast<std::size_t>(ServerPhase::connect)] =
        always(CpuTime((kMs * 2).count()));
    const ServiceId service = builder.event_loop(options);
    builder.keep_connections();
    const Chat ids = chat(builder, service, at_ms(0), 3, 100);
    Blueprint blueprint = builder.build();
    if (!is_websocket) blueprint.sources[ids.source].sessions->websocket.reset();
    const RunRecord record = run_to(blueprint, seconds(1));
    // A loop that sleeps needs 1 ns to wake up.
    EXPECT_EQ(record.classes[ids.handshake].latency.max(), kMs * 4 + Duration(1));
    EXPECT_EQ(record.classes[ids.message].latency.max(),
              kMs * (is_websocket ? 1 : 4) + Duration(1));
    EXPECT_EQ(record.sessions.durations.count(), 1u);
  }
}

// Two connections at once, of which the first process to wake accepts both. A message on one of
// them waits for that process, which computes for the other one, while the other process sleeps.
TEST(WebSockets, StayWithTheirProcess) {
  BlueprintBuilder builder(2);
  LoopOptions options;
  options.processes = 2;
  options.overhead.phases[static_cast<std::size_t>(ServerPhase::wake)] =
      always(CpuTime(kMs.count()));
  const ServiceId service = builder.event_loop(options);
  const Chat light = chat(builder, service, at_ms(0), 1, 20);
  const Chat heavy = chat(builder, service, at_ms(0), 1, 10);
  Blueprint blueprint = builder.build();
  blueprint.classes[heavy.message].steps = {cpu_step(kMs * 50)};
  const RunRecord record = run_to(blueprint, seconds(1));
  EXPECT_GT(record.classes[light.message].latency.max(), kMs * 35);
}

// uvicorn takes any number of them, and counts them among the connections of others.
TEST(WebSockets, AreNotLimitedAndLimitOthers) {
  BlueprintBuilder builder;
  LoopOptions options;
  options.limit_concurrency = 2;
  const ServiceId service = builder.event_loop(options);
  const ClassId before = builder.request(at_ms(0), service, {cpu_step(kMs)});
  const ClassId during = builder.request(at_ms(100), service, {cpu_step(kMs)});
  const ClassId after = builder.request(at_ms(500), service, {cpu_step(kMs)});
  for (int i = 0; i < 3; ++i) chat(builder, service, at_ms(50), 2, 100);
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(record.sessions.durations.count(), 3u);
  EXPECT_EQ(count_of(record, Outcome::rejected_503), 1u);
  EXPECT_EQ(record.classes[before].latency.count(), 1u);
  EXPECT_EQ(record.classes[during].latency.count(), 0u);
  EXPECT_EQ(record.classes[after].latency.count(), 1u);
}

// A process that has served five requests ends, at 1 s and closes its WebSocket, over which nothing
// is sent for ten seconds; its successor takes over.
RunRecord run_mortal(std::optional<double> reconnect_ms) {
  BlueprintBuilder builder;
  LoopOptions options;
  options.arbiter.max_requests = 5;
  options.arbiter.boot = CpuTime((kMs * 50).count());
  const ServiceId service = builder.event_loop(options);
  const Chat ids = chat(builder, service, at_ms(0), 1, 10'000, reconnect_ms);
  EXPECT_EQ(ids.handshake, ClassId(0));
  for (int i = 1; i < 5; ++i) builder.request(at_ms(10 * i), service, {cpu_step(kMs)});
  return run_to(builder.build(), seconds(30));
}

// The client comes back 500 ms later, and says after ten seconds what it had to say.
TEST(WebSockets, AreOpenedAgainWhenTheirProcessHasEnded) {
  const RunRecord record = run_mortal(500);
  EXPECT_EQ(record.services[ServiceId(0)].restarts, 1u);
  EXPECT_EQ(record.sessions.reconnects, 1u);
  EXPECT_EQ(record.sessions.lost, 0u);
  EXPECT_EQ(record.classes[ClassId(0)].latency.count(), 2u);  // handshakes
  EXPECT_EQ(record.classes[ClassId(1)].latency.count(), 1u);
  EXPECT_GT(record.sessions.durations.max(), seconds(10) + kMs * 500);
  EXPECT_LT(record.sessions.durations.max(), seconds(12));
}

TEST(WebSockets, AreLostWithTheirProcessWhereNobodyComesBack) {
  const RunRecord record = run_mortal(std::nullopt);
  EXPECT_EQ(record.sessions.lost, 1u);
  EXPECT_EQ(record.sessions.reconnects, 0u);
  EXPECT_EQ(record.classes[ClassId(0)].latency.count(), 1u);
  EXPECT_EQ(record.classes[ClassId(1)].arrivals, 0u);
}

// The loop is blocked for 3 s and killed after about two: a message that has been sent meanwhile is
// lost, like what is idle. All fifty come back at once: the storm that a process leaves behind.
TEST(WebSockets, ComeBackTogetherWhenTheirLoopIsKilled) {
  BlueprintBuilder builder;
  LoopOptions options;
  options.arbiter.timeout = seconds(2);
  options.arbiter.boot = CpuTime((kMs * 50).count());
  const ServiceId service = builder.event_loop(options);
  const ClassId handshake = builder.request_class(service, {cpu_step(kMs)});
  const SourceId source = builder.source(ScheduledSource{at_ms(0), std::nullopt}, {handshake}, 50u);
  builder.sessions(source,
                   {SessionMix{1000u}, always_ms(5'000), true, WebSocketSpec{always_ms(500)}});
  builder.request(at_ms(7'000), service, {cpu_step(seconds(60))});
  const Blueprint blueprint = builder.build();
  const RunRecord record = run_to(blueprint, seconds(20));
  EXPECT_EQ(record.sessions.reconnects, 50u);
  EXPECT_EQ(record.sessions.lost, 0u);
  EXPECT_EQ(record.services[service].timeouts, 1u);
  // One after the other within a millisecond each: the last one waits for all.
  EXPECT_GE(record.classes[handshake].latency.max(), kMs * 50);
}

// Who waits for a message for too long closes the connection and opens another one.
TEST(WebSockets, AreOpenedAgainAfterATimeout) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop({});
  const Chat ids = chat(builder, service, at_ms(0), 1, 100, 500);
  builder.client_timeout(kMs * 20);
  Blueprint blueprint = builder.build();
  blueprint.classes[ids.message].steps = {wait_step(kMs * 50)};
  const RunRecord record = run_to(blueprint, kMs * 1'000);
  // Handshakes at 0 and at 1 + 100 + 20 + 500 = 621 ms, messages at 101 and 722 ms.
  EXPECT_EQ(record.sessions.reconnects, 2u);
  EXPECT_EQ(record.classes[ids.handshake].latency.count(), 2u);
  EXPECT_EQ(count_of(record, Outcome::timed_out), 2u);
}

// A client that is through closes: nothing is left.
TEST(WebSockets, AreClosedWhenTheSessionEnds) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop({});
  chat(builder, service, at_ms(0), 3, 10);
  const Blueprint blueprint = builder.build();
  World world(blueprint, 1, 0);
  Recorder recorder(blueprint, {Instant(), Instant() + seconds(1), 1000, {}});
  while (world.events.next_instant() < Instant() + seconds(1)) step(world, blueprint, recorder);
  EXPECT_EQ(world.connections.opened(), 1u);
  EXPECT_EQ(world.connections.live(), 0u);
  EXPECT_EQ(world.processes[ProcessId(0)].connections, 0u);
}

}  // namespace
}  // namespace cotenant

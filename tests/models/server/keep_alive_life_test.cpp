// SPDX-License-Identifier: Apache-2.0
//
// What becomes of connections that are kept when their process ends: who closes them when, and what
// happens to requests on them. Instants are worked out by hand.
#include <gtest/gtest.h>

#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr KeepAliveSpec kForLong{seconds(100), 1000};

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

std::int64_t end_ms(const RunRecord& record, std::uint64_t ordinal) {
  return (request(record, ordinal).end - Instant()).count() / kMs.count();
}

ArbiterSpec arbiter(std::uint32_t max_requests, std::optional<Duration> timeout = std::nullopt) {
  ArbiterSpec spec;
  spec.max_requests = max_requests;
  spec.timeout = timeout;
  spec.boot = CpuTime((kMs * 50).count());
  return spec;
}

void cost(OverheadSpec& overhead, ServerPhase phase, std::int64_t ms) {
  overhead.phases[static_cast<std::size_t>(phase)] = always(CpuTime((kMs * ms).count()));
}

// --- gthread

// The pool needs 1 ms before it counts a request, so that the main thread sleeps by then.
ServiceId gthread(BlueprintBuilder& builder, const ArbiterSpec& spec, std::int64_t accept_ms = 0) {
  builder.keep_connections(10);
  OverheadSpec overhead;
  cost(overhead, ServerPhase::start, 1);
  cost(overhead, ServerPhase::accept, accept_ms);
  return builder.gthread({.threads = 4,
                          .overhead = overhead,
                          .gil = std::nullopt,
                          .arbiter = spec,
                          .keep_alive = kForLong});
}

// Two connections are kept until the third request, the last one, comes on one of them. The main
// thread sees that at 1100 ms, holds nothing but the other connection, and does not wait for that:
// the process ends, and so does the connection. The next one is ready 50 ms later.
TEST(KeptByThreads, EndsWithItsProcess) {
  BlueprintBuilder builder(4);
  const ServiceId service = gthread(builder, arbiter(3));
  for (const std::int64_t ms : {0, 0, 100, 1110}) builder.request(at_ms(ms), service, {});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 2), 101);
  EXPECT_EQ(end_ms(record, 3), 1100 + 50 + 1);
  EXPECT_EQ(record.services[service].restarts, 1u);
}

// The fourth request is the last one. The first one takes until 5 s, and until then the process,
// which accepts nothing since 1100 ms, is there and nobody reads what comes on the connections that
// it has kept: a request of 2 s is lost when it ends.
TEST(KeptByThreads, IsNotReadByAProcessThatStops) {
  BlueprintBuilder builder(4);
  const ServiceId service = gthread(builder, arbiter(4));
  builder.request(at_ms(0), service, {wait_step(seconds(5))});
  for (const std::int64_t ms : {0, 0, 100, 2000}) builder.request(at_ms(ms), service, {});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 0), 5001);
  EXPECT_EQ(request(record, 4).outcome, Outcome::reset);
  EXPECT_EQ(request(record, 4).end, request(record, 0).end);
}

// The reply to the last request closes: the next one, which comes before the main thread looks at
// 1001 ms, pays for accepting a connection.
TEST(KeptByThreads, IsClosedAfterTheLastRequestOfAProcess) {
  for (const std::uint32_t most : {1u, 2u}) {
    BlueprintBuilder builder(4);
    const ServiceId service = gthread(builder, arbiter(most), 2);
    for (const std::int64_t ms : {0, 500}) builder.request(at_ms(ms), service, {});
    const RunRecord record = logged(builder.build(), seconds(10));
    EXPECT_EQ(end_ms(record, 1), 500 + 1 + (most == 1 ? 2 : 0));
  }
}

// --- Event loops

ServiceId loop(BlueprintBuilder& builder, const ArbiterSpec& spec) {
  builder.keep_connections(10);
  OverheadSpec overhead;
  cost(overhead, ServerPhase::connect, 4);
  return builder.event_loop(
      {.overhead = overhead, .gil = std::nullopt, .arbiter = spec, .keep_alive = kForLong});
}

// The loop looks every 100 ms whether it has served enough, and then closes what it has kept. It
// ends at the look after that, and 50 ms later the next one accepts a new connection.
TEST(KeptByALoop, IsClosedWhenTheLoopStops) {
  for (const std::uint32_t most : {2u, 3u}) {
    BlueprintBuilder builder(2);
    const ServiceId service = loop(builder, arbiter(most));
    for (const std::int64_t ms : {0, 0, 400}) builder.request(at_ms(ms), service, {});
    const RunRecord record = logged(builder.build(), seconds(1));
    EXPECT_EQ(end_ms(record, 2), 400 + (most == 2 ? 4 : 0));
    EXPECT_EQ(record.services[service].restarts, 1u);
  }
}

// Of two connections one carries a request that blocks the loop, and one a request that the loop
// does not get round to reading: both are lost when it is killed. Another one, to the next process,
// is new.
TEST(KeptByALoop, EndsWhenItsProcessIsKilled) {
  BlueprintBuilder builder(2);
  const ServiceId service = loop(builder, arbiter(0, seconds(2)));
  for (const std::int64_t ms : {0, 0}) builder.request(at_ms(ms), service, {});
  builder.request(at_ms(5000), service, {blocking_step(seconds(30))});
  for (const std::int64_t ms : {5100, 9000}) builder.request(at_ms(ms), service, {});
  const RunRecord record = logged(builder.build(), seconds(20));
  EXPECT_EQ(request(record, 2).outcome, Outcome::reset);
  EXPECT_EQ(request(record, 3).outcome, Outcome::reset);
  EXPECT_EQ(request(record, 3).end, request(record, 2).end);
  EXPECT_EQ(end_ms(record, 4), 9004);
}

}  // namespace
}  // namespace cotenant

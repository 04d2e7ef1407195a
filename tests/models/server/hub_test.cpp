// SPDX-License-Identifier: Apache-2.0
//
// gunicorn's gevent worker: the order in which its hub does things, how many connections it takes,
// and how it ends. Instants are worked out by hand; the second in which the arbiter looks, and when
// a worker had last reported, are random.
#include "models/server/hub.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr Duration kBoot = kMs * 50;

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

// Connections in all, and at each look.
LoopOptions hub(HubSpec spec = {}) {
  LoopOptions options;
  options.threads = 0;
  options.gil = std::nullopt;
  options.hub = spec;
  options.counts_when_read = true;
  options.grace = seconds(30);
  options.arbiter.boot = CpuTime(kBoot.count());
  return options;
}

LoopOptions hub_with_timeout(Duration timeout) {
  LoopOptions options = hub();
  options.arbiter.timeout = timeout;
  return options;
}

Duration took(const RunRecord& record, std::uint64_t ordinal) {
  return request(record, ordinal).end - Instant();
}

const ServiceRecord& of_service(const RunRecord& record) { return record.services[ServiceId(0)]; }

// --- Order

// Until 110 ms the hub is busy with the fifth request. Meanwhile two waits end, at 50 and 60 ms,
// two sleeps, at 70 and 65, and a connection comes at 20. Then timers are first, in their order,
// and what the wait is for last comes before what came earlier; a new connection has to wait for a
// greenlet.
TEST(Hub, RunsTimersThenTheLatestAndThenNewConnections) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(hub());
  builder.request(at_ms(0), service, {wait_step(kMs * 50), cpu_step(kMs)});
  builder.request(at_ms(0), service, {wait_step(kMs * 60), cpu_step(kMs)});
  builder.request(at_ms(0), service, {sleep_step(kMs * 70), cpu_step(kMs)});
  builder.request(at_ms(0), service, {sleep_step(kMs * 65), cpu_step(kMs)});
  builder.request(at_ms(10), service, {cpu_step(kMs * 100)});
  builder.request(at_ms(20), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(1));
  EXPECT_EQ(took(record, 4), kMs * 110);
  EXPECT_EQ(took(record, 3), kMs * 111);
  EXPECT_EQ(took(record, 2), kMs * 112);
  EXPECT_EQ(took(record, 1), kMs * 113);
  EXPECT_EQ(took(record, 0), kMs * 114);
  EXPECT_EQ(took(record, 5), kMs * 115);
}

// Nothing comes between the steps of a greenlet that does not wait, nor between its last step and
// its reply: the second one is answered 10 ms after the first. In an event loop of asyncio both
// would have their turns side by side, and what follows a sleep of nothing comes last everywhere.
TEST(Hub, LetsAGreenletRunUntilItWaits) {
  BlueprintBuilder builder;
  LoopOptions options = hub();
  options.overhead.phases[static_cast<std::size_t>(ServerPhase::finish)] =
      always(CpuTime((kMs * 5).count()));
  const ServiceId service = builder.event_loop(options);
  builder.request(at_ms(0), service, {cpu_step(kMs * 4), cpu_step(kMs * 6)});
  builder.request(at_ms(0), service, {cpu_step(kMs * 10)});
  builder.request(at_ms(0), service, {cpu_step(kMs), sleep_step(Duration(0)), cpu_step(kMs)});
  builder.request(at_ms(0), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(1));
  EXPECT_EQ(took(record, 0), kMs * 10);
  EXPECT_EQ(took(record, 1), kMs * 25);
  // 30 to 31 is the third one's first step, 31 to 32 the fourth, which then finishes.
  EXPECT_EQ(took(record, 3), kMs * 32);
  EXPECT_EQ(took(record, 2), kMs * 38);
}

// Two connections come during a block of 100 ms. One at each look: the greenlet of the first one
// runs until 110 ms, by when a wait is over, which the next look finds beside the second
// connection.
TEST(Hub, AcceptsOneConnectionAtEachLookBesideOtherWorkers) {
  for (const std::uint32_t accepts : {1u, 100u}) {
    BlueprintBuilder builder;
    const ServiceId service = builder.event_loop(hub({1000, accepts}));
    builder.request(at_ms(0), service, {wait_step(kMs * 105), cpu_step(kMs)});
    builder.request(at_ms(0), service, {cpu_step(kMs * 100)});
    builder.request(at_ms(20), service, {cpu_step(kMs * 10)});
    builder.request(at_ms(20), service, {cpu_step(kMs * 10)});
    const RunRecord record = logged(builder.build(), seconds(1));
    EXPECT_EQ(took(record, 2), kMs * 110);
    EXPECT_EQ(took(record, 0), kMs * (accepts == 1 ? 111 : 121));
    EXPECT_EQ(took(record, 3), kMs * (accepts == 1 ? 121 : 120));
  }
}

// Without a greenlet for it the third connection stays in the accept queue until the first is
// closed.
TEST(Hub, AcceptsNoMoreThanItMayHold) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(hub({2, 100}));
  std::vector<ClassId> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(builder.request(at_ms(i), service, {wait_step(kMs * 50)}));
  }
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, ids[0]), kMs * 50);
  EXPECT_EQ(latency_of(record, ids[1]), kMs * 50);
  EXPECT_EQ(latency_of(record, ids[2]), kMs * 98);
}

// --- Timeouts

// It reports every second and is asked to end at the first look more than 2 s after that. Python
// hears that in the middle of the loop of 8 s: its client sees its connection closed. What waits
// meanwhile is served to its end, and the worker that has taken nothing new ends at its first beat
// after that. Measured (gevent.md): the others had their replies after 3.00 and 6.00 s.
TEST(HubLife, GivesUpWhatComputesForTooLongAndFinishesTheRest) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(hub_with_timeout(seconds(2)));
  builder.request(at_ms(4900), service, {wait_step(seconds(7))});
  builder.request(at_ms(5000), service, {cpu_step(seconds(8))});
  builder.request(at_ms(5100), service, {cpu_step(kMs)});
  const Blueprint blueprint = builder.build();
  constexpr int kSeeds = 200;
  Duration sum;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const RunRecord record = logged(blueprint, seconds(20), seed);
    EXPECT_EQ(request(record, 1).outcome, Outcome::reset);
    EXPECT_GT(took(record, 1), kMs * 6000);
    EXPECT_LE(took(record, 1), kMs * 8000);
    EXPECT_EQ(request(record, 0).outcome, Outcome::completed);
    EXPECT_EQ(took(record, 0), kMs * 11'900);
    EXPECT_EQ(request(record, 2).outcome, Outcome::completed);
    EXPECT_GT(took(record, 2), kMs * 11'900 + kBoot);
    EXPECT_LE(took(record, 2), kMs * 12'900 + kBoot + kMs);
    EXPECT_EQ(of_service(record).timeouts, 1u);
    EXPECT_EQ(of_service(record).restarts, 1u);
    sum += took(record, 1);
  }
  // Two uniform seconds: the mean of 200 has a standard deviation of 29 ms.
  EXPECT_NEAR(static_cast<double>((sum / kSeeds).count()) / 1e6, 7000, 120);
}

// Asked before a beat was due, the hub has nothing else to do and responds at once, which takes its
// time: the client sees its connection closed that much later.
TEST(HubLife, RespondsWhenNothingElseComesBeforeThat) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    std::vector<Duration> took_with;
    for (const Duration respond : {Duration(0), kMs * 5}) {
      BlueprintBuilder builder;
      LoopOptions options = hub_with_timeout(kMs * 100);
      options.overhead.phases[static_cast<std::size_t>(ServerPhase::respond)] =
          always(CpuTime(respond.count()));
      const ServiceId service = builder.event_loop(options);
      builder.request(at_ms(0), service, {cpu_step(seconds(4))});
      const RunRecord record = logged(builder.build(), seconds(20), seed);
      EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
      took_with.push_back(took(record, 0));
    }
    EXPECT_EQ(took_with[1], took_with[0] + kMs * 5);
  }
}

// A library does not hear. A block of 8 s ends with the process, a second after it was asked, which
// takes everything with it.
TEST(HubLife, IsKilledWhenItDoesNotHear) {
  for (const bool in_library : {false, true}) {
    BlueprintBuilder builder;
    const ServiceId service = builder.event_loop(hub_with_timeout(seconds(2)));
    builder.request(at_ms(4900), service, {sleep_step(seconds(20))});
    builder.request(at_ms(5000), service,
                    {in_library ? native_step(seconds(8)) : blocking_step(seconds(8))});
    builder.request(at_ms(5100), service, {cpu_step(kMs)});
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
      const RunRecord record = logged(builder.build(), seconds(30), seed);
      EXPECT_EQ(request(record, 1).outcome, Outcome::reset);
      EXPECT_GT(took(record, 1), kMs * 7000);
      EXPECT_LE(took(record, 1), kMs * 9000);
      EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
      EXPECT_EQ(took(record, 0), took(record, 1));
      EXPECT_EQ(took(record, 2), took(record, 1) + kBoot + kMs);
      EXPECT_EQ(of_service(record).timeouts, 1u);
      EXPECT_EQ(of_service(record).restarts, 1u);
    }
  }
}

// It is asked at a random instant between 6 and 8 s, and would be killed a second later. If the
// block is over by then, at 8.1 s, only its own request is lost. Half of the triangle is above 7.1
// s, and a little more.
TEST(HubLife, HearsWhenWhatBlockedItIsOver) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(hub_with_timeout(seconds(2)));
  builder.request(at_ms(4900), service, {wait_step(seconds(7))});
  builder.request(at_ms(5000), service, {blocking_step(kMs * 3100), cpu_step(kMs)});
  const Blueprint blueprint = builder.build();
  int heard = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const RunRecord record = logged(blueprint, seconds(20), seed);
    EXPECT_EQ(request(record, 1).outcome, Outcome::reset);
    const bool in_time = took(record, 1) == kMs * 8100;
    EXPECT_EQ(request(record, 0).outcome, in_time ? Outcome::completed : Outcome::reset);
    if (in_time) {
      EXPECT_EQ(took(record, 0), kMs * 11'900);
    } else {
      EXPECT_LT(took(record, 1), kMs * 8100);
    }
    heard += in_time ? 1 : 0;
  }
  // P(a >= 7.1 s) = 0.9^2 / 2 = 0.405 of a triangle between 6 and 8 s: 81 of 200, with a standard
  // deviation of 7.
  EXPECT_NEAR(heard, 81, 28);
}

// A client that would keep its connection sees it closed when that has been idle for long enough:
// measured, 2 s after the worker was asked to end.
TEST(HubLife, LeavesTheConnectionOfWhatItGivesUpOpenForAWhile) {
  BlueprintBuilder builder;
  LoopOptions options = hub_with_timeout(seconds(2));
  options.keep_alive = KeepAliveSpec{seconds(2), 1000};
  const ServiceId service = builder.event_loop(options);
  builder.keep_connections(10);
  builder.request(at_ms(5000), service, {cpu_step(seconds(8))});
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const RunRecord record = logged(builder.build(), seconds(20), seed);
    EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
    EXPECT_GT(took(record, 0), kMs * 8000);
    EXPECT_LE(took(record, 0), kMs * 10'000);
  }
}

// Blocks of half of the timeout are harmless: not more than a second passes between reports and
// blocks, and none is longer than a second.
TEST(HubLife, GoesOnWhileItBeats) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(hub_with_timeout(seconds(2)));
  for (int i = 0; i < 60; ++i) {
    builder.request(at_ms(i * 1037), service, {blocking_step(kMs * 990)});
  }
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RunRecord record = logged(builder.build(), seconds(70), seed);
    EXPECT_EQ(of_service(record).restarts, 0u);
  }
}

// --- max_requests

// The second request makes it stop at its next beat, within a second; it serves the third one,
// which comes 1 ms later. It finds at the beat after that that it holds nothing.
TEST(HubLife, EndsAtABeatAfterItsLastRequest) {
  BlueprintBuilder builder;
  LoopOptions options = hub();
  options.arbiter.max_requests = 2;
  const ServiceId service = builder.event_loop(options);
  for (const std::int64_t ms : {0, 10, 11, 1011}) {
    builder.request(at_ms(ms), service, {cpu_step(kMs)});
  }
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const RunRecord record = logged(builder.build(), seconds(20), seed);
    EXPECT_EQ(took(record, 2), kMs * 12);
    // Not before the beat at which it stops, and not after the one at which it ends.
    EXPECT_GT(took(record, 3), kMs * 1012);
    EXPECT_LE(took(record, 3), kMs * 2011 + kBoot + kMs);
    EXPECT_EQ(of_service(record).restarts, 1u);
    EXPECT_EQ(of_service(record).timeouts, 0u);
  }
}

// It stops at a beat within the second after the request began. At the first beat more than
// graceful_timeout, 2 s, after that it ends with what it holds: 3 s after it stopped.
TEST(HubLife, IsGivenAWhileToFinish) {
  BlueprintBuilder builder;
  LoopOptions options = hub();
  options.arbiter.max_requests = 1;
  options.grace = seconds(2);
  const ServiceId service = builder.event_loop(options);
  builder.request(at_ms(1), service, {sleep_step(seconds(100))});
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const RunRecord record = logged(builder.build(), seconds(20), seed);
    EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
    EXPECT_GE(took(record, 0), kMs * 3001);
    EXPECT_LE(took(record, 0), kMs * 4001);
  }
}

// --- hypercorn

LoopOptions hypercorn(std::uint32_t requests_allowed) {
  LoopOptions options;
  options.gil = std::nullopt;
  options.counts_when_read = true;
  options.stops_at_once = true;
  options.grace = seconds(3);
  // The request after those tells it to end.
  options.arbiter.max_requests = requests_allowed + 1;
  options.arbiter.replaces = Replaces::on_exit;
  options.arbiter.boot = CpuTime(kBoot.count());
  return options;
}

// The third request tells a worker that may serve two to end: nobody accepts the fourth one until
// that is served, and its place is not empty for longer than a new one needs to boot.
TEST(HypercornLife, EndsWithTheRequestAfterItsLastOne) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(hypercorn(2));
  for (const std::int64_t ms : {0, 100, 200}) {
    builder.request(at_ms(ms), service, {wait_step(kMs * 30)});
  }
  builder.request(at_ms(210), service, {wait_step(kMs * 10)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(took(record, 2), kMs * 230);
  EXPECT_EQ(took(record, 3), kMs * 230 + kBoot + kMs * 10);
  EXPECT_EQ(of_service(record).restarts, 1u);
}

TEST(HypercornLife, LosesWhatTakesLongerThanItsGrace) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(hypercorn(1));
  builder.request(at_ms(0), service, {wait_step(seconds(60))});
  builder.request(at_ms(1000), service, {wait_step(seconds(2))});
  builder.request(at_ms(1100), service, {wait_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(request(record, 1).outcome, Outcome::completed);
  EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
  EXPECT_EQ(took(record, 0), seconds(4));
  EXPECT_EQ(took(record, 2), seconds(4) + kBoot + kMs);
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Requests that take their process along: who is lost with it, and who comes in its place.
// python-servers.md section 2, dead worker handling.
#include <gtest/gtest.h>

#include "models/server/process.h"
#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr Duration kBoot = kMs * 50;

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

LoopOptions loops(Replaces replaces, std::uint32_t processes = 1) {
  LoopOptions options;
  options.processes = processes;
  options.gil = std::nullopt;
  options.arbiter.boot = CpuTime(kBoot.count());
  options.arbiter.may_crash = true;
  options.arbiter.replaces = replaces;
  return options;
}

Duration took(const RunRecord& record, std::uint64_t ordinal) {
  return request(record, ordinal).end - Instant();
}

const ServiceRecord& of_service(const RunRecord& record) { return record.services[ServiceId(0)]; }

// A wait, the one that dies after a wait of its own, and one that comes later.
Blueprint with_crash(const LoopOptions& options) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.event_loop(options);
  builder.request(at_ms(10), service, {wait_step(seconds(5))});
  builder.request(at_ms(100), service, {wait_step(kMs * 20), crash_step(1), cpu_step(kMs)});
  builder.request(at_ms(200), service, {cpu_step(kMs)});
  return builder.build();
}

TEST(Crash, TakesAllRequestsOfItsProcessAlong) {
  const RunRecord record = logged(with_crash(loops(Replaces::at_once)), seconds(10));
  EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
  EXPECT_EQ(request(record, 1).outcome, Outcome::reset);
  EXPECT_EQ(took(record, 0), kMs * 120);
  EXPECT_EQ(took(record, 1), kMs * 120);
  EXPECT_EQ(took(record, 2), kMs * 201);
  EXPECT_EQ(of_service(record).restarts, 1u);
  EXPECT_EQ(of_service(record).timeouts, 0u);
}

TEST(Crash, OfAThreadOfThePoolTakesItsLoopAlong) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.event_loop(loops(Replaces::at_once));
  builder.request(at_ms(10), service, {wait_step(seconds(5))});
  builder.in_thread(builder.request(at_ms(100), service, {cpu_step(kMs * 20), crash_step(1)}));
  builder.in_thread(builder.request(at_ms(105), service, {wait_step(seconds(5))}));
  const RunRecord record = logged(builder.build(), seconds(10));
  for (const std::uint64_t ordinal : {0u, 1u, 2u}) {
    EXPECT_EQ(request(record, ordinal).outcome, Outcome::reset);
    EXPECT_EQ(took(record, ordinal), kMs * 120);
  }
}

TEST(Crash, DoesNotAlwaysHappen) {
  BlueprintBuilder builder;
  const ServiceId service = builder.event_loop(loops(Replaces::on_exit));
  for (int i = 0; i < 1000; ++i) {
    builder.request(at_ms(i * 100), service, {crash_step(0.1), cpu_step(kMs)});
  }
  const RunRecord record = logged(builder.build(), seconds(110));
  // 100 of 1000, with a standard deviation of 9.5.
  EXPECT_NEAR(static_cast<double>(count_of(record, Outcome::reset)), 100, 40);
  EXPECT_EQ(of_service(record).restarts, count_of(record, Outcome::reset));
  EXPECT_EQ(count_of(record, Outcome::completed), 1000 - count_of(record, Outcome::reset));
}

// Since 0.30 uvicorn's main process looks every half second. Measured: 0.56 s until the next reply.
TEST(Crash, IsMadeGoodWhenUvicornLooks) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const RunRecord record = logged(with_crash(loops(Replaces::when_it_looks)), seconds(10), seed);
    EXPECT_GE(took(record, 2), kMs * 201);
    EXPECT_GT(took(record, 2), kMs * 120 + kBoot);
    EXPECT_LE(took(record, 2), kMs * 620 + kBoot + kMs);
    EXPECT_EQ(of_service(record).lost, 0u);
  }
}

// Before, and with hypercorn 0.13, the others go on without it.
TEST(Crash, IsNotMadeGoodByOldServers) {
  const RunRecord one = logged(with_crash(loops(Replaces::never)), seconds(10));
  EXPECT_EQ(count_of(one, Outcome::completed), 0u);
  EXPECT_EQ(of_service(one).lost, 1u);
  BlueprintBuilder builder(2);
  const ServiceId service = builder.event_loop(loops(Replaces::never, 2));
  builder.request(at_ms(100), service, {crash_step(1)});
  builder.request(at_ms(200), service, {cpu_step(kMs * 10)});
  builder.request(at_ms(200), service, {cpu_step(kMs * 10)});
  const RunRecord two = logged(builder.build(), seconds(10));
  EXPECT_EQ(took(two, 1), kMs * 210);
  EXPECT_EQ(took(two, 2), kMs * 220);
  EXPECT_EQ(of_service(two).lost, 1u);
}

// hypercorn since 0.16: all of its processes end with one that has died. The first request is with
// another process than the second, because that one is busy.
TEST(Crash, EndsAllOfHypercorn) {
  BlueprintBuilder builder(2);
  LoopOptions options = loops(Replaces::on_exit, 2);
  options.arbiter.dies_with_any = true;
  const ServiceId service = builder.event_loop(options);
  builder.request(at_ms(10), service, {cpu_step(kMs * 500)});
  builder.request(at_ms(100), service, {wait_step(kMs * 20), crash_step(1)});
  builder.request(at_ms(200), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(took(record, 0), kMs * 120);
  EXPECT_EQ(took(record, 1), kMs * 120);
  EXPECT_EQ(count_of(record, Outcome::reset), 2u);
  EXPECT_EQ(count_of(record, Outcome::completed), 0u);
  EXPECT_EQ(of_service(record).lost, 2u);
  EXPECT_EQ(of_service(record).restarts, 0u);
}

// A hub is a loop like any other in this.
TEST(Crash, EndsAHub) {
  LoopOptions options = loops(Replaces::at_once);
  options.threads = 0;
  options.hub = HubSpec{};
  options.grace = seconds(30);
  const RunRecord record = logged(with_crash(options), seconds(10));
  EXPECT_EQ(took(record, 0), kMs * 120);
  EXPECT_EQ(took(record, 2), kMs * 201);
  EXPECT_EQ(of_service(record).restarts, 1u);
}

ArbiterSpec gunicorn() {
  ArbiterSpec arbiter;
  arbiter.boot = CpuTime(kBoot.count());
  arbiter.may_crash = true;
  return arbiter;
}

// Before any other step, after an error step that does not strike, and after a wait. Nobody
// replies, whatever those get whom the arbiter kills, and the other worker goes on.
TEST(Crash, TakesASyncWorkerAlong) {
  BlueprintBuilder builder(2);
  ArbiterSpec arbiter = gunicorn();
  arbiter.victim = Outcome::error_500;
  const ServiceId service = builder.service({.workers = 2, .arbiter = arbiter});
  builder.request(at_ms(10), service, {wait_step(kMs * 300)});
  builder.request(at_ms(20), service, {error_step(0), crash_step(0), crash_step(1), cpu_step(kMs)});
  builder.request(at_ms(100), service, {wait_step(kMs * 20), crash_step(1)});
  builder.request(at_ms(110), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(took(record, 0), kMs * 310);
  EXPECT_EQ(request(record, 1).outcome, Outcome::reset);
  EXPECT_EQ(took(record, 1), kMs * 20);
  EXPECT_EQ(request(record, 2).outcome, Outcome::reset);
  EXPECT_EQ(took(record, 2), kMs * 120);
  // The next worker is forked at once, unless the arbiter pauses after the fork before it.
  EXPECT_GE(took(record, 3), kMs * 171);
  EXPECT_LE(took(record, 3), kMs * 271);
  EXPECT_EQ(of_service(record).restarts, 2u);
}

// All threads of a process die with one of them, and the connections in its queue.
TEST(Crash, TakesAllThreadsAlong) {
  BlueprintBuilder builder(2);
  GthreadOptions options{.threads = 2, .gil = std::nullopt};
  options.arbiter = gunicorn();
  const ServiceId service = builder.gthread(options);
  builder.request(at_ms(10), service, {wait_step(seconds(5))});
  builder.request(at_ms(100), service, {wait_step(kMs * 20), crash_step(1)});
  builder.request(at_ms(110), service, {cpu_step(kMs)});
  builder.request(at_ms(130), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(10));
  for (const std::uint64_t ordinal : {0u, 1u, 2u}) {
    EXPECT_EQ(request(record, ordinal).outcome, Outcome::reset);
    EXPECT_EQ(took(record, ordinal), kMs * 120);
  }
  EXPECT_EQ(request(record, 3).outcome, Outcome::completed);
  EXPECT_GE(took(record, 3), kMs * 171);
  EXPECT_EQ(of_service(record).restarts, 1u);
}

// A process that dies at the instant at which it begins with its last request dies: the first
// request has its 5 ms of the server's code until 5 ms, and its own until 10 ms; the second one has
// the server's until then.
TEST(Crash, ComesBeforeTheEndOfAProcess) {
  BlueprintBuilder builder(4);
  GthreadOptions options{.threads = 2, .gil = std::nullopt};
  options.overhead.phases[static_cast<std::size_t>(ServerPhase::start)] =
      always(CpuTime(5'000'000));
  options.arbiter = gunicorn();
  options.arbiter.max_requests = 2;
  const ServiceId service = builder.gthread(options);
  builder.request(at_ms(0), service, {cpu_step(kMs * 5), crash_step(1)});
  builder.request(at_ms(5), service, {wait_step(kMs * 500)});
  const RunRecord record = logged(builder.build(), seconds(10));
  for (const std::uint64_t ordinal : {0u, 1u}) {
    EXPECT_EQ(request(record, ordinal).outcome, Outcome::reset);
    EXPECT_EQ(took(record, ordinal), kMs * 10);
  }
}

// uWSGI's and mod_wsgi's: what a client gets when the daemon is gone is the web server's.
TEST(Crash, TakesThreadsAlongThatAcceptForThemselves) {
  for (const Outcome victim : {Outcome::reset, Outcome::error_500}) {
    BlueprintBuilder builder(2);
    LeaderFollowersOptions options{.threads = 2};
    options.arbiter = gunicorn();
    options.arbiter.victim = victim;
    options.arbiter.replaces = Replaces::on_exit;
    const ServiceId service = builder.leader_followers(options);
    builder.request(at_ms(10), service, {wait_step(seconds(5))});
    builder.request(at_ms(100), service, {wait_step(kMs * 20), crash_step(1)});
    builder.request(at_ms(110), service, {cpu_step(kMs)});
    const RunRecord record = logged(builder.build(), seconds(10));
    EXPECT_EQ(request(record, 0).outcome, victim);
    EXPECT_EQ(took(record, 1), kMs * 120);
    // It has waited for a thread, and is served by the next process.
    EXPECT_EQ(took(record, 2), kMs * 171);
  }
}

}  // namespace
}  // namespace cotenant

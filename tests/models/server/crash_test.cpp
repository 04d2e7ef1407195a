// SPDX-License-Identifier: Apache-2.0
//
// Requests that take their process along, where event loops serve them: who is lost with it, and
// who comes in its place. python-servers.md section 2, dead worker handling.
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

}  // namespace
}  // namespace cotenant

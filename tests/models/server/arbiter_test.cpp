// SPDX-License-Identifier: Apache-2.0
//
// Workers that hang are killed and replaced, those that have served enough are replaced: who sees
// what, and when. Instants are worked out by hand; the second in which the arbiter looks is random.
#include "models/server/arbiter.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr Duration kBoot = kMs * 50;

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

ArbiterSpec timeout_of(Duration timeout) {
  ArbiterSpec arbiter;
  arbiter.timeout = timeout;
  arbiter.boot = CpuTime(kBoot.count());
  return arbiter;
}

ArbiterSpec serve_at_most(std::uint32_t requests, std::uint32_t jitter = 0) {
  ArbiterSpec arbiter;
  arbiter.max_requests = requests;
  arbiter.max_requests_jitter = jitter;
  arbiter.boot = CpuTime(kBoot.count());
  return arbiter;
}

ServiceRecord of_workers(const RunRecord& record) { return record.services[ServiceId(0)]; }

// Silent since 1 s with a timeout of 2 s, it is killed at the first look after 3 s. Looks are a
// second apart and begin anywhere.
TEST(Arbiter, KillsAtItsFirstLookAfterTheTimeout) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.arbiter = timeout_of(seconds(2))});
  builder.request(at_ms(1000), service, {wait_step(seconds(8))});
  const Blueprint blueprint = builder.build();
  std::set<std::int64_t> ends;
  Duration sum;
  constexpr int kSeeds = 200;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const RunRecord record = logged(blueprint, seconds(10), seed);
    const LoggedRequest& victim = request(record, 0);
    EXPECT_EQ(victim.outcome, Outcome::reset);
    EXPECT_GT(victim.end, at_ms(3000));
    EXPECT_LE(victim.end, at_ms(4000));
    EXPECT_EQ(of_workers(record).timeouts, 1u);
    EXPECT_EQ(of_workers(record).restarts, 1u);
    ends.insert(victim.end.ns());
    sum += victim.end - at_ms(3000);
  }
  EXPECT_EQ(ends.size(), std::size_t{kSeeds});
  // Uniform over a second: 500 ms, and the mean of 200 has a standard deviation of 20.
  EXPECT_NEAR(static_cast<double>((sum / kSeeds).count()) / 1e6, 500, 80);
}

// The next in the queue is unharmed: it is served by the new process, once that has booted.
TEST(Arbiter, WhoWaitsIsServedByTheNewProcess) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.arbiter = timeout_of(seconds(2))});
  builder.request(at_ms(0), service, {wait_step(seconds(8))});
  builder.request(at_ms(100), service, {cpu_step(kMs * 3)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(request(record, 1).end, request(record, 0).end + kBoot + kMs * 3);
  EXPECT_EQ(request(record, 1).outcome, Outcome::completed);
}

// The clock starts at accept(): waiting for a worker does not count.
TEST(Arbiter, CountsFromAcceptNotFromArrival) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.arbiter = timeout_of(seconds(2))});
  for (int i = 0; i < 5; ++i) builder.request(at_ms(i), service, {wait_step(kMs * 1900)});
  const RunRecord record = logged(builder.build(), seconds(20));
  EXPECT_EQ(count_of(record, Outcome::completed), 5u);
  EXPECT_EQ(of_workers(record).timeouts, 0u);
}

TEST(Arbiter, WithoutATimeoutWaitsForEver) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(at_ms(0), service, {wait_step(seconds(900))});
  EXPECT_EQ(count_of(run_to(builder.build(), seconds(1000)), Outcome::completed), 1u);
}

// What it has not computed yet is not computed. Beside a killed worker another goes on.
TEST(Arbiter, EndsTheWorkOfAKilledWorker) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.workers = 2, .arbiter = timeout_of(seconds(2))});
  builder.request(at_ms(0), service, {cpu_step(seconds(8))});
  const RunRecord record = logged(builder.build(), seconds(10));
  const Duration used(record.machines[kHardware].cpu_used().count());
  EXPECT_EQ(used, (request(record, 0).end - Instant()) + kBoot);
}

// A client that has given up has its outcome already; its worker is killed all the same.
TEST(Arbiter, KillsAlsoWhoWorksForNobody) {
  BlueprintBuilder builder;
  builder.client_timeout(seconds(1));
  const ServiceId service = builder.service({.arbiter = timeout_of(seconds(2))});
  builder.request(at_ms(0), service, {wait_step(seconds(8))});
  builder.request(at_ms(4000), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(request(record, 0).outcome, Outcome::timed_out);
  EXPECT_EQ(of_workers(record).timeouts, 1u);
  EXPECT_EQ(request(record, 1).end, at_ms(4001));
}

// Two that hang since the same instant are killed at one look. The arbiter forks one, sleeps for up
// to 0.1 s, and forks the other.
TEST(Arbiter, SleepsBetweenForks) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.service({.workers = 2, .arbiter = timeout_of(seconds(2))});
  for (int i = 0; i < 2; ++i) builder.request(at_ms(0), service, {wait_step(seconds(8))});
  for (int i = 0; i < 2; ++i) builder.request(at_ms(10), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(10));
  const Instant killed = request(record, 0).end;
  EXPECT_EQ(request(record, 1).end, killed);
  const Instant first = killed + kBoot + kMs;
  EXPECT_EQ(request(record, 2).end, first);
  // The first of the new processes serves both unless the other one is there before.
  EXPECT_GT(request(record, 3).end, first);
  EXPECT_LE(request(record, 3).end, first + kMs);
  EXPECT_EQ(of_workers(record).restarts, 2u);
}

// A process that needs longer to boot than it may be silent never gets there.
TEST(Arbiter, KillsWhoBootsTooLong) {
  BlueprintBuilder builder;
  ArbiterSpec arbiter = timeout_of(seconds(2));
  arbiter.boot = CpuTime(seconds(5).count());
  const ServiceId service = builder.service({.arbiter = arbiter});
  builder.request(at_ms(0), service, {wait_step(seconds(8))});
  builder.request(at_ms(1), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(60));
  // Each life takes between 2 and 3.1 s.
  EXPECT_GE(of_workers(record).restarts, 19u);
  EXPECT_LE(of_workers(record).restarts, 30u);
  EXPECT_EQ(count_of(record, Outcome::completed), 0u);
}

TEST(Arbiter, SaysToTheClientWhatItsVersionSays) {
  BlueprintBuilder builder;
  ArbiterSpec arbiter = timeout_of(seconds(2));
  arbiter.victim = Outcome::error_500;
  const ServiceId service = builder.service({.arbiter = arbiter});
  builder.request(at_ms(0), service, {wait_step(seconds(8))});
  EXPECT_EQ(count_of(run_to(builder.build(), seconds(10)), Outcome::error_500), 1u);
}

// Whoever has served two requests boots before the next: each is alone, so the third, and the
// fifth, take longer.
TEST(MaxRequests, ReplaceAProcessThatHasServedSoMany) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.arbiter = serve_at_most(2)});
  // At the very instant at which the one before has ended.
  for (int i = 0; i < 5; ++i) builder.request(at_ms(0), service, {cpu_step(kMs * 10)});
  const RunRecord record = logged(builder.build(), seconds(2));
  const auto took = [&](std::uint64_t i) {
    return request(record, i).end - request(record, i - 1).end;
  };
  EXPECT_EQ(took(1), kMs * 10);
  EXPECT_EQ(took(2), kBoot + kMs * 10);
  EXPECT_EQ(took(3), kMs * 10);
  // The arbiter sleeps for up to 0.1 s after a fork: it may be late for the next.
  EXPECT_GE(took(4), kBoot + kMs * 10);
  EXPECT_LE(took(4), kBoot + kMs * 110);
  EXPECT_EQ(of_workers(record).restarts, 2u);
  EXPECT_EQ(of_workers(record).timeouts, 0u);
}

// Between 3 and 5 requests a process: 300 requests take 60 to 100 processes, on average 75.
TEST(MaxRequests, AreDrawnForEachProcess) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.arbiter = serve_at_most(3, 2)});
  for (int i = 0; i < 300; ++i) builder.request(at_ms(i * 500), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(200));
  EXPECT_EQ(count_of(record, Outcome::completed), 300u);
  EXPECT_NEAR(static_cast<double>(of_workers(record).restarts), 75, 6);
}

}  // namespace
}  // namespace cotenant

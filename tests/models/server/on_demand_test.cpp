// SPDX-License-Identifier: Apache-2.0
//
// Processes that are started when they are needed: when another one is, who gets which request, and
// what a cold start costs. A boot takes 50 ms of CPU.
#include "models/server/on_demand.h"

#include <gtest/gtest.h>

#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }
std::int64_t end_ms(const RunRecord& record, std::uint64_t ordinal) {
  return (request(record, ordinal).end - Instant()).count() / kMs.count();
}
std::uint64_t starts(const RunRecord& record) { return record.services[ServiceId(0)].restarts; }
Duration time_in(const RunRecord& record, WaitState state) {
  return record.attribution.total().times[static_cast<std::size_t>(state)];
}

OnDemandOptions with_boot() {
  OnDemandOptions options;
  options.arbiter.boot = CpuTime((kMs * 50).count());
  return options;
}

// The first request finds no process and waits for one; the second finds that.
TEST(OnDemand, StartsAProcessForTheFirstRequestAndKeepsIt) {
  BlueprintBuilder builder;
  const ServiceId service = builder.on_demand(with_boot());
  builder.request(at_ms(0), service, {wait_step(kMs * 10)});
  builder.request(at_ms(100), service, {wait_step(kMs * 10)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 0), 60);
  EXPECT_EQ(end_ms(record, 1), 110);
  EXPECT_EQ(time_in(record, WaitState::accept_queue), kMs * 50);
  EXPECT_EQ(starts(record), 1u);
}

// Three come at once. One process boots after the other: ready at 50 and at 100 ms. The first one
// is free again at 120 ms, before the third is ready, and serves the third request.
TEST(OnDemand, StartsOneProcessAfterTheOther) {
  BlueprintBuilder builder(4);
  const ServiceId service = builder.on_demand(with_boot());
  builder.request(at_ms(0), service, {wait_step(kMs * 70)});
  builder.request(at_ms(0), service, {wait_step(kMs * 500)});
  builder.request(at_ms(0), service, {wait_step(kMs * 10)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 0), 50 + 70);
  EXPECT_EQ(end_ms(record, 1), 100 + 500);
  EXPECT_EQ(end_ms(record, 2), 120 + 10);
  EXPECT_EQ(starts(record), 3u);
}

// While all are busy a request starts another process, even if one is free before that is ready.
TEST(OnDemand, StartsAnotherWhenAllAreBusy) {
  BlueprintBuilder builder(4);
  OnDemandOptions options = with_boot();
  options.least = 1;
  const ServiceId service = builder.on_demand(options);
  builder.request(at_ms(0), service, {wait_step(kMs * 20)});
  builder.request(at_ms(10), service, {wait_step(kMs * 20)});
  builder.request(at_ms(200), service, {wait_step(kMs * 20)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 1), 40);
  EXPECT_EQ(starts(record), 1u);
}

// Two processes and a queue of one: the fourth is answered 503.
TEST(OnDemand, HasNoMoreThanItMayAndRejectsWhoFindsTheQueueFull) {
  BlueprintBuilder builder(4);
  OnDemandOptions options = with_boot();
  options.workers = 2;
  options.least = 2;
  options.queue = 1;
  const ServiceId service = builder.on_demand(options);
  for (int i = 0; i < 4; ++i) builder.request(at_ms(i), service, {wait_step(kMs * 100)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 2), 200);
  EXPECT_EQ(request(record, 3).outcome, Outcome::rejected_503);
  EXPECT_EQ(request(record, 3).end, at_ms(3));
  EXPECT_EQ(starts(record), 0u);
}

// The first free process gets each request, so the second one grows old, and a burst later is cold
// again: its second request waits until the process of the first is free, at 5100 ms, or for the
// boot, which is over at 5060 ms. The last of those that are kept stays.
TEST(OnDemand, EndsProcessesThatHaveNothingToDo) {
  BlueprintBuilder builder(4);
  OnDemandOptions options = with_boot();
  options.workers = 2;
  options.least = 1;
  options.idle_time = seconds(1);
  const ServiceId service = builder.on_demand(options);
  for (const std::int64_t ms : {0, 10, 500, 1000, 1500, 5000, 5010}) {
    builder.request(at_ms(ms), service, {wait_step(kMs * 100)});
  }
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 1), 60 + 100);
  EXPECT_EQ(end_ms(record, 5), 5100);
  EXPECT_EQ(end_ms(record, 6), 5060 + 100);
  EXPECT_EQ(starts(record), 2u);
}

TEST(OnDemand, ReplacesAProcessThatHasServedEnough) {
  BlueprintBuilder builder;
  OnDemandOptions options = with_boot();
  options.least = 1;
  options.workers = 1;
  options.arbiter.max_requests = 2;
  const ServiceId service = builder.on_demand(options);
  for (const std::int64_t ms : {0, 10, 20}) builder.request(at_ms(ms), service, {wait_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 1), 11);
  EXPECT_EQ(end_ms(record, 2), 61 + 1);
  EXPECT_EQ(starts(record), 1u);
}

// --- CGI

OnDemandOptions cgi(std::uint32_t workers) {
  OnDemandOptions options = with_boot();
  options.one_request = true;
  options.workers = workers;
  options.queue = 1;
  return options;
}

// Each request pays for its own process, two of which share one core here.
TEST(Cgi, StartsAProcessForEachRequest) {
  BlueprintBuilder builder;
  const ServiceId service = builder.on_demand(cgi(10));
  builder.request(at_ms(0), service, {wait_step(kMs * 5)});
  builder.request(at_ms(0), service, {wait_step(kMs * 5)});
  builder.request(at_ms(200), service, {wait_step(kMs * 5)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 0), 105);
  EXPECT_EQ(end_ms(record, 1), 105);
  EXPECT_EQ(end_ms(record, 2), 255);
  EXPECT_EQ(time_in(record, WaitState::server_cpu), kMs * 150);
  EXPECT_EQ(starts(record), 3u);
}

// One process at a time: the second request has its own when the first has ended, the third one is
// one too many.
TEST(Cgi, QueuesForAPlaceAndRejectsWhoFindsTheQueueFull) {
  BlueprintBuilder builder;
  const ServiceId service = builder.on_demand(cgi(1));
  for (int i = 0; i < 3; ++i) builder.request(at_ms(i), service, {cpu_step(kMs * 10)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 0), 60);
  EXPECT_EQ(end_ms(record, 1), 120);
  EXPECT_EQ(request(record, 2).outcome, Outcome::rejected_503);
}

}  // namespace
}  // namespace cotenant

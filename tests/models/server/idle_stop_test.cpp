// SPDX-License-Identifier: Apache-2.0
//
// Services that their platform stops for lack of requests: when, who waits for how long while they
// start again, and what counts as a request.
#include <gtest/gtest.h>

#include "tests/models/server/memory_parts.h"
#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr ServiceId kWeb{0};

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }
Duration took(const RunRecord& record, std::uint64_t ordinal) {
  const LoggedRequest& logged = request(record, ordinal);
  return logged.end - logged.arrival;
}
const ServiceRecord& web(const RunRecord& record) { return record.services[kWeb]; }

// Stopped after a second, and there again 200 ms after it is asked for; a process boots for 50 ms.
Blueprint stopping(const BlueprintBuilder& builder) {
  Blueprint blueprint = builder.build();
  blueprint.services[kWeb].idle_stop = IdleStopSpec{seconds(1), kMs * 200};
  return blueprint;
}

void add_sync_workers(BlueprintBuilder& builder, std::uint32_t workers = 1) {
  ServiceOptions options;
  options.workers = workers;
  options.arbiter = arbiter();
  builder.service(options);
}

// The first request is served at once. The second one comes more than a second later, and waits for
// the start, the boot and nobody else; the third one comes meanwhile, and waits behind it.
TEST(IdleStop, EndsAllProcessesUntilSomebodyAsks) {
  BlueprintBuilder builder{1};
  add_sync_workers(builder);
  for (const int ms : {500, 2000, 2100}) builder.request(at_ms(ms), kWeb, {cpu_step(kMs)});
  const RunRecord record = logged(stopping(builder), seconds(5));
  EXPECT_EQ(took(record, 0), kMs);
  EXPECT_EQ(took(record, 1), kMs * (200 + 50 + 1));
  EXPECT_EQ(took(record, 2), kMs * (100 + 50 + 2));
  EXPECT_EQ(web(record).cold_starts, 1u);
  EXPECT_EQ(web(record).restarts, 1u);
  EXPECT_EQ(web(record).outages, 0u);
  EXPECT_EQ(web(record).down, Duration(0));
}

// What counts is the time since the last request, to the nanosecond: one that comes as it ends
// finds nobody.
TEST(IdleStop, CountsFromTheLastRequest) {
  for (const int second : {999, 1000, 1001}) {
    BlueprintBuilder builder{1};
    add_sync_workers(builder);
    builder.request(at_ms(300), kWeb, {cpu_step(kMs)});
    builder.request(at_ms(300 + second), kWeb, {cpu_step(kMs)});
    const RunRecord record = logged(stopping(builder), seconds(3));
    EXPECT_EQ(web(record).cold_starts, second < 1000 ? 0u : 1u) << second;
  }
}

// A request that is being served for long is not idleness: at 1 s and 2 s it is in progress, and at
// 3 s another one has come.
TEST(IdleStop, WaitsForRequestsInProgress) {
  BlueprintBuilder builder{1};
  add_sync_workers(builder);
  builder.request(at_ms(0), kWeb, {wait_step(kMs * 2500)});
  builder.request(at_ms(2800), kWeb, {cpu_step(kMs)});
  builder.request(at_ms(6000), kWeb, {cpu_step(kMs)});
  const RunRecord record = logged(stopping(builder), seconds(8));
  EXPECT_EQ(took(record, 0), kMs * 2500);
  EXPECT_EQ(took(record, 1), kMs);
  EXPECT_EQ(took(record, 2), kMs * 251);
}

// Again and again, once for each request that comes after a pause.
TEST(IdleStop, HappensAgain) {
  BlueprintBuilder builder{1};
  add_sync_workers(builder, 3);
  for (int i = 1; i <= 4; ++i) builder.request(at_ms(i * 5000), kWeb, {cpu_step(kMs)});
  const RunRecord record = logged(stopping(builder), seconds(30));
  EXPECT_EQ(web(record).cold_starts, 4u);
  EXPECT_EQ(web(record).restarts, 12u);
  EXPECT_EQ(count_of(record, Outcome::completed), 4u);
}

// Threads, event loops and threads that accept for themselves: 200 ms, 50 ms, and the request.
TEST(IdleStop, IsOfServersOfEachKind) {
  const auto run_with = [](auto options, auto add) {
    BlueprintBuilder builder{1};
    options.arbiter = arbiter();
    add(builder, options);
    builder.request(at_ms(2000), kWeb, {cpu_step(kMs)});
    builder.request(at_ms(2500), kWeb, {cpu_step(kMs)});
    const RunRecord record = logged(stopping(builder), seconds(5));
    EXPECT_GE(took(record, 0), kMs * 251);
    EXPECT_LE(took(record, 0), kMs * 252);
    EXPECT_LE(took(record, 1), kMs * 2);
    EXPECT_EQ(web(record).cold_starts, 1u);
  };
  run_with(GthreadOptions{}, [](auto& builder, auto& options) { builder.gthread(options); });
  run_with(LoopOptions{}, [](auto& builder, auto& options) { builder.event_loop(options); });
  run_with(LeaderFollowersOptions{},
           [](auto& builder, auto& options) { builder.leader_followers(options); });
}

// Processes on demand end with their router, those that are kept included.
TEST(IdleStop, IsOfProcessesOnDemand) {
  for (const bool one_request : {false, true}) {
    BlueprintBuilder builder{2};
    OnDemandOptions options;
    options.arbiter = arbiter();
    options.one_request = one_request;
    options.least = one_request ? 0 : 1;
    builder.on_demand(options);
    for (const int ms : {500, 2000, 2001}) builder.request(at_ms(ms), kWeb, {wait_step(kMs * 10)});
    const RunRecord record = logged(stopping(builder), seconds(5));
    EXPECT_EQ(took(record, 0), kMs * (one_request ? 60 : 10));
    EXPECT_EQ(took(record, 1), kMs * (200 + 50 + 10));
    EXPECT_EQ(took(record, 2), kMs * (199 + 50 + (one_request ? 10 : 20)));
    EXPECT_EQ(web(record).cold_starts, 1u);
  }
}

// What its processes occupied is free meanwhile, and it can do without a restart policy.
TEST(IdleStop, GivesMemoryBack) {
  BlueprintBuilder builder{1};
  ServiceOptions options;
  options.arbiter = arbiter();
  const ServiceId service = builder.service(options);
  builder.memory(service, occupies(60));
  builder.memory_limit(Bytes(100 * kMib));
  for (const int ms : {2000, 8000}) builder.request(at_ms(ms), kWeb, {holds(30), cpu_step(kMs)});
  const RunRecord record = logged(stopping(builder), seconds(10));
  EXPECT_EQ(web(record).oom_kills, 0u);
  EXPECT_EQ(web(record).cold_starts, 2u);
  EXPECT_EQ(took(record, 1), kMs * 251);
}

// Who asked for it has given up, and the time is over once more before it is there: what is stopped
// is not stopped again, and has no memory to give back. Of 100 MiB, 50 of the main process and 30
// of a worker leave no room for the 30 of a request, be it one whose client is gone.
TEST(IdleStop, IsNotStoppedAgainWhileItStarts) {
  BlueprintBuilder builder{1};
  ServiceOptions options;
  options.arbiter = arbiter();
  const ServiceId service = builder.service(options);
  ProcessMemorySpec memory = occupies(30);
  memory.main = Bytes(50 * kMib);
  builder.memory(service, memory);
  builder.memory_limit(Bytes(100 * kMib));
  builder.client_timeout(kMs * 500);
  for (const int ms : {2000, 5500}) builder.request(at_ms(ms), kWeb, {holds(30), cpu_step(kMs)});
  Blueprint blueprint = builder.build();
  blueprint.services[kWeb].idle_stop = IdleStopSpec{seconds(1), seconds(3)};
  const RunRecord record = logged(blueprint, seconds(6));
  EXPECT_EQ(request(record, 0).outcome, Outcome::timed_out);
  EXPECT_EQ(web(record).cold_starts, 1u);
  EXPECT_EQ(web(record).oom_kills, 2u);
}

// A router that waits for half a second answers while the application goes on: with one worker, the
// next request waits for the rest of that.
TEST(Router, AnswersForAnApplicationThatTakesTooLong) {
  BlueprintBuilder builder{1};
  add_sync_workers(builder);
  builder.request(at_ms(0), kWeb, {wait_step(kMs * 800)});
  builder.request(at_ms(600), kWeb, {wait_step(kMs * 100)});
  Blueprint blueprint = builder.build();
  blueprint.router = RouterSpec{kMs * 500, Outcome::rejected_503};
  const RunRecord record = logged(blueprint, seconds(5));
  EXPECT_EQ(request(record, 0).outcome, Outcome::rejected_503);
  EXPECT_EQ(took(record, 0), kMs * 500);
  EXPECT_EQ(request(record, 1).outcome, Outcome::completed);
  EXPECT_EQ(took(record, 1), kMs * 300);
  EXPECT_EQ(web(record).served, 2u);
}

// Whoever is less patient is first: at the same instant that is the client.
TEST(Router, AnswersOnlyThoseWhoStillWait) {
  for (const int ms : {499, 500, 501}) {
    BlueprintBuilder builder{1};
    add_sync_workers(builder);
    builder.client_timeout(milliseconds(ms));
    builder.request(at_ms(0), kWeb, {wait_step(seconds(1))});
    Blueprint blueprint = builder.build();
    blueprint.router = RouterSpec{kMs * 500, Outcome::error_504};
    const RunRecord record = logged(blueprint, seconds(5));
    EXPECT_EQ(request(record, 0).outcome, ms > 500 ? Outcome::error_504 : Outcome::timed_out);
  }
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Services that a kubelet asks whether they are well: when they get no more requests, when they are
// told to end, how long they may finish, and when the next probe comes.
#include "models/server/probes.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "tests/models/server/memory_parts.h"
#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr ServiceId kWeb{0};

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }
Duration ended(const RunRecord& record, std::uint64_t ordinal) {
  return request(record, ordinal).end - Instant();
}
Outcome outcome(const RunRecord& record, std::uint64_t ordinal) {
  return request(record, ordinal).outcome;
}
const ServiceRecord& web(const RunRecord& record) { return record.services[kWeb]; }
std::uint64_t probes_that(Outcome outcome, const RunRecord& record) {
  return record.operations.front().calls.outcomes[static_cast<std::size_t>(outcome)];
}

// Every second, from some time in the first one on, with half a second for the reply; three
// failures count. It is started again 100 ms after its end.
void probe(Blueprint& blueprint, ProbeKind kind, Duration grace = seconds(1)) {
  ServiceSpec& service = blueprint.services[kWeb];
  ClassSpec asked{"web/" + std::to_string(service.probes.size()), kWeb, {cpu_step(kMs)}};
  asked.is_called = true;
  CallSpec call;
  call.name = asked.name;
  call.operation = blueprint.classes.push_back(std::move(asked));
  call.sender.timeout = kMs * 500;
  call.is_sent = call.is_probe = true;
  service.probes.push_back({kind, blueprint.calls.push_back(call), Duration(0), seconds(1), 1, 3});
  service.grace = grace;
  service.restart.emplace();
  service.restart->first = service.restart->delay = service.restart->longest = kMs * 100;
}

BlueprintBuilder one_worker(Duration boot = kBoot) {
  BlueprintBuilder builder{1};
  ServiceOptions options;
  options.arbiter = arbiter();
  options.arbiter.boot = CpuTime(boot.count());
  builder.service(options);
  return builder;
}

// The third failure is seen 2.5 s to 3.5 s after the worker is busy. Its request is lost a second
// later, and one that is queued at once; 100 + 50 ms after that the service is there again.
TEST(Liveness, EndsAServiceThatDoesNotAnswer) {
  BlueprintBuilder builder = one_worker();
  builder.request(at_ms(0), kWeb, {wait_step(seconds(60))});
  builder.request(at_ms(2400), kWeb, {cpu_step(kMs)});
  builder.request(at_ms(4800), kWeb, {cpu_step(kMs)});
  Blueprint blueprint = builder.build();
  probe(blueprint, ProbeKind::liveness);
  const RunRecord record = logged(blueprint, seconds(20));
  const Duration told = ended(record, 1);
  EXPECT_EQ(outcome(record, 1), Outcome::reset);
  EXPECT_GE(told, kMs * 2500);
  EXPECT_LE(told, kMs * 3500);
  EXPECT_EQ(outcome(record, 0), Outcome::reset);
  EXPECT_EQ(ended(record, 0), told + seconds(1));
  EXPECT_EQ(outcome(record, 2), Outcome::completed);
  EXPECT_EQ(web(record).outages, 1u);
  EXPECT_EQ(web(record).down, kMs * 100);
  EXPECT_EQ(probes_that(Outcome::timed_out, record), 3u);
}

// What is done within the grace period is answered; meanwhile connections are refused. The end is
// noticed within 100 ms.
TEST(Liveness, LetsRequestsFinish) {
  BlueprintBuilder builder = one_worker();
  builder.request(at_ms(0), kWeb, {wait_step(seconds(5))});
  builder.request(at_ms(4000), kWeb, {cpu_step(kMs)});
  builder.request(at_ms(5260), kWeb, {cpu_step(kMs)});
  Blueprint blueprint = builder.build();
  probe(blueprint, ProbeKind::liveness, seconds(30));
  const RunRecord record = logged(blueprint, seconds(20));
  EXPECT_EQ(outcome(record, 0), Outcome::completed);
  EXPECT_EQ(ended(record, 0), seconds(5));
  EXPECT_EQ(outcome(record, 1), Outcome::refused);
  EXPECT_EQ(outcome(record, 2), Outcome::completed);
  EXPECT_EQ(web(record).outages, 1u);
}

// Two failures are not three, if a reply comes in between.
TEST(Liveness, CountsFailuresInARow) {
  BlueprintBuilder builder = one_worker();
  for (int i = 0; i < 5; ++i) builder.request(at_ms(i * 4000), kWeb, {wait_step(kMs * 2200)});
  Blueprint blueprint = builder.build();
  probe(blueprint, ProbeKind::liveness);
  const RunRecord record = logged(blueprint, seconds(20));
  EXPECT_GE(probes_that(Outcome::timed_out, record), 5u);
  EXPECT_EQ(web(record).outages, 0u);
}

// Who is not ready is not ended: connections are refused until a probe gets through.
TEST(Readiness, KeepsRequestsAway) {
  BlueprintBuilder builder = one_worker();
  builder.request(at_ms(0), kWeb, {wait_step(seconds(10))});
  builder.request(at_ms(5000), kWeb, {cpu_step(kMs)});
  builder.request(at_ms(11600), kWeb, {cpu_step(kMs)});
  Blueprint blueprint = builder.build();
  probe(blueprint, ProbeKind::readiness);
  const RunRecord record = logged(blueprint, seconds(20));
  EXPECT_EQ(outcome(record, 0), Outcome::completed);
  EXPECT_EQ(outcome(record, 1), Outcome::refused);
  EXPECT_EQ(ended(record, 1), seconds(5));
  EXPECT_EQ(outcome(record, 2), Outcome::completed);
  EXPECT_EQ(web(record).outages, 0u);
}

// A boot of 5 s of CPU, and a startup probe that gives it two seconds and a half: it never comes
// up. With a hundred attempts it does, and the liveness probe waits for that.
TEST(Startup, NeedsAsMuchTimeAsAStart) {
  for (const bool is_patient : {false, true}) {
    BlueprintBuilder builder = one_worker(seconds(5));
    builder.request(at_ms(0), kWeb, {wait_step(seconds(60))});
    builder.request(at_ms(15'000), kWeb, {cpu_step(kMs)});
    Blueprint blueprint = builder.build();
    probe(blueprint, ProbeKind::liveness);
    probe(blueprint, ProbeKind::startup);
    if (is_patient) blueprint.services[kWeb].probes.back().failures = 100;
    const RunRecord record = logged(blueprint, seconds(30));
    EXPECT_EQ(outcome(record, 1) == Outcome::completed, is_patient);
    if (is_patient) {
      EXPECT_EQ(web(record).outages, 1u);
    } else {
      EXPECT_GE(web(record).outages, 6u);
    }
  }
}

// A restart is another one for the policy: the second in a row comes later.
TEST(Liveness, ObeysTheRestartPolicy) {
  BlueprintBuilder builder = one_worker();
  for (const int ms : {0, 8000}) builder.request(at_ms(ms), kWeb, {wait_step(seconds(60))});
  Blueprint blueprint = builder.build();
  probe(blueprint, ProbeKind::liveness);
  blueprint.services[kWeb].restart->delay = blueprint.services[kWeb].restart->longest = seconds(10);
  const RunRecord record = logged(blueprint, seconds(40));
  EXPECT_EQ(web(record).outages, 2u);
  EXPECT_EQ(web(record).down, kMs * 100 + seconds(10));
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Services whose main process ends, because all of their group is killed (memory.oom.group) or
// because it serves itself: who is connected, who wants to connect, and when it is there again.
#include <gtest/gtest.h>

#include "tests/models/server/memory_parts.h"
#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr ServiceId kWeb{0}, kOther{1};

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }
Duration took(const RunRecord& record, std::uint64_t ordinal) {
  const LoggedRequest& logged = request(record, ordinal);
  return logged.end - logged.arrival;
}
Outcome outcome(const RunRecord& record, std::uint64_t ordinal) {
  return request(record, ordinal).outcome;
}
const ServiceRecord& of(const RunRecord& record, ServiceId service) {
  return record.services[service];
}

RestartSpec after(Duration delay) {
  RestartSpec spec;
  spec.first = spec.delay = spec.longest = delay;
  return spec;
}

// Sync workers in a group of 100 MiB that dies as a whole.
struct Container {
  explicit Container(std::uint32_t workers, const ArbiterSpec& of_workers = arbiter()) {
    group = builder.group(1024);
    ServiceOptions options;
    options.workers = workers;
    options.arbiter = of_workers;
    options.group = group;
    builder.memory(builder.service(options), occupies(10));
    builder.memory_limit(Bytes(100 * kMib), group);
  }

  Blueprint build(const RestartSpec& restart) const {
    Blueprint blueprint = builder.build();
    blueprint.memory.groups[kHardware][group].oom_group = true;
    for (ServiceSpec& service : blueprint.services) service.restart = restart;
    return blueprint;
  }

  BlueprintBuilder builder{4};
  GroupId group;
};

// The request that asks for too much is lost, and so are one in the accept queue and those who
// connect within the 100 ms. One that comes while the new process boots waits for it.
TEST(OomGroup, TakesTheMainProcessAlong) {
  Container container(1);
  BlueprintBuilder& builder = container.builder;
  builder.request(at_ms(0), kWeb, {wait_step(kMs * 100), holds(95), cpu_step(kMs)});
  builder.request(at_ms(50), kWeb, {cpu_step(kMs)});
  builder.request(at_ms(150), kWeb, {cpu_step(kMs)});
  builder.request(at_ms(220), kWeb, {cpu_step(kMs)});
  const RunRecord record = logged(container.build(after(kMs * 100)), seconds(1));
  EXPECT_EQ(outcome(record, 0), Outcome::oom_killed);
  EXPECT_EQ(outcome(record, 1), Outcome::reset);
  EXPECT_EQ(took(record, 1), kMs * 50);
  EXPECT_EQ(outcome(record, 2), Outcome::refused);
  EXPECT_EQ(took(record, 2), Duration(0));
  EXPECT_EQ(took(record, 3), kMs * 30 + kMs);
  EXPECT_EQ(of(record, kWeb).outages, 1u);
  EXPECT_EQ(of(record, kWeb).down, kMs * 100);
  EXPECT_EQ(of(record, kWeb).oom_kills, 1u);
  EXPECT_EQ(of(record, kWeb).restarts, 1u);
}

// Without it one worker dies, and the other one goes on.
TEST(OomGroup, IsSomethingElseThanOneKill) {
  for (const bool is_set : {false, true}) {
    Container container(2);
    container.builder.request(at_ms(0), kWeb, {holds(20), wait_step(kMs * 200)});
    container.builder.request(at_ms(100), kWeb, {holds(75), wait_step(kMs * 200)});
    Blueprint blueprint = container.build(after(kMs * 100));
    blueprint.memory.groups[kHardware][container.group].oom_group = is_set;
    const RunRecord record = logged(blueprint, seconds(1));
    EXPECT_EQ(outcome(record, 0), is_set ? Outcome::oom_killed : Outcome::completed);
    EXPECT_EQ(outcome(record, 1), Outcome::oom_killed);
    EXPECT_EQ(of(record, kWeb).oom_kills, is_set ? 2u : 1u);
    EXPECT_EQ(of(record, kWeb).outages, is_set ? 1u : 0u);
  }
}

// The other service in the container does nothing, and dies all the same; unless it is immune.
TEST(OomGroup, SparesOnlyWhomItMayNotKill) {
  for (const bool is_immune : {false, true}) {
    Container container(1);
    BlueprintBuilder& builder = container.builder;
    ServiceOptions options;
    options.arbiter = arbiter();
    options.group = container.group;
    builder.memory(builder.service(options), occupies(10));
    builder.request(at_ms(90), kOther, {wait_step(kMs * 20)});
    builder.request(at_ms(100), kWeb, {holds(95), cpu_step(kMs)});
    Blueprint blueprint = container.build(after(kMs * 100));
    if (is_immune) blueprint.memory.residents[ResidentId(1)].oom_score_adj = kImmune;
    const RunRecord record = logged(blueprint, seconds(1));
    EXPECT_EQ(count_of(record, Outcome::oom_killed), is_immune ? 1u : 2u);
    EXPECT_EQ(of(record, kWeb).outages, 1u);
    EXPECT_EQ(of(record, kOther).outages, is_immune ? 0u : 1u);
  }
}

// After a preload the main process imports for 140 ms, and then forks: the first worker is there
// 100 + 140 + 50 ms after the kill, and the others 50 ms and gunicorn's pauses later.
TEST(OomGroup, OfAPreloadedServerImportsOnce) {
  ArbiterSpec preloaded = arbiter();
  preloaded.preload = CpuTime(milliseconds(140).count());
  Container container(3, preloaded);
  BlueprintBuilder& builder = container.builder;
  builder.request(at_ms(0), kWeb, {holds(95), cpu_step(kMs)});
  for (const int ms : {200, 201, 202}) {
    builder.request(at_ms(ms), kWeb, {wait_step(seconds(1))});
  }
  const RunRecord record = logged(container.build(after(kMs * 100)), seconds(3));
  EXPECT_EQ(took(record, 1), kMs * 90 + seconds(1));
  for (const std::uint64_t ordinal : {2u, 3u}) {
    EXPECT_GE(took(record, ordinal), kMs * 87 + kBoot + seconds(1));
    EXPECT_LE(took(record, ordinal), kMs * 89 + kBoot + kMs * 200 + seconds(1));
  }
  EXPECT_EQ(of(record, kWeb).restarts, 3u);
}

// Too much for its container again and again: the delays grow, and between them it is refused.
TEST(OomGroup, OfTooManyIsACrashLoopWithDelays) {
  Container container(3);
  Blueprint blueprint = container.build(after(kMs * 100));
  blueprint.memory.services[kWeb].base = Bytes(40 * kMib);
  blueprint.services[kWeb].restart->factor = 2;
  blueprint.services[kWeb].restart->longest = seconds(60);
  const RunRecord record = logged(blueprint, seconds(10));
  // At 0 s and then 0.1, 0.1, 0.2, 0.4, 0.8, 1.6 and 3.2 s after the last death.
  EXPECT_EQ(of(record, kWeb).outages, 8u);
  EXPECT_GT(of(record, kWeb).down, seconds(8));
}

// What the main process had is free while there is none.
TEST(OomGroup, FreesTheMainProcess) {
  Container container(1);
  container.builder.request(at_ms(500), kWeb, {holds(95), cpu_step(kMs)});
  Blueprint blueprint = container.build(after(seconds(1)));
  blueprint.memory.services[kWeb].main = Bytes(30 * kMib);
  const RunRecord record = logged(blueprint, seconds(2));
  const MemoryRecord& memory = record.machines[kHardware].memory[container.group];
  // 40 MiB for half a second, nothing for one, 30 until it has booted, and 40 again.
  EXPECT_EQ(memory.sum,
            Int128{40 * kMib} * (kMs * 950).count() + Int128{30 * kMib} * kBoot.count());
}

// --- A process that is the main process

LoopOptions alone() {
  LoopOptions options;
  options.gil = std::nullopt;
  options.arbiter = arbiter();
  options.arbiter.replaces = Replaces::never;
  options.arbiter.is_main = true;
  return options;
}

RunRecord crash_of(const LoopOptions& options, const std::optional<RestartSpec>& restart) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.event_loop(options);
  builder.request(at_ms(0), service, {wait_step(kMs * 100), crash_step(1)});
  builder.request(at_ms(50), service, {wait_step(kMs * 100)});
  builder.request(at_ms(150), service, {cpu_step(kMs)});
  builder.request(at_ms(240), service, {cpu_step(kMs)});
  Blueprint blueprint = builder.build();
  blueprint.services[service].restart = restart;
  return logged(blueprint, seconds(1));
}

// uvicorn without workers, and hypercorn, which stops as a whole.
TEST(OutageOfLoops, EndsWhenSomebodyStartsThemAgain) {
  LoopOptions hypercorn = alone();
  hypercorn.processes = 2;
  hypercorn.arbiter.replaces = Replaces::on_exit;
  hypercorn.arbiter.is_main = false;
  hypercorn.arbiter.dies_with_any = true;
  for (const LoopOptions& options : {alone(), hypercorn}) {
    const RunRecord record = crash_of(options, after(kMs * 100));
    EXPECT_EQ(outcome(record, 0), Outcome::reset);
    EXPECT_EQ(outcome(record, 1), Outcome::reset);
    EXPECT_EQ(took(record, 1), kMs * 50);
    EXPECT_EQ(outcome(record, 2), Outcome::refused);
    EXPECT_EQ(took(record, 3), kMs * 10 + kMs);
    EXPECT_EQ(of(record, kWeb).outages, 1u);
    EXPECT_EQ(of(record, kWeb).lost, 0u);
  }
}

// Nobody is said to do that: they are gone, and who connects waits. Somebody is said not to.
TEST(OutageOfLoops, LastsOtherwise) {
  const RunRecord unsaid = crash_of(alone(), std::nullopt);
  EXPECT_EQ(of(unsaid, kWeb).lost, 1u);
  EXPECT_EQ(of(unsaid, kWeb).outages, 0u);
  EXPECT_EQ(count_of(unsaid, Outcome::refused), 0u);
  RestartSpec never;
  never.never = true;
  const RunRecord refused = crash_of(alone(), never);
  EXPECT_EQ(count_of(refused, Outcome::refused), 2u);
  EXPECT_EQ(of(refused, kWeb).outages, 1u);
  EXPECT_EQ(of(refused, kWeb).down, kMs * 900);
}

// Processes whose threads accept for themselves, and that come and go with the load.
TEST(OutageOfFollowers, StartsAsManyAsAtFirst) {
  BlueprintBuilder builder(4);
  const GroupId group = builder.group(1024);
  LeaderFollowersOptions options;
  options.processes = 3;
  options.threads = 1;
  options.arbiter = arbiter();
  options.arbiter.replaces = Replaces::when_it_looks;
  options.arbiter.looks_every = kArbiterPeriod;
  options.cheaper = CheaperSpec{};
  const ServiceId service = builder.leader_followers(options);
  builder.memory(service, occupies(10));
  builder.memory_limit(Bytes(100 * kMib));
  builder.request(at_ms(0), service, {wait_step(kMs * 100), holds(95), cpu_step(kMs)});
  builder.request(at_ms(210), service, {cpu_step(kMs)});
  Blueprint blueprint = builder.build();
  blueprint.services[service].restart = after(kMs * 100);
  for (ResidentSpec& resident : blueprint.memory.residents) resident.group = group;
  blueprint.memory.groups[kHardware][group].oom_group = true;
  const RunRecord record = logged(blueprint, seconds(2));
  EXPECT_EQ(outcome(record, 0), Outcome::oom_killed);
  EXPECT_EQ(took(record, 1), kMs * 40 + kMs);
  EXPECT_EQ(of(record, service).restarts, 1u);
}

}  // namespace
}  // namespace cotenant

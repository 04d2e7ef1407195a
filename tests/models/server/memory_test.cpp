// SPDX-License-Identifier: Apache-2.0
//
// Processes that the kernel kills for their memory, of each kind of server: whose requests are lost
// with them, who comes in their place, and what others notice. python-servers.md 8.4: the victim's
// client gets nothing, the other worker's request finishes, a replacement is there within
// milliseconds.
#include <gtest/gtest.h>

#include "tests/models/server/memory_parts.h"
#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }
Duration took(const RunRecord& record, std::uint64_t ordinal) {
  return request(record, ordinal).end - Instant();
}
Outcome outcome(const RunRecord& record, std::uint64_t ordinal) {
  return request(record, ordinal).outcome;
}
const ServiceRecord& of_service(const RunRecord& record) { return record.services[ServiceId(0)]; }

StepSpec leaks(std::int64_t mebibytes) { return memory_step(Bytes(0), Bytes(mebibytes * kMib)); }

BlueprintBuilder builder_of_sync(std::uint32_t workers, std::int64_t limit) {
  BlueprintBuilder builder(2);
  ServiceOptions options;
  options.workers = workers;
  options.arbiter = arbiter();
  builder.memory(builder.service(options), occupies(10));
  builder.memory_limit(Bytes(limit * kMib));
  return builder;
}

// Two times 10 MiB, 50 held, 50 more do not fit into 110. The first has more, so it goes, and the
// second finishes; the next request is served by the other worker.
TEST(OomKillOfSyncWorkers, TakesTheLargestAndItsRequestAlong) {
  BlueprintBuilder builder = builder_of_sync(2, 110);
  const ServiceId service(0);
  builder.request(at_ms(0), service, {holds(50), wait_step(kMs * 200)});
  builder.request(at_ms(100), service, {holds(50), wait_step(kMs * 200)});
  builder.request(at_ms(310), service, {holds(50), wait_step(kMs * 200)});
  const RunRecord record = logged(builder.build(), seconds(1));
  EXPECT_EQ(outcome(record, 0), Outcome::oom_killed);
  EXPECT_EQ(took(record, 0), kMs * 100);
  EXPECT_EQ(outcome(record, 1), Outcome::completed);
  EXPECT_EQ(took(record, 1), kMs * 300);
  EXPECT_EQ(took(record, 2), kMs * 510);
  EXPECT_EQ(of_service(record).oom_kills, 1u);
  EXPECT_EQ(of_service(record).restarts, 1u);
  EXPECT_EQ(of_service(record).timeouts, 0u);
}

// The only worker asks for more than there is: it dies at once, boots for 50 ms, and the request
// in the accept queue has waited for that.
TEST(OomKillOfSyncWorkers, LeavesTheAcceptQueueAlone) {
  BlueprintBuilder builder = builder_of_sync(1, 50);
  const ServiceId service(0);
  builder.request(at_ms(0), service, {wait_step(kMs * 10), holds(60), wait_step(seconds(1))});
  builder.request(at_ms(5), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(1));
  EXPECT_EQ(outcome(record, 0), Outcome::oom_killed);
  EXPECT_EQ(took(record, 0), kMs * 10);
  EXPECT_EQ(took(record, 1), kMs * 10 + kBoot + kMs);
}

TEST(OomKillOfSyncWorkers, DoesNotHappenToThoseWhoGiveBackInTime) {
  BlueprintBuilder builder = builder_of_sync(2, 110);
  for (int i = 0; i < 20; ++i) {
    builder.request(at_ms(i * 300), ServiceId(0), {holds(50), wait_step(kMs * 200)});
  }
  const RunRecord record = logged(builder.build(), seconds(7));
  EXPECT_EQ(count_of(record, Outcome::completed), 20u);
  EXPECT_EQ(record.machines[kHardware].memory[kRootGroup].peak, Bytes(70 * kMib));
}

// 10 MiB and 5 a request: after eight requests 50 of 50 are used, the ninth is one too many. The
// new process begins with 10 again.
TEST(OomKillOfSyncWorkers, EndsALeakAndItBeginsAnew) {
  BlueprintBuilder builder = builder_of_sync(1, 50);
  for (int i = 0; i < 20; ++i) {
    builder.request(at_ms(i * 100), ServiceId(0), {leaks(5), cpu_step(kMs)});
  }
  const RunRecord record = logged(builder.build(), seconds(3));
  for (const std::uint64_t ordinal : {8u, 17u}) {
    EXPECT_EQ(outcome(record, ordinal), Outcome::oom_killed);
  }
  EXPECT_EQ(count_of(record, Outcome::oom_killed), 2u);
  EXPECT_EQ(record.first_oom_kill->at, at_ms(800));
  EXPECT_EQ(record.first_oom_kill->limit, kRootGroup);
}

// A process that is replaced in time is never killed: max_requests below the eight above.
TEST(OomKillOfSyncWorkers, IsCuredByReplacingProcessesInTime) {
  BlueprintBuilder builder(2);
  ServiceOptions options;
  options.arbiter = arbiter();
  options.arbiter.max_requests = 5;
  const ServiceId service = builder.service(options);
  builder.memory(service, occupies(10));
  builder.memory_limit(Bytes(50 * kMib));
  for (int i = 0; i < 20; ++i) {
    builder.request(at_ms(i * 100), service, {leaks(5), cpu_step(kMs)});
  }
  const RunRecord record = logged(builder.build(), seconds(3));
  EXPECT_EQ(count_of(record, Outcome::completed), 20u);
  EXPECT_EQ(of_service(record).restarts, 4u);
}

// It kills somebody who has nothing to do as well: the process is idle, and large.
TEST(OomKillOfSyncWorkers, TakesIdleOnes) {
  BlueprintBuilder builder = builder_of_sync(2, 100);
  const ServiceId service(0);
  builder.request(at_ms(0), service, {leaks(50), cpu_step(kMs)});
  builder.request(at_ms(100), service, {wait_step(kMs * 200)});
  builder.request(at_ms(101), service, {holds(40), wait_step(kMs * 200)});
  const RunRecord record = logged(builder.build(), seconds(1));
  EXPECT_EQ(count_of(record, Outcome::completed) + count_of(record, Outcome::oom_killed), 3u);
  EXPECT_EQ(of_service(record).oom_kills, 1u);
  EXPECT_EQ(of_service(record).restarts, 1u);
}

// Three processes of 40 MiB do not fit into 100: one dies at the beginning, boots, and dies again,
// for as long as the run lasts. gunicorn has no back-off (python-servers.md 1.5): each time takes
// its boot, and a pause of up to 0.1 s.
TEST(OomKillOfSyncWorkers, OfTooManyIsACrashLoop) {
  BlueprintBuilder builder(4);
  ServiceOptions options;
  options.workers = 3;
  options.arbiter = arbiter();
  const ServiceId service = builder.service(options);
  builder.memory(service, occupies(40));
  builder.memory_limit(Bytes(100 * kMib));
  builder.request(at_ms(500), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(count_of(record, Outcome::completed), 1u);
  // One every 50 to 100 ms.
  EXPECT_GT(of_service(record).oom_kills, 90u);
  EXPECT_LT(of_service(record).oom_kills, 210u);
  EXPECT_EQ(record.first_oom_kill->at, Instant());
}

// An hour's leak of 3600 MiB is one of 1 MiB/s; with 10 MiB it fills 50 MiB in 40 s, and again
// 40 s after the next process has booted.
TEST(OomKillOfSyncWorkers, EndsALeakOfTime) {
  BlueprintBuilder builder(1);
  ServiceOptions options;
  options.arbiter = arbiter();
  const ServiceId service = builder.service(options);
  ProcessMemorySpec memory = occupies(10);
  memory.leak_per_hour = Bytes(3600 * kMib);
  builder.memory(service, memory);
  builder.memory_limit(Bytes(50 * kMib));
  builder.request(at_ms(0), service, {cpu_step(kMs)});
  const RunRecord first = logged(builder.build(), seconds(40) + kMs);
  EXPECT_EQ(first.first_oom_kill->at, at_ms(40'000));
  EXPECT_EQ(of_service(logged(builder.build(), seconds(79))).oom_kills, 1u);
  EXPECT_EQ(of_service(logged(builder.build(), seconds(81))).oom_kills, 2u);
}

// All requests in the threads and in the queue of the process are lost, those of the other are not.
TEST(OomKillOfThreads, TakesTheWholeProcess) {
  BlueprintBuilder builder(4);
  GthreadOptions options;
  options.processes = 1;
  options.gil = std::nullopt;
  options.arbiter = arbiter();
  const ServiceId service = builder.gthread(options);
  builder.memory(service, occupies(10));
  builder.memory_limit(Bytes(100 * kMib));
  builder.request(at_ms(0), service, {wait_step(seconds(1))});
  builder.request(at_ms(10), service, {holds(95), wait_step(seconds(1))});
  builder.request(at_ms(20), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(5));
  for (const std::uint64_t ordinal : {0u, 1u}) {
    EXPECT_EQ(outcome(record, ordinal), Outcome::oom_killed);
    EXPECT_EQ(took(record, ordinal), kMs * 10);
  }
  EXPECT_EQ(took(record, 2), kMs * 10 + kBoot + kMs);
  EXPECT_EQ(of_service(record).oom_kills, 1u);
}

LoopOptions loops(Replaces replaces, std::uint32_t processes = 1) {
  LoopOptions options;
  options.processes = processes;
  options.gil = std::nullopt;
  options.arbiter = arbiter();
  options.arbiter.replaces = replaces;
  return options;
}

// python-servers.md, section 2: uvicorn before 0.30 does not replace it, hypercorn stops as a
// whole.
TEST(OomKillOfLoops, IsMadeGoodAsTheServerDoes) {
  const auto run_with = [](const LoopOptions& options) {
    BlueprintBuilder builder(2);
    const ServiceId service = builder.event_loop(options);
    builder.memory(service, occupies(10));
    builder.memory_limit(Bytes(100 * kMib));
    builder.request(at_ms(0), service, {wait_step(seconds(1))});
    builder.request(at_ms(10), service, {holds(95), wait_step(seconds(1))});
    builder.request(at_ms(20), service, {cpu_step(kMs)});
    return logged(builder.build(), seconds(5));
  };
  const RunRecord replaced = run_with(loops(Replaces::at_once));
  EXPECT_EQ(outcome(replaced, 0), Outcome::oom_killed);
  EXPECT_EQ(outcome(replaced, 1), Outcome::oom_killed);
  EXPECT_EQ(took(replaced, 2), kMs * 10 + kBoot + kMs);
  const RunRecord lost = run_with(loops(Replaces::never));
  EXPECT_EQ(count_of(lost, Outcome::completed), 0u);
  EXPECT_EQ(of_service(lost).lost, 1u);
  LoopOptions hypercorn = loops(Replaces::on_exit, 2);
  hypercorn.arbiter.dies_with_any = true;
  const RunRecord all = run_with(hypercorn);
  EXPECT_EQ(count_of(all, Outcome::completed), 0u);
  EXPECT_EQ(of_service(all).oom_kills, 1u);
  EXPECT_EQ(of_service(all).lost, 2u);
}

// In a thread of a loop's pool, too.
TEST(OomKillOfLoops, TakesThreadsOfThePoolAlong) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.event_loop(loops(Replaces::at_once));
  builder.memory(service, occupies(10));
  builder.memory_limit(Bytes(100 * kMib));
  builder.request(at_ms(0), service, {wait_step(seconds(1))});
  builder.in_thread(builder.request(at_ms(10), service, {holds(95), wait_step(seconds(1))}));
  const RunRecord record = logged(builder.build(), seconds(5));
  EXPECT_EQ(count_of(record, Outcome::oom_killed), 2u);
}

LeaderFollowersOptions followers() {
  LeaderFollowersOptions options;
  options.processes = 1;
  options.arbiter = arbiter();
  options.arbiter.times_requests = true;
  return options;
}

TEST(OomKillOfFollowers, TakesTheWholeProcess) {
  BlueprintBuilder builder(4);
  const ServiceId service = builder.leader_followers(followers());
  builder.memory(service, occupies(10));
  builder.memory_limit(Bytes(100 * kMib));
  builder.request(at_ms(0), service, {wait_step(seconds(1))});
  builder.request(at_ms(10), service, {holds(95), wait_step(seconds(1))});
  builder.request(at_ms(20), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(5));
  EXPECT_EQ(count_of(record, Outcome::oom_killed), 2u);
  EXPECT_EQ(outcome(record, 2), Outcome::completed);
  EXPECT_EQ(of_service(record).restarts, 1u);
}

// uWSGI looks after each request: at 40 MiB it ends, when the third request has its reply, and
// nobody is killed.
TEST(ReloadOnRss, ReplacesALargeProcessAfterItsRequest) {
  BlueprintBuilder builder(1);
  LeaderFollowersOptions options = followers();
  options.threads = 1;
  const ServiceId service = builder.leader_followers(options);
  builder.memory(service, occupies(10));
  builder.memory_limit(Bytes(60 * kMib));
  builder.reload_on_rss(service, Bytes(40 * kMib));
  for (int i = 0; i < 9; ++i) {
    builder.request(at_ms(i * 2000), service, {leaks(10), cpu_step(kMs)});
  }
  const RunRecord record = logged(builder.build(), seconds(20));
  EXPECT_EQ(count_of(record, Outcome::completed), 9u);
  EXPECT_EQ(of_service(record).restarts, 3u);
  EXPECT_EQ(of_service(record).oom_kills, 0u);
}

// The next request in the router's queue gets a process of its own.
TEST(OomKillOfInstances, MakesRoomForTheNextOne) {
  BlueprintBuilder builder(2);
  OnDemandOptions options;
  options.workers = 1;
  options.least = 1;
  options.arbiter = arbiter();
  const ServiceId service = builder.on_demand(options);
  builder.memory(service, occupies(10));
  builder.memory_limit(Bytes(100 * kMib));
  builder.request(at_ms(0), service, {wait_step(kMs * 10), holds(95), wait_step(seconds(1))});
  builder.request(at_ms(5), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(5));
  EXPECT_EQ(outcome(record, 0), Outcome::oom_killed);
  EXPECT_EQ(took(record, 0), kMs * 10);
  EXPECT_EQ(took(record, 1), kMs * 10 + kBoot + kMs);
}

// A task that was acknowledged when it began is lost; one that is rejected then is delivered again.
TEST(OomKillOfCelery, LosesTheTask) {
  const auto run_with = [](bool rejects) {
    BlueprintBuilder builder(2);
    CeleryOptions options;
    options.boot = CpuTime(kBoot.count());
    options.acks_late = options.reject_on_worker_lost = rejects;
    const ServiceId service = builder.celery(options);
    builder.memory(service, occupies(10));
    builder.memory_limit(Bytes(100 * kMib));
    builder.request(at_ms(0), service, {leaks(60), cpu_step(kMs)});
    builder.request(at_ms(10), service, {holds(60), wait_step(kMs * 20)});
    return logged(builder.build(), seconds(5));
  };
  const RunRecord lost = run_with(false);
  EXPECT_EQ(outcome(lost, 1), Outcome::lost);
  EXPECT_EQ(of_service(lost).oom_kills, 1u);
  const RunRecord again = run_with(true);
  EXPECT_EQ(outcome(again, 1), Outcome::completed);
  EXPECT_EQ(took(again, 1), kMs * 10 + kBoot + kMs * 20);
}

// To a client who tries again after a reset it is one.
TEST(OomKillSeen, IsAResetToThoseWhoTryAgain) {
  EXPECT_EQ(as_seen(Outcome::oom_killed), Outcome::reset);
  BlueprintBuilder builder = builder_of_sync(1, 50);
  builder.request(at_ms(0), ServiceId(0), {holds(60), cpu_step(kMs)});
  builder.retries(retries_after(kMs * 100, 2));
  const RunRecord record = logged(builder.build(), seconds(5));
  EXPECT_EQ(attempts_that(Outcome::oom_killed, record), 3u);
  EXPECT_EQ(of_service(record).oom_kills, 3u);
}

// 10 MiB all the time and 40 for 200 ms of a second.
TEST(MemoryRecord, IsExact) {
  BlueprintBuilder builder = builder_of_sync(1, 110);
  builder.request(at_ms(100), ServiceId(0), {holds(40), wait_step(kMs * 200)});
  const RunRecord record = logged(builder.build(), seconds(1));
  const MemoryRecord& memory = record.machines[kHardware].memory[kRootGroup];
  EXPECT_EQ(memory.sum,
            Int128{10 * kMib} * seconds(1).count() + Int128{40 * kMib} * milliseconds(200).count());
  EXPECT_EQ(memory.peak, Bytes(50 * kMib));
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Celery, with instants worked out by hand: what a worker reserves and who waits for it, when a
// message is acknowledged and what becomes of a task whose process dies, and what senders see.
// Every process has a core to itself.
#include "models/server/celery.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr CpuTime kBoot(5'000'000);

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

std::uint64_t calls_that(Outcome outcome, const OperationRecord& operation) {
  return operation.calls.outcomes[static_cast<std::size_t>(outcome)];
}

// Tasks of nobody: a class for each.
struct Tasks {
  explicit Tasks(const CeleryOptions& options) : builder(16), celery(builder.celery(options)) {}

  ClassId at(std::int64_t ms, std::vector<StepSpec> steps) {
    return builder.request(at_ms(ms), celery, std::move(steps));
  }
  RunRecord run() const { return run_to(builder.build(), seconds(100)); }

  BlueprintBuilder builder;
  ServiceId celery;
};

// --- Prefetch

// A task of 100 ms for the first of two workers, and a millisecond later four of 10 ms: latencies
// in ms.
std::vector<std::int64_t> latencies_behind_a_long_task(const CeleryOptions& options) {
  Tasks tasks(options);
  tasks.at(0, {wait_step(kMs * 100)});
  std::vector<ClassId> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(tasks.at(1, {wait_step(kMs * 10)}));
  const RunRecord record = tasks.run();
  std::vector<std::int64_t> latencies;
  for (const ClassId id : ids) latencies.push_back(latency_of(record, id).count() / kMs.count());
  return latencies;
}

// In turn they go to the second, the first, the second, the first worker. The first one works until
// 100 ms; the second has nothing to do from 21 ms on.
TEST(Prefetch, KeepsTasksFromAnIdleWorker) {
  EXPECT_EQ(latencies_behind_a_long_task({.instances = 2}),
            (std::vector<std::int64_t>{10, 109, 20, 119}));
}

// One beside the one in work, which has been acknowledged: the last one stays with the broker.
TEST(Prefetch, OfOneReservesOneTaskAhead) {
  EXPECT_EQ(latencies_behind_a_long_task({.instances = 2, .prefetch_multiplier = 1}),
            (std::vector<std::int64_t>{10, 109, 20, 30}));
}

// The one in work counts: nothing is reserved ahead.
TEST(Prefetch, OfOneWithLateAcknowledgementReservesNothing) {
  EXPECT_EQ(
      latencies_behind_a_long_task({.instances = 2, .prefetch_multiplier = 1, .acks_late = true}),
      (std::vector<std::int64_t>{10, 20, 30, 40}));
}

// With late acknowledgement four times the concurrency includes those in work: of nine tasks that
// come together two are worked on, six reserved, and one stays with the broker.
TEST(Prefetch, IsSaidInTheAccountOfATask) {
  BlueprintBuilder builder(16);
  const ServiceId celery = builder.celery({.concurrency = 2, .acks_late = true});
  const ServiceId web = builder.service();
  const std::uint32_t email = builder.operation(celery, {wait_step(kMs * 10)});
  builder.request(Instant(), web, {builder.send_step({.operation = email, .count = 9})});
  const OperationRecord record = run_to(builder.build(), seconds(1)).operations[0];
  const auto time_in = [&](WaitState state) {
    return record.times[static_cast<std::size_t>(state)];
  };
  EXPECT_EQ(time_in(WaitState::broker_queue), kMs * 10);  // of the ninth
  EXPECT_EQ(time_in(WaitState::prefetched), kMs * (2 * 10 + 2 * 20 + 2 * 30 + 30));
  EXPECT_EQ(time_in(WaitState::wait), kMs * 90);
}

// --- Processes that die

// The next task waits for the fork.
TEST(EarlyAcknowledgement, LosesATaskWithItsProcess) {
  Tasks tasks({.boot = kBoot});
  const ClassId lost = tasks.at(0, {wait_step(kMs * 10), crash_step(1), wait_step(kMs * 10)});
  const ClassId next = tasks.at(1, {wait_step(kMs * 10)});
  const RunRecord record = tasks.run();
  EXPECT_TRUE(ended_as(record, lost, Outcome::lost));
  EXPECT_EQ(latency_of(record, next), kMs * 24);
  EXPECT_EQ(record.services[tasks.celery].restarts, 1u);
}

// Two hundred tasks whose process dies with a probability of a half.
RunRecord dying(const CeleryOptions& options) {
  BlueprintBuilder builder(16);
  const ServiceId celery = builder.celery(options);
  builder.source(ScheduledSource{Instant(), std::nullopt},
                 {builder.request_class(celery, {wait_step(kMs), crash_step(0.5)})}, 200u);
  return run_to(builder.build(), seconds(100));
}

// As Celery's documentation warns: the main process acknowledges what its child took along.
TEST(LateAcknowledgement, AloneDoesNotBringATaskBack) {
  const RunRecord record = dying({.concurrency = 4, .acks_late = true, .boot = kBoot});
  // A standard deviation is 7.
  EXPECT_NEAR(static_cast<double>(count_of(record, Outcome::lost)), 100, 30);
  EXPECT_EQ(count_of(record, Outcome::lost) + count_of(record, Outcome::completed), 200u);
}

// Each comes back until it is done, after one failure on average; a standard deviation is 20.
TEST(LateAcknowledgement, WithRejectionDeliversATaskAgain) {
  const RunRecord record =
      dying({.concurrency = 4, .acks_late = true, .reject_on_worker_lost = true, .boot = kBoot});
  EXPECT_EQ(count_of(record, Outcome::completed), 200u);
  EXPECT_NEAR(static_cast<double>(attempts_that(Outcome::lost, record)), 200, 80);
}

// It has waited as well as computed: both end, and neither is done to the end.
TEST(TimeLimit, KillsTheProcessAndFailsTheTask) {
  for (const StepSpec& step : {wait_step(kMs * 100), cpu_step(kMs * 100)}) {
    Tasks tasks({.time_limit = kMs * 30, .boot = kBoot});
    const ClassId slow = tasks.at(0, {step});
    const ClassId next = tasks.at(1, {wait_step(kMs * 10)});
    const RunRecord record = tasks.run();
    EXPECT_TRUE(ended_as(record, slow, Outcome::error_500));
    EXPECT_EQ(latency_of(record, next), kMs * 44);  // 30 of the other, 5 of the fork, less 1
    EXPECT_EQ(record.services[tasks.celery].timeouts, 1u);
    const CpuTime computed(step.kind == StepSpec::Kind::cpu ? 30'000'000 : 0);
    EXPECT_EQ(record.machines[kHardware].cpu_used(), computed + kBoot);
  }
}

// A task that is done in time is not killed later, nor whoever has its place in the table.
TEST(TimeLimit, IsForgottenWhenTheTaskIsDone) {
  Tasks tasks({.time_limit = kMs * 30});
  std::vector<ClassId> ids;
  for (int i = 0; i < 10; ++i) ids.push_back(tasks.at(20 * i, {wait_step(kMs * 20)}));
  const RunRecord record = tasks.run();
  for (const ClassId id : ids) EXPECT_EQ(latency_of(record, id), kMs * 20);
}

TEST(MaxTasksPerChild, ReplacesAProcessAfterSoMany) {
  Tasks tasks({.max_tasks_per_child = 2, .boot = kBoot});
  std::vector<ClassId> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(tasks.at(0, {wait_step(kMs * 10)}));
  const RunRecord record = tasks.run();
  EXPECT_EQ(latency_of(record, ids[1]), kMs * 20);
  EXPECT_EQ(latency_of(record, ids[2]), kMs * 35);
}

// --- Who sends

// A web service that sends tasks of 50 ms.
struct Senders {
  Senders() : builder(16) {
    web = builder.service({.workers = 8});
    celery = builder.celery({.task_cpu = CpuTime(2'000'000)});
    email = builder.operation(celery, {wait_step(kMs * 50)});
  }
  RunRecord run() const { return run_to(builder.build(), seconds(10)); }

  BlueprintBuilder builder;
  ServiceId web, celery;
  std::uint32_t email = 0;
};

TEST(Sending, TakesNoTime) {
  Senders of;
  const ClassId page = of.builder.request(
      Instant(), of.web,
      {cpu_step(kMs), of.builder.send_step({.operation = of.email, .count = 3}), cpu_step(kMs)});
  const RunRecord record = of.run();
  EXPECT_EQ(latency_of(record, page), kMs * 2);
  // One after the other, each with 2 ms of Celery's own CPU: 52, 104 and 156 ms.
  EXPECT_EQ(calls_that(Outcome::completed, record.operations[0]), 3u);
  EXPECT_EQ(record.operations[0].calls.latency.max(), kMs * 156);
}

// In an event loop it is no await: the request goes on in the same turn.
TEST(Sending, TakesNoTimeInAnEventLoop) {
  Senders of;
  const ServiceId loop = of.builder.event_loop();
  const ClassId page = of.builder.request(
      Instant(), loop,
      {cpu_step(kMs), of.builder.send_step({.operation = of.email}), cpu_step(kMs)});
  const RunRecord record = of.run();
  EXPECT_EQ(calls_that(Outcome::completed, record.operations[0]), 1u);
  // The lock costs a nanosecond here each time that it is taken.
  EXPECT_LE(latency_of(record, page), kMs * 2 + Duration(10));
}

TEST(Sending, OutlivesTheSender) {
  Senders of;
  const ClassId page = of.builder.request(
      Instant(), of.web, {of.builder.send_step({.operation = of.email}), error_step(1)});
  const RunRecord record = of.run();
  EXPECT_TRUE(ended_as(record, page, Outcome::error_500));
  EXPECT_EQ(calls_that(Outcome::completed, record.operations[0]), 1u);
}

// AsyncResult.get().
TEST(Calling, WaitsForTheResult) {
  Senders of;
  const ClassId page =
      of.builder.request(Instant(), of.web, {of.builder.call_step({{.operation = of.email}})});
  EXPECT_EQ(latency_of(of.run(), page), kMs * 52);
}

// Once, and twice more; each 10 ms after the last one.
TEST(Sending, AgainAfterAFailureIsANewTask) {
  Senders of;
  const std::uint32_t fails = of.builder.operation(of.celery, {wait_step(kMs), error_step(1)});
  of.builder.request(
      Instant(), of.web,
      {of.builder.send_step({.operation = fails, .retries = retries_after(kMs * 10, 2)})});
  const RunRecord record = of.run();
  EXPECT_EQ(calls_that(Outcome::error_500, record.operations[1]), 1u);
  EXPECT_EQ(record.operations[1].calls.attempts[static_cast<std::size_t>(Outcome::error_500)], 3u);
  EXPECT_EQ(record.services[of.celery].served, 3u);
}

// Clients have no patience, but nobody waits for a task.
TEST(Tasks, OfAScheduleAreNotGivenUp) {
  Tasks tasks({});
  tasks.builder.client_timeout(kMs * 5);
  const ClassId nightly = tasks.at(0, {wait_step(kMs * 100)});
  EXPECT_EQ(latency_of(tasks.run(), nightly), kMs * 100);
}

// --- M/M/3

// Three servers of 10 ms, 240 tasks a second: Erlang's C(3, 2.4) = 0.6472, so the mean time in the
// system is 10 + 0.6472 / (300 - 240) s = 20.786 ms. Of 2.4 million tasks, correlated over 0.15 s,
// the mean has a standard error of 0.5 %.
TEST(ManyTasks, AgreeWithErlangsFormula) {
  const CeleryOptions one_worker{.concurrency = 3};
  const CeleryOptions three_workers{.instances = 3, .prefetch_multiplier = 1, .acks_late = true};
  for (const CeleryOptions& options : {one_worker, three_workers}) {
    BlueprintBuilder builder;
    const ServiceId celery = builder.celery(options);
    const ClassId id = builder.request_class(celery, {wait_step(law::Exponential{10e6})});
    builder.poisson(240, id);
    const RunRecord record = run_to(builder.build(), seconds(10'000));
    const Histogram& latency = record.classes[id].latency;
    const double mean =
        static_cast<double>(latency.sum_ns()) / static_cast<double>(latency.count());
    EXPECT_NEAR(mean, 20.786e6, 0.02 * 20.786e6);
  }
}

}  // namespace
}  // namespace cotenant

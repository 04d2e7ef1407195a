// SPDX-License-Identifier: Apache-2.0
//
// Processes that look for work themselves, with instants worked out by hand: when a task is found,
// what is taken at a visit, where the next visit goes, and what becomes of tasks whose process
// dies. Every process has a core to itself.
#include "models/server/poller.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

Law of_ms(double ms) { return law::Constant{ms * 1e6}; }

// Tasks of nobody: a class for each.
struct Tasks {
  explicit Tasks(const PollerOptions& options) : builder(16), poller(builder.poller(options)) {}

  ClassId at(std::int64_t ms, std::int64_t takes, std::uint32_t queue = 0) {
    return add(ms, {wait_step(kMs * takes)}, queue);
  }
  ClassId add(std::int64_t ms, std::vector<StepSpec> steps, std::uint32_t queue = 0) {
    ids.push_back(builder.request(Instant() + kMs * ms, poller, std::move(steps)));
    builder.task(ids.back()).queue = queue;
    return ids.back();
  }
  RunRecord run() const { return run_to(builder.build(), seconds(10)); }
  // In ms, of all of them in the order in which they came.
  std::vector<std::int64_t> latencies() const {
    const RunRecord record = run();
    std::vector<std::int64_t> result;
    for (const ClassId id : ids) result.push_back(latency_of(record, id).count() / kMs.count());
    return result;
  }

  BlueprintBuilder builder;
  ServiceId poller;
  std::vector<ClassId> ids;
};

using Latencies = std::vector<std::int64_t>;

// --- When a task is found

// It looks at 0, sleeps until 10, works until 14 and then until 18, sleeps until 28.
TEST(Pause, FollowsAVisitThatFoundNothing) {
  Tasks tasks({.takes = Takes::exhaustive, .pause = of_ms(10)});
  tasks.at(3, 4);
  tasks.at(12, 4);
  tasks.at(19, 4);
  EXPECT_EQ(tasks.latencies(), (Latencies{11, 6, 13}));
}

// Visits end at 5, 10 and so on, 2 ms of each are CPU. What comes during a visit is found by it.
TEST(Visit, TakesItsTimeBeforeItTakesATask) {
  Tasks tasks({.visit_cpu = of_ms(2), .visit = of_ms(3)});
  tasks.at(6, 10);
  EXPECT_EQ(tasks.latencies(), (Latencies{14}));
}

// Every 60 ms a process that boots for 5 ms. The second task comes while it works, and is taken;
// the third one comes when it has ended, at 139 ms, and waits for the process of 180 ms.
TEST(Every, StartsAProcessForEachCycle) {
  Tasks tasks({.takes = Takes::exhaustive, .every = kMs * 60, .boot = CpuTime(5'000'000)});
  tasks.at(10, 4);
  tasks.at(61, 70);
  tasks.at(140, 4);
  EXPECT_EQ(tasks.latencies(), (Latencies{59, 78, 49}));
  // No process for 120 ms: the one before was not done.
  const RunRecord record = run_to(tasks.builder.build(), kMs * 239);
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime(3 * 5'000'000));
}

// --- What is taken

// Three tasks in the first queue, the last of which comes at 5 ms, and one in the second.
Latencies taken(Takes takes, std::uint32_t limit = 1000) {
  Tasks tasks({.queues = 2, .takes = takes, .limit = limit, .visit = of_ms(1)});
  tasks.at(0, 10);
  tasks.at(0, 10);
  tasks.at(0, 10, 1);
  tasks.at(5, 10);
  return tasks.latencies();
}

// Visits end at 1, 12, 23, 34, 35.
TEST(Takes, One) { EXPECT_EQ(taken(Takes::one), (Latencies{11, 33, 22, 40})); }

// Visits end at 1, 22, 33.
TEST(Takes, AllThatWereThere) { EXPECT_EQ(taken(Takes::gated), (Latencies{11, 21, 32, 38})); }

// As many as one is as one.
TEST(Takes, NoMoreThanTheLimit) { EXPECT_EQ(taken(Takes::gated, 1), taken(Takes::one)); }

// Visits end at 1 and 32.
TEST(Takes, UntilNoneIsLeft) { EXPECT_EQ(taken(Takes::exhaustive), (Latencies{11, 21, 42, 26})); }

// Two processes look at the same instant: one of them takes all.
TEST(Takes, NothingThatIsTaken) {
  Tasks tasks({.workers = 2, .takes = Takes::gated, .visit = of_ms(1)});
  tasks.at(0, 10);
  tasks.at(0, 10);
  EXPECT_EQ(tasks.latencies(), (Latencies{11, 21}));
}

// --- Where the next visit goes

// Two tasks in the second queue, and two in the first while it works on one of them.
Latencies in_order(bool first_again) {
  Tasks tasks({.queues = 2, .first_again = first_again, .pause = of_ms(1)});
  tasks.at(0, 10, 1);
  tasks.at(0, 10, 1);
  tasks.at(5, 10);
  tasks.at(6, 10);
  return tasks.latencies();
}

TEST(Order, IsRoundOrByPriority) {
  EXPECT_EQ(in_order(false), (Latencies{11, 31, 16, 35}));
  EXPECT_EQ(in_order(true), (Latencies{11, 41, 16, 25}));
}

// --- Tasks

TEST(Poller, DiscardsWhatHasExpired) {
  Tasks tasks({.pause = of_ms(10)});
  const ClassId stale = tasks.at(3, 4), fresh = tasks.at(3, 4);
  tasks.builder.task(stale).expires = Sampler(of_ms(6));
  const RunRecord record = tasks.run();
  EXPECT_TRUE(ended_as(record, stale, Outcome::expired));
  EXPECT_EQ(latency_of(record, fresh), kMs * 11);
}

// It dies at 3 ms, boots until 8 and looks until 9: the task that it had taken is still there, and
// before that which came meanwhile.
TEST(Poller, LeavesWhatItHasNotBegun) {
  Tasks tasks({.takes = Takes::gated, .visit = of_ms(1), .boot = CpuTime(5'000'000)});
  const ClassId lost = tasks.add(0, {wait_step(kMs * 2), crash_step(1)});
  const ClassId next = tasks.at(0, 10);
  const ClassId last = tasks.at(2, 10);
  const RunRecord record = tasks.run();
  EXPECT_TRUE(ended_as(record, lost, Outcome::lost));
  EXPECT_EQ(latency_of(record, next), kMs * 19);
  EXPECT_EQ(latency_of(record, last), kMs * 27);
  EXPECT_EQ(record.services[tasks.poller].restarts, 1u);
}

// Nobody restarts what cron has started.
TEST(Poller, OfCronWaitsForTheNextTime) {
  Tasks tasks({.takes = Takes::gated, .every = kMs * 60, .boot = CpuTime(5'000'000)});
  tasks.add(1, {wait_step(kMs * 2), crash_step(1)});
  const ClassId next = tasks.at(1, 10);
  EXPECT_EQ(latency_of(tasks.run(), next), kMs * 74);  // 60 and 5 and 10, less 1
}

// Free tasks are done one by one, however many there are.
TEST(Poller, EmptiesALongQueueAtOnce) {
  BlueprintBuilder builder(16);
  const ServiceId poller = builder.poller({.takes = Takes::exhaustive, .pause = of_ms(10)});
  builder.source(ScheduledSource{Instant() + kMs, std::nullopt},
                 {builder.request_class(poller, {wait_step(Duration(0))})}, 10'000u);
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(count_of(record, Outcome::completed), 10'000u);
  EXPECT_EQ(record.classes[ClassId(0)].latency.max(), kMs * 9);
}

// Whoever waits for the result waits for the poll, too.
TEST(Poller, AnswersCalls) {
  BlueprintBuilder builder(16);
  const ServiceId web = builder.service();
  const ServiceId poller = builder.poller({.pause = of_ms(10)});
  const std::uint32_t render = builder.operation(poller, {wait_step(kMs * 4)});
  const ClassId page =
      builder.request(Instant() + kMs, web, {builder.call_step({{.operation = render}})});
  EXPECT_EQ(latency_of(run_to(builder.build(), seconds(1)), page), kMs * 13);
}

}  // namespace
}  // namespace cotenant

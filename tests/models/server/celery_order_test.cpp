// SPDX-License-Identifier: Apache-2.0
//
// Which task of a Celery is next and how often it is done: priorities, expiry, and messages that
// are delivered again because nobody has acknowledged them in time. Instants are worked out by
// hand; every process has a core to itself.
#include <gtest/gtest.h>

#include <vector>

#include "models/server/celery.h"
#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

// Tasks of nobody: a class for each. They take 10 ms unless said otherwise.
struct Tasks {
  explicit Tasks(const CeleryOptions& options) : builder(16), celery(builder.celery(options)) {}

  ClassId at(std::int64_t ms, std::int64_t takes = 10) {
    return builder.request(at_ms(ms), celery, {wait_step(kMs * takes)});
  }
  ClassId urgent_at(std::int64_t ms) {
    const ClassId id = at(ms);
    builder.task(id).urgency = 1;
    return id;
  }
  ClassId expiring_at(std::int64_t ms, std::int64_t expires) {
    const ClassId id = at(ms);
    builder.task(id).expires = Sampler(law::Constant{static_cast<double>(expires) * 1e6});
    return id;
  }
  RunRecord run() const { return run_to(builder.build(), seconds(100)); }

  BlueprintBuilder builder;
  ServiceId celery;
};

std::vector<std::int64_t> latencies(const RunRecord& record, const std::vector<ClassId>& ids) {
  std::vector<std::int64_t> result;
  for (const ClassId id : ids) result.push_back(latency_of(record, id).count() / kMs.count());
  return result;
}

CeleryOptions nothing_ahead() { return {.prefetch_multiplier = 1, .acks_late = true}; }

// --- Priorities

// Two in time order, and two that come later and overtake the second.
std::vector<std::int64_t> overtaking(CeleryOptions options) {
  options.urgencies = 2;
  Tasks tasks(options);
  const std::vector<ClassId> ids = {tasks.at(0), tasks.at(1), tasks.urgent_at(2),
                                    tasks.urgent_at(3)};
  return latencies(tasks.run(), ids);
}

TEST(Priority, IsKeptByTheBroker) {
  EXPECT_EQ(overtaking(nothing_ahead()), (std::vector<std::int64_t>{10, 39, 18, 27}));
}

// All of them have been reserved when the first is done.
TEST(Priority, MeansNothingToWhatIsReserved) {
  EXPECT_EQ(overtaking({}), (std::vector<std::int64_t>{10, 19, 28, 37}));
}

// --- Expiry

// At the very instant it is not late.
TEST(Expiry, DiscardsWhatWouldBeginLate) {
  Tasks tasks(nothing_ahead());
  tasks.at(0);
  const ClassId late = tasks.expiring_at(0, 9), in_time = tasks.expiring_at(0, 10);
  const RunRecord record = tasks.run();
  EXPECT_TRUE(ended_as(record, late, Outcome::expired));
  EXPECT_EQ(latency_of(record, in_time), kMs * 20);
  EXPECT_EQ(record.services[tasks.celery].served, 2u);
}

// Ten thousand at once, by a process that would be replaced after two.
TEST(Expiry, CostsNothing) {
  Tasks tasks({.max_tasks_per_child = 2, .boot = CpuTime(5'000'000)});
  tasks.at(0);
  const ClassId stale = tasks.builder.request_class(tasks.celery, {wait_step(kMs)});
  tasks.builder.task(stale).expires = Sampler(law::Constant{5e6});
  tasks.builder.source(ScheduledSource{at_ms(1), std::nullopt}, {stale}, 10'000u);
  const ClassId next = tasks.at(2);
  const RunRecord record = tasks.run();
  EXPECT_EQ(count_of(record, Outcome::expired), 10'000u);
  EXPECT_EQ(latency_of(record, next), kMs * 18);
  EXPECT_EQ(record.services[tasks.celery].restarts, 1u);
}

// TaskRevokedError.
TEST(Expiry, FailsWhoWaitsForTheResult) {
  Tasks tasks(nothing_ahead());
  tasks.at(0);
  const ServiceId web = tasks.builder.service();
  const std::uint32_t operation = tasks.builder.operation(tasks.celery, {wait_step(kMs)});
  tasks.builder.task_of(operation).expires = Sampler(law::Constant{3e6});
  const ClassId page =
      tasks.builder.request(at_ms(1), web, {tasks.builder.call_step({{.operation = operation}})});
  EXPECT_TRUE(ended_as(tasks.run(), page, Outcome::error_500));
}

// It fails at 10 ms and is sent again at 20 ms: the message is 15 ms old at most.
TEST(Expiry, CountsFromTheFirstAttempt) {
  Tasks tasks(nothing_ahead());
  const ServiceId web = tasks.builder.service();
  const std::uint32_t fails =
      tasks.builder.operation(tasks.celery, {wait_step(kMs * 10), error_step(1)});
  tasks.builder.task_of(fails).expires = Sampler(law::Constant{15e6});
  tasks.builder.request(
      Instant(), web,
      {tasks.builder.send_step({.operation = fails, .retries = retries_after(kMs * 10, 5)})});
  const OperationRecord record = tasks.run().operations[0];
  const auto count = [&](Outcome outcome) {
    return record.calls.attempts[static_cast<std::size_t>(outcome)];
  };
  EXPECT_EQ(count(Outcome::error_500), 1u);
  EXPECT_GE(count(Outcome::expired), 1u);
}

// --- Delivered again

// At 30 ms the other process begins it, too; the first one is done at 50 ms, and with its
// acknowledgement nothing is delivered a third time.
TEST(VisibilityTimeout, HasALongTaskDoneTwice) {
  CeleryOptions options = nothing_ahead();
  options.concurrency = 2;
  options.visibility_timeout = kMs * 30;
  Tasks tasks(options);
  const ClassId slow = tasks.at(0, 50);
  const RunRecord record = tasks.run();
  EXPECT_EQ(latency_of(record, slow), kMs * 50);
  EXPECT_EQ(record.services[tasks.celery].redelivered, 1u);
  EXPECT_EQ(record.services[tasks.celery].served, 2u);
}

// The third task is reserved behind the first, which takes long. 20 ms later the other worker gets
// it as well, and with its result the sender has his: 30 ms after he sent it. The first worker does
// it all the same.
TEST(VisibilityTimeout, FreesWhatIsReservedBehindALongTask) {
  Tasks tasks({.instances = 2, .visibility_timeout = kMs * 20});
  tasks.at(0, 100);
  tasks.at(1);
  const ClassId third = tasks.at(1);
  const RunRecord record = tasks.run();
  EXPECT_EQ(latency_of(record, third), kMs * 30);
  EXPECT_EQ(record.services[tasks.celery].served, 4u);
}

// Both workers are busy until 100 ms. By then there are a task of 10 ms and four copies of it, two
// or three with each worker; the first two are done at the same instant, and the sender hears of it
// once.
TEST(VisibilityTimeout, IsAnsweredOnce) {
  for (const bool computes : {false, true}) {
    Tasks tasks({.instances = 2, .prefetch_multiplier = 2, .visibility_timeout = kMs * 20});
    tasks.at(0, 100);
    tasks.at(0, 100);
    const StepSpec step = computes ? cpu_step(kMs * 10) : wait_step(kMs * 10);
    const ClassId id = tasks.builder.request(at_ms(1), tasks.celery, {step});
    const RunRecord record = tasks.run();
    EXPECT_EQ(latency_of(record, id), kMs * 109);
    EXPECT_EQ(count_of(record, Outcome::completed), 3u);
    EXPECT_EQ(record.services[tasks.celery].redelivered, 4u);
    EXPECT_EQ(record.services[tasks.celery].served, 7u);
  }
}

}  // namespace
}  // namespace cotenant

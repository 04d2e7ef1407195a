// SPDX-License-Identifier: Apache-2.0
//
// Garbage collections in servers: who waits for them. A request that makes a hundred thousand
// objects has some of them collected, and nobody else in its process does anything meanwhile.
#include <gtest/gtest.h>

#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

CollectorSpec collector() {
  CollectorSpec spec;
  spec.objects = 1'000'000;
  spec.per_request = 1'000'000;
  return spec;
}

// What the first request of a process waits for.
Duration pause() {
  const CollectorSpec spec = collector();
  return Duration(Heap(spec).make().count());
}

StepSpec objects_step() { return {StepSpec::Kind::objects, {}}; }

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }
Duration took(const RunRecord& record, std::uint64_t ordinal) {
  const LoggedRequest& logged = request(record, ordinal);
  return logged.end - logged.arrival;
}
// By all requests together.
Duration spent(const RunRecord& record, WaitState state) {
  return record.attribution.total().times[static_cast<std::size_t>(state)];
}

// All processes of all services have objects.
RunRecord run_with_heaps(const BlueprintBuilder& builder) {
  Blueprint blueprint = builder.build();
  for (WorkerSpec& worker : blueprint.workers) {
    worker.heap = blueprint.heaps.push_back(collector());
  }
  for (ProcessSpec& process : blueprint.processes) {
    process.heap = blueprint.heaps.push_back(collector());
  }
  return logged(blueprint, seconds(10));
}

// A large one, and a small one that comes a millisecond after the large one.
void add_requests(BlueprintBuilder& builder, ServiceId service) {
  builder.request(at_ms(0), service, {objects_step(), cpu_step(kMs * 2)});
  builder.request(at_ms(1), service, {cpu_step(kMs)});
}

TEST(Garbage, OfASyncWorkerIsCollectedForItsRequest) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.service();
  add_requests(builder, service);
  const RunRecord record = run_with_heaps(builder);
  EXPECT_GT(pause(), kMs * 86);
  EXPECT_EQ(took(record, 0), pause() + kMs * 2);
  EXPECT_EQ(spent(record, WaitState::gc), pause());
  EXPECT_EQ(spent(record, WaitState::cpu), kMs * 3);
  EXPECT_EQ(spent(record, WaitState::accept_queue), pause() + kMs);
}

TEST(Garbage, OfAnEventLoopKeepsAllItsRequests) {
  BlueprintBuilder builder(2);
  LoopOptions options;
  options.gil = std::nullopt;
  add_requests(builder, builder.event_loop(options));
  const RunRecord record = run_with_heaps(builder);
  EXPECT_EQ(spent(record, WaitState::gc), pause());
  EXPECT_EQ(took(record, 1), pause() + kMs * 2);
}

// The thread that accepts asks for the lock after 5 ms, as always, and gets it when all is
// collected.
TEST(Garbage, OfThreadsIsCollectedWithTheLock) {
  BlueprintBuilder builder(2);
  add_requests(builder, builder.gthread());
  const RunRecord record = run_with_heaps(builder);
  EXPECT_GE(spent(record, WaitState::gc), pause());
  EXPECT_GE(took(record, 1), pause());
  EXPECT_LT(took(record, 1), pause() + kMs * 3);
}

TEST(Garbage, OfACeleryIsCollectedForItsTask) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.celery();
  builder.request(at_ms(0), service, {objects_step(), cpu_step(kMs * 2)});
  const RunRecord record = run_with_heaps(builder);
  EXPECT_EQ(spent(record, WaitState::gc), pause());
}

// A process that is replaced begins with a young heap: the same request has the same pause, instead
// of one that has to look at what the first one left, too.
TEST(Garbage, IsGoneWithItsProcess) {
  BlueprintBuilder builder(2);
  ServiceOptions options;
  options.arbiter.max_requests = 1;
  const ServiceId service = builder.service(options);
  builder.request(at_ms(0), service, {objects_step(), cpu_step(kMs)});
  builder.request(at_ms(5000), service, {objects_step(), cpu_step(kMs)});
  const RunRecord record = run_with_heaps(builder);
  EXPECT_EQ(spent(record, WaitState::gc), pause() * 2);
}

}  // namespace
}  // namespace cotenant

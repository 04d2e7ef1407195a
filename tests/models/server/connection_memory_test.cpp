// SPDX-License-Identifier: Apache-2.0
//
// Memory of what is not a request of Python: connections that servers hold, whatever comes over
// them, backends of a PostgreSQL, data of a Redis, and neighbors.
#include <gtest/gtest.h>

#include "tests/models/server/memory_parts.h"
#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }
const MemoryRecord& memory_of(const RunRecord& record) {
  return record.machines[kHardware].memory[kRootGroup];
}
Int128 mib_ms(std::int64_t product) { return Int128{product * kMib} * kMs.count(); }

ProcessMemorySpec occupies_for_connections(std::int64_t base, std::int64_t each,
                                           std::int64_t socket) {
  ProcessMemorySpec spec = occupies(base);
  spec.per_connection = Bytes(each * kMib);
  spec.per_socket = Bytes(socket * kMib);
  return spec;
}

// Requests of 100 ms over two connections that are kept for 200 ms more: 10 MiB all the time, and
// 3 MiB for each connection, for 300 ms.
void expect_kept(BlueprintBuilder& builder, ServiceId service) {
  builder.keep_connections(10);
  builder.memory(service, occupies_for_connections(10, 2, 1));
  builder.request(at_ms(0), service, {wait_step(kMs * 100)});
  builder.request(at_ms(0), service, {wait_step(kMs * 100)});
  const RunRecord record = logged(builder.build(), seconds(1));
  EXPECT_EQ(memory_of(record).peak, Bytes(16 * kMib));
  EXPECT_EQ(memory_of(record).sum, mib_ms(10 * 1000 + 2 * 3 * 300));
}

TEST(MemoryOfConnections, LastsAsLongAsALoopKeepsThem) {
  BlueprintBuilder builder;
  expect_kept(builder, builder.event_loop(
                           {.gil = std::nullopt, .keep_alive = KeepAliveSpec{kMs * 200, 1000}}));
}

// The main thread looks for those to close once a second, so that they stay for 1000 ms.
TEST(MemoryOfConnections, LastsAsLongAsGthreadKeepsThem) {
  BlueprintBuilder builder;
  const ServiceId service =
      builder.gthread({.gil = std::nullopt, .keep_alive = KeepAliveSpec{kMs * 200, 1000}});
  builder.keep_connections(10);
  builder.memory(service, occupies_for_connections(10, 2, 1));
  builder.request(at_ms(0), service, {wait_step(kMs * 100)});
  const RunRecord record = logged(builder.build(), seconds(3));
  EXPECT_EQ(memory_of(record).peak, Bytes(13 * kMib));
  EXPECT_EQ(memory_of(record).sum, mib_ms(10 * 3000 + 3 * 1000));
}

// Without keep-alive they are there with their requests: of threads that accept for themselves,
// too.
TEST(MemoryOfConnections, EndsWithTheReplyWhereNobodyKeepsThem) {
  BlueprintBuilder builder;
  const ServiceId service = builder.leader_followers();
  builder.memory(service, occupies_for_connections(10, 2, 1));
  builder.request(at_ms(0), service, {wait_step(kMs * 100)});
  const RunRecord record = logged(builder.build(), seconds(1));
  EXPECT_EQ(memory_of(record).sum, mib_ms(10 * 1000 + 3 * 100));
}

// 10 MiB and 3 for each connection: of 40 MiB there is room for ten. Of the eleventh the kernel's
// part is charged all the same; the other one kills the process. All eleven requests are lost, and
// the next process has none of them.
TEST(MemoryOfConnections, MayKillTheProcess) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.event_loop({.gil = std::nullopt, .arbiter = arbiter()});
  builder.memory(service, occupies_for_connections(10, 2, 1));
  builder.memory_limit(Bytes(40 * kMib));
  for (int i = 0; i < 11; ++i) {
    builder.request(at_ms(10 * i), service, {wait_step(seconds(10))});
  }
  builder.request(at_ms(500), service, {wait_step(kMs * 100)});
  const RunRecord record = logged(builder.build(), seconds(1));
  EXPECT_EQ(count_of(record, Outcome::oom_killed), 11u);
  EXPECT_EQ(count_of(record, Outcome::completed), 1u);
  EXPECT_EQ(record.first_oom_kill->at, at_ms(100));
  EXPECT_EQ(memory_of(record).peak, Bytes(41 * kMib));
}

// A backend for each call, since nobody keeps connections: 5 MiB for the 100 ms of the query and
// 8 MiB that it sorts in.
TEST(MemoryOfBackends, IsThereAsLongAsTheirConnection) {
  BlueprintBuilder builder(2);
  const ServiceId web = builder.service();
  const ServiceId database = builder.postgres();
  builder.memory(database, occupies(5));
  const std::uint32_t query = builder.operation(database, {holds(8), wait_step(kMs * 100)});
  builder.request(at_ms(0), web, {builder.call_step({{.operation = query}})});
  const RunRecord record = logged(builder.build(), seconds(1));
  EXPECT_EQ(memory_of(record).peak, Bytes(13 * kMib));
  EXPECT_EQ(memory_of(record).sum, mib_ms(13 * 100));
}

// What neighbors hold counts as long as the run lasts, and leaves so much less to others: 30 of 50.
TEST(MemoryOfNeighbors, IsNotThereForOthers) {
  BlueprintBuilder builder;
  ServiceOptions options;
  options.arbiter = arbiter();
  const ServiceId service = builder.service(options);
  builder.memory(service, occupies(10));
  builder.memory_limit(Bytes(50 * kMib));
  builder.request(at_ms(0), service, {holds(9), wait_step(kMs * 100)});
  builder.request(at_ms(200), service, {holds(11), wait_step(kMs * 100)});
  Blueprint blueprint = builder.build();
  blueprint.memory.holdings.push_back({kHardware, kRootGroup, Bytes(30 * kMib)});
  const RunRecord record = logged(blueprint, seconds(1));
  EXPECT_EQ(request(record, 0).outcome, Outcome::completed);
  EXPECT_EQ(request(record, 1).outcome, Outcome::oom_killed);
}

}  // namespace
}  // namespace cotenant

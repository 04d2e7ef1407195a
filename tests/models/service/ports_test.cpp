// SPDX-License-Identifier: Apache-2.0
//
// Local ports of calls: who takes one, who closes first, and for how long the port is gone then.
// Two ports, unless said otherwise; calls take no time but what their steps say.
#include "models/service/ports.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr std::uint32_t kCores = 8;

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

// Requests at these times, each of which makes one call.
struct Calls {
  explicit Calls(std::uint32_t ports, TimeWaitReuse reuse = TimeWaitReuse::never)
      : builder(kCores) {
    builder.local_ports(ports, reuse);
    web = builder.service({.workers = 4});
  }
  // The caller fails with its call.
  std::vector<bool> succeed(std::uint32_t operation, const std::vector<std::int64_t>& times_ms,
                            CallOptions options = {}) {
    options.operation = operation;
    std::vector<ClassId> ids;
    for (const std::int64_t ms : times_ms) {
      ids.push_back(builder.request(at_ms(ms), web, {builder.call_step({options})}));
    }
    record.emplace(run_to(builder.build(), milliseconds(times_ms.back()) + seconds(3)));
    std::vector<bool> good;
    for (const ClassId id : ids) good.push_back(ended_as(*record, id, Outcome::completed));
    return good;
  }
  std::uint64_t refused() const {
    return record->operations[0].calls.outcomes[static_cast<std::size_t>(Outcome::refused)];
  }

  BlueprintBuilder builder;
  ServiceId web;
  std::optional<RunRecord> record;
};

using Expected = std::vector<bool>;

// Two calls of 1 ms, closed by who called at 1 and at 11 ms: their ports are back a minute later,
// to the nanosecond.
TEST(Ports, AreGoneForAMinuteOnceTheCallerHasClosed) {
  Calls calls(2);
  const auto ask = calls.builder.operation(calls.builder.service(), {cpu_step(kMs)});
  EXPECT_EQ(calls.succeed(ask, {0, 10, 20, 60'000, 60'001, 60'010, 60'011}),
            (Expected{true, true, false, false, true, false, true}));
  EXPECT_EQ(calls.refused(), 3u);
}

TEST(Ports, AreReusedAfterASecondWhereTheKernelMay) {
  const std::vector<std::int64_t> times = {0, 10, 999, 1001};
  for (const auto reuse : {TimeWaitReuse::never, TimeWaitReuse::always, TimeWaitReuse::loopback}) {
    for (const bool is_here : {true, false}) {
      Calls calls(1, reuse);
      const MachineId there = is_here ? kHardware : calls.builder.guest(1);
      const ServiceId service = calls.builder.service({.machine = there});
      const auto ask = calls.builder.operation(service, {wait_step(kMs)});
      const bool reuses =
          reuse == TimeWaitReuse::always || (reuse == TimeWaitReuse::loopback && is_here);
      EXPECT_EQ(calls.succeed(ask, times), (Expected{true, false, false, reuses}));
    }
  }
}

// Connections in use need one each; there is a count for each service.
TEST(Ports, AreCountedForEachAddress) {
  BlueprintBuilder builder(kCores);
  builder.local_ports(1);
  const ServiceId web = builder.service({.workers = 4});
  const auto one = builder.operation(builder.external(), {wait_step(kMs * 10)});
  const auto other = builder.operation(builder.external(), {wait_step(kMs * 10)});
  const ClassId first = builder.request(at_ms(0), web, {builder.call_step({{.operation = one}})});
  const ClassId second = builder.request(at_ms(1), web, {builder.call_step({{.operation = one}})});
  const ClassId third = builder.request(at_ms(2), web, {builder.call_step({{.operation = other}})});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_TRUE(ended_as(record, first, Outcome::completed));
  EXPECT_TRUE(ended_as(record, second, Outcome::error_500));
  EXPECT_TRUE(ended_as(record, third, Outcome::completed));
}

// Each machine has ports of its own.
TEST(Ports, AreThoseOfTheMachineThatConnects) {
  BlueprintBuilder builder(kCores);
  builder.local_ports(1);
  const MachineId guest = builder.guest(1);
  const ServiceId here = builder.service();
  const ServiceId there = builder.service({.machine = guest});
  const auto ask = builder.operation(builder.external(), {wait_step(kMs * 10)});
  const ClassId first = builder.request(at_ms(0), here, {builder.call_step({{.operation = ask}})});
  const ClassId second =
      builder.request(at_ms(1), there, {builder.call_step({{.operation = ask}})});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_TRUE(ended_as(record, first, Outcome::completed));
  EXPECT_TRUE(ended_as(record, second, Outcome::completed));
}

// Whose connection the server has closed first, by dying, may use the port again at once; who gives
// up first may not.
TEST(Ports, AreFreeAtOnceWhenTheServerClosesFirst) {
  Calls crashing(1);
  const ServiceId loop = crashing.builder.event_loop({.gil = std::nullopt});
  const auto crash = crashing.builder.operation(loop, {wait_step(kMs), crash_step(1)});
  crashing.succeed(crash, {0, 500, 1000});
  EXPECT_EQ(crashing.refused(), 0u);

  Calls impatient(1);
  const auto slow = impatient.builder.operation(impatient.builder.service(), {wait_step(kMs * 9)});
  impatient.succeed(slow, {0, 500, 1000}, {.timeout = kMs * 5});
  EXPECT_EQ(impatient.refused(), 2u);
}

// It has sent SYNs only.
TEST(Ports, AreFreeAtOnceWhereThereWasNoConnection) {
  Calls calls(1);
  const ServiceId full = calls.builder.service({.accept_queue_capacity = 0});
  const auto ask = calls.builder.operation(full, {wait_step(kMs)});
  calls.succeed(ask, {0, 500, 1000}, {.timeout = kMs * 100});
  EXPECT_EQ(calls.refused(), 0u);
}

// --- Databases

// A connection for each call, or one that is kept.
TEST(Ports, AreNeededForNewConnectionsToADatabase) {
  for (const bool pooled : {false, true}) {
    Calls calls(1);
    const ServiceId database = calls.builder.postgres();
    const auto read = calls.builder.operation(database, {wait_step(kMs)});
    if (pooled) calls.builder.pools(calls.web, database, {.size = 1, .overflow = 0});
    EXPECT_EQ(calls.succeed(read, {0, 10, 20}).front(), true);
    EXPECT_EQ(calls.refused(), 2u);  // in a pool by the other processes, which have none
  }
}

// The pool of one process closes what it does not keep.
TEST(Ports, AreThoseOfThePoolThatCloses) {
  for (const bool keeps : {true, false}) {
    BlueprintBuilder builder(kCores);
    builder.local_ports(3, TimeWaitReuse::never);
    const ServiceId web = builder.gthread({.threads = 4, .gil = std::nullopt});
    const ServiceId database = builder.postgres();
    const auto read = builder.operation(database, {wait_step(kMs * 5)});
    const std::uint32_t size = keeps ? 2 : 1;
    builder.pools(web, database, {.size = size, .overflow = 2 - size});
    std::vector<ClassId> ids;
    for (const std::int64_t ms : {0, 1, 100, 101, 200, 201}) {
      ids.push_back(builder.request(at_ms(ms), web, {builder.call_step({{.operation = read}})}));
    }
    const RunRecord record = run_to(builder.build(), seconds(1));
    // Each pair needs another connection, and another port: two are in use or lost, then three.
    EXPECT_EQ(count_of(record, Outcome::completed), keeps ? 6u : 5u);
  }
}

// A pgbouncer turns down who comes when it is full, and that port is free.
TEST(Ports, AreThoseOfConnectionsToAPgbouncer) {
  Calls calls(2);
  const ServiceId database = calls.builder.postgres({.bouncer_size = 1, .bouncer_clients = 1});
  const auto read = calls.builder.operation(database, {wait_step(kMs * 5)});
  EXPECT_EQ(calls.succeed(read, {0, 1, 2, 10, 20}), (Expected{true, false, false, true, false}));
}

}  // namespace
}  // namespace cotenant

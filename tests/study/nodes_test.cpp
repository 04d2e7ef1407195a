// SPDX-License-Identifier: Apache-2.0
//
// Services on several computers: what the network between them costs, and whose CPU is whose. The
// application computes 1 ms, what it calls 2 ms, and a round trip takes 10 ms.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

const std::string kWeb = R"("web": {"server": "gunicorn-sync", "workers": 4, "overhead": "none")";
const std::string kGet = R"("operations": {"get": {"steps": [{"cpu": "2ms"}]}})";
const std::string kRedis = R"("store": {"server": "redis", )" + kGet + "}";
const std::string kPostgres = R"("store": {"server": "postgres", "connect": "0s",
    "max_connections": 2, "superuser_reserved_connections": 0, )" +
                              kGet + "}";
const std::string kHttp =
    R"("store": {"server": "gunicorn-sync", "workers": 4, "overhead": "none", )" + kGet + "}";
const std::string kApart = R"("nodes": {"apart": {"machine": {"cores": 1, "scheduler": "fifo"}}},
    "services": {"store": {"node": "apart"}}, "network_rtt": "10ms")";

struct Case {
  std::string store;
  std::string setup = kApart;
  std::string web = "}";  // the rest of it
  std::string requests = R"("page": {"steps": [{"cpu": "1ms"}, {"call": "store.get"}]})";
  std::string every = "200ms";
  int horizon_ms = 1100;
};

RunRecord record_of(const Case& test) {
  const std::string text =
      R"({"format": 1, "name": "nodes", "workload": {"arrivals": {"kind": "schedule", "every": ")" +
      test.every + R"("}, "requests": {)" + test.requests + R"(}},
      "application": {)" +
      kWeb + test.web + ", " + test.store + R"(},
      "setups": {"one": {"machine": {"cores": 1, "scheduler": "fifo"})" +
      (test.setup.empty() ? "" : ", " + test.setup) + "}}}";
  return run_text(text, milliseconds(test.horizon_ms));
}

std::vector<std::int64_t> latencies_ms(const Case& test) {
  std::vector<std::int64_t> latencies;
  for (const LoggedRequest& request : record_of(test).requests) {
    latencies.push_back((request.end - request.arrival).count() / 1'000'000);
  }
  return latencies;
}

TEST(Nodes, OnOneComputerThereIsNoNetwork) {
  for (const std::string& store : {kRedis, kPostgres, kHttp}) {
    const std::vector<std::int64_t> latencies = latencies_ms({.store = store, .setup = ""});
    ASSERT_FALSE(latencies.empty());
    for (const std::int64_t latency : latencies) EXPECT_EQ(latency, 3) << store;
  }
}

// Its connections are open all the time.
TEST(Nodes, ACommandOfRedisIsOneRoundTrip) {
  for (const std::int64_t latency : latencies_ms({.store = kRedis})) EXPECT_EQ(latency, 3 + 10);
}

TEST(Nodes, ANewConnectionIsOneMore) {
  for (const std::int64_t latency : latencies_ms({.store = kHttp})) EXPECT_EQ(latency, 3 + 20);
}

// TCP, the start-up and two messages of SCRAM; then the query.
TEST(Nodes, ADatabaseAsksForThePasswordFirst) {
  for (const std::int64_t latency : latencies_ms({.store = kPostgres})) EXPECT_EQ(latency, 3 + 50);
  const std::vector<std::int64_t> pooled =
      latencies_ms({.store = kPostgres, .web = R"(, "pools": {"store": {}}})"});
  ASSERT_GT(pooled.size(), 2U);
  // Each of the workers has a pool of its own, and the last one that was idle is the first to work.
  EXPECT_EQ(pooled.front(), 3 + 50);
  EXPECT_EQ(pooled.back(), 3 + 10);
}

TEST(Nodes, TheTimeOnTheNetworkIsInAStateOfItsOwn) {
  const RunRecord record = record_of({.store = kRedis});
  const OperationRecord& get = record.operations.front();
  const auto calls = static_cast<std::int64_t>(get.calls.latency.count());
  ASSERT_GT(calls, 0);
  EXPECT_EQ(get.times[static_cast<std::size_t>(WaitState::network)], milliseconds(10) * calls);
}

// A query that is given up before it is there has taken no backend, and its connection is closed.
TEST(Nodes, ACallThatIsGivenUpOnTheWayLeavesNothingBehind) {
  const std::string hasty = R"("hasty": {"arrivals": {"kind": "schedule", "every": "200ms",
      "first": "100ms"}, "steps": [{"call": "store.get", "timeout": "5ms"}]})";
  const RunRecord record =
      record_of({.store = kPostgres,
                 .web = R"(, "pools": {"store": {}}})",
                 .requests = R"("page": {"steps": [{"call": "store.get"}]}, )" + hasty,
                 .horizon_ms = 5050});
  const OperationRecord& get = record.operations.front();
  EXPECT_EQ(get.calls.outcomes[static_cast<std::size_t>(Outcome::timed_out)], 25U);
  EXPECT_EQ(get.calls.outcomes[static_cast<std::size_t>(Outcome::completed)], 26U);
  EXPECT_EQ(get.calls.outcomes[static_cast<std::size_t>(Outcome::refused)], 0U);
}

// A request every 16 ms, of 6 + 12 ms: on one core they pile up.
TEST(Nodes, WhatIsElsewhereTakesNoCpuHere) {
  const std::string store =
      R"("store": {"server": "redis", "operations": {"get": {"steps": [{"cpu": "12ms"}]}}})";
  const std::string page = R"("page": {"steps": [{"cpu": "6ms"}, {"call": "store.get"}]})";
  const auto longest = [&](const std::string& setup) {
    const std::vector<std::int64_t> latencies =
        latencies_ms({.store = store, .setup = setup, .requests = page, .every = "16ms"});
    return *std::max_element(latencies.begin(), latencies.end());
  };
  EXPECT_GT(longest(""), 100);
  EXPECT_EQ(longest(kApart), 18 + 10);
}

// So many requests that they queue, for a core and for a worker.
Case crowd(const std::string& setup) {
  return {
      .store =
          R"("api": {"server": "external", "operations": {"ask": {"steps": [{"wait": "1ms"}]}}})",
      .setup = setup,
      .requests = R"("page": {"steps": [{"cpu": "7ms"}, {"wait": "20ms"}]})",
      .every = "6ms"};
}

// Behind a load balancer without a network between them, one replica is what it is without.
TEST(Replicas, OneOfThemIsTheComputerItself) {
  const std::vector<std::int64_t> alone = latencies_ms(crowd(""));
  EXPECT_EQ(alone, latencies_ms(crowd(R"("balancer": {"keep_alive": 0}, "network_rtt": "0s")")));
  EXPECT_EQ(alone, latencies_ms(crowd(R"("balancer": {}, "network_rtt": "0s")")));
}

// What waits for a worker of the server behind it does not wait for "another service".
TEST(Replicas, HoldRequestsUpAsTheComputerItselfDoes) {
  const RunRecord alone = record_of(crowd(""));
  const RunRecord balanced = record_of(crowd(R"("balancer": {}, "network_rtt": "0s")"));
  EXPECT_GT(alone.attribution.total().times[static_cast<std::size_t>(WaitState::accept_queue)],
            milliseconds(100));
  EXPECT_EQ(alone.attribution.total().times, balanced.attribution.total().times);
}

// Some give up at the server behind it, some on their way there.
TEST(Replicas, AreWhereRequestsWereThatNobodyWaitedFor) {
  const auto held_up = [](const std::string& setup) {
    Case test = crowd(setup);
    test.requests += R"(}, "clients": {"timeout": "60ms")";
    return record_of(test).failures.times();
  };
  EXPECT_EQ(held_up(""), held_up(R"("balancer": {}, "network_rtt": "0s")"));
}

}  // namespace
}  // namespace cotenant

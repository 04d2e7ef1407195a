// SPDX-License-Identifier: Apache-2.0
//
// Memory of servers that run no Python and of neighbors, from the text of a scenario on: what they
// take is not there for the application. What becomes of databases that are killed for it is in
// database_outage_test.cpp.
#include <gtest/gtest.h>

#include <string>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

constexpr std::int64_t kMib = 1 << 20;
constexpr Duration kSecond = seconds(1);

// Nothing of it takes CPU. The machine has 100 MiB, of which a neighbor holds ten.
RunRecord run_of(const std::string& arrivals, const std::string& steps,
                 const std::string& application, Duration horizon = kSecond * 10,
                 const std::string& services = "") {
  const std::string text =
      R"({"format": 1, "name": "memory of servers", "workload": {
          "clients": {"keep_alive": {"connections": 100}}, "requests": {
          "page": {"service": ")" +
      std::string(application.find("nginx") != std::string::npos ? "front" : "web") +
      R"(", "arrivals": {)" + arrivals + R"(}, "steps": [)" + steps + R"(]}}},
      "application": {)" +
      application + R"(}, "setups": {"one": {
          "machine": {"cores": 2, "scheduler": "fluid", "memory": "100MiB"},
          "services": {)" +
      services + R"(},
          "neighbors": {"other": {"pattern": {"bursts": [["1h", "1ms"]]}, "memory": "10MiB"}}}}})";
  return run_text(text, horizon);
}

const MemoryRecord& memory_of(const RunRecord& record) {
  return record.machines[kHardware].memory[kRootGroup];
}

constexpr const char* kCacheIsImmune = R"("cache": {"oom_score_adj": -1000})";

constexpr const char* kWeb = R"("web": {"server": "gunicorn-sync", "workers": 1, "overhead": "none",
    "memory": {"base": "20MiB"}})";

// 10 of the neighbor, 20 of a worker, 5 of the data: 65 are left, which are full with 65 commands
// that leave 1 MiB each. The 66th needs room: the kernel kills the worker, who has done nothing,
// and again as soon as there is a new one, which has no room.
TEST(MemoryOfARedis, GrowsAtTheExpenseOfOthers) {
  const std::string redis =
      R"(, "cache": {"server": "redis", "memory": {"base": "5MiB"},
          "operations": {"set": {"steps": [{"leak": "1MiB"}]}}})";
  const RunRecord record =
      run_of(R"("kind": "constant", "rate": "10/s")", R"({"call": "cache.set"})", kWeb + redis,
             kSecond * 10, kCacheIsImmune);
  ASSERT_TRUE(record.first_oom_kill);
  EXPECT_EQ(record.first_oom_kill->victim, ServiceId(0));
  EXPECT_NEAR(static_cast<double>((record.first_oom_kill->at - Instant()).count()) * 1e-9, 6.55,
              0.2);
  EXPECT_EQ(record.services[ServiceId(1)].oom_kills, 0u);
}

// Ten users keep a connection each: 10 of the neighbor, 20 of a worker, 2 x 3 of nginx's
// processes, 4 of its main process and 10 x 1.5 of connections.
TEST(MemoryOfNginx, IsOfItsProcessesAndOfTheirConnections) {
  const std::string nginx =
      R"(, "front": {"server": "nginx", "workers": 2, "upstream": {"web": {}}, "overhead": "none",
          "memory": {"base": "3MiB", "main": "4MiB", "per_connection": "1MiB",
                     "per_socket": "512KiB"}})";
  const RunRecord record = run_of(R"("kind": "schedule", "first": "1s", "batch": {"size": 10})",
                                  R"({"wait": "10ms"})", kWeb + nginx);
  EXPECT_EQ(memory_of(record).peak, Bytes(55 * kMib));
}

// What nobody may be killed for is taken above the limit, and the report says for how long: from
// the moment at which 10 + 5 + 85 MiB are there.
TEST(MemoryOfARedis, MayBeAboveALimit) {
  const std::string lone =
      R"("web": {"server": "gunicorn-sync", "workers": 1, "overhead": "none"},
         "cache": {"server": "redis", "memory": {"base": "5MiB"},
          "operations": {"set": {"steps": [{"leak": "20MiB"}]}}})";
  const RunRecord record = run_of(R"("kind": "schedule", "first": "1s", "every": "1s")",
                                  R"({"call": "cache.set"})", lone, kSecond * 10, kCacheIsImmune);
  EXPECT_EQ(memory_of(record).oom_kills, 0u);
  EXPECT_EQ(memory_of(record).above_limit, kSecond * 5);
}

}  // namespace
}  // namespace cotenant

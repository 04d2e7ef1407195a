// SPDX-License-Identifier: Apache-2.0
//
// Against the rows of validation/data/oracles.json, which come from elsewhere.
#include "validation/calibration/ps_inversion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <queue>
#include <string>

#include "tests/sim/stats/dice.h"

namespace cotenant {
namespace {

using nlohmann::json;

const json& row(const std::string& id) {
  static const json kOracles =
      json::parse(std::ifstream(COTENANT_SOURCE_DIR "/validation/data/oracles.json"));
  for (const json& found : kOracles.at("rows")) {
    if (found.at("id") == id) return found;
  }
  throw std::runtime_error("no oracle " + id);
}
double value(const std::string& id) { return row(id).at("value"); }

TEST(SharingFactor, IsThatOfTheOracles) {
  for (const std::string id : {"mgcps-2-R", "mgcps-4-R", "mgcps-8-R"}) {
    const json& p = row(id).at("params");
    const int cores = p.at("cores");
    EXPECT_NEAR(sharing_factor(cores, p.at("lambda").get<double>() / cores), value(id), 1e-9) << id;
    EXPECT_NEAR(demand_from_response(value(id) + 0.3, 0.3, p.at("lambda"), cores), 1, 1e-6) << id;
  }
  EXPECT_EQ(sharing_factor(3, 0), 1);
}

TEST(DemandFromResponse, IsZeroWhereAllTimeIsElsewhere) {
  EXPECT_EQ(demand_from_response(0.1, 0.2, 1, 1), 0);
}

// The mean response of an M/M/1 processor-sharing queue: what a job has got is the same for all
// that are there, so each leaves when that reaches its size beyond what it was on arrival.
double simulated_sharing_response(double utilization, int jobs) {
  Dice dice(12);
  std::priority_queue<std::pair<double, double>, std::vector<std::pair<double, double>>,
                      std::greater<>>
      present;  // what has been given to each by its end, arrival
  double now = 0, given = 0, sum = 0;
  for (int i = 0; i < jobs; ++i) {
    const double next = now + dice.exponential() / utilization;
    while (!present.empty()) {
      const double until = (present.top().first - given) * static_cast<double>(present.size());
      if (now + until > next) break;
      now += until;
      given = present.top().first;
      sum += now - present.top().second;
      present.pop();
    }
    if (!present.empty()) given += (next - now) / static_cast<double>(present.size());
    now = next;
    present.emplace(given + dice.exponential(), now);
  }
  return sum / jobs;
}

TEST(DemandFromResponse, IsTheDemandOfASharedCoreToTwoPercent) {
  const double response = simulated_sharing_response(0.5, 400'000);
  EXPECT_NEAR(response, 2, 0.04);
  EXPECT_NEAR(demand_from_response(response, 0, 0.5, 1), 1, 0.02);
}

TEST(QuotaResponse, IsThatOfTheOracles) {
  for (const std::string id :
       {"10-20-100", "50-20-100", "60-20-100", "200-40-100", "1000-400-1000"}) {
    const json& p = row("quota-" + id + "-mean").at("params");
    const QuotaResponse found = quota_response(p.at("cpu_ms"), p.at("quota_ms"), p.at("period_ms"));
    EXPECT_NEAR(found.mean, value("quota-" + id + "-mean"), 1e-9) << id;
    if (id == "10-20-100") continue;
    EXPECT_NEAR(found.longest, value("quota-" + id + "-max"), 1e-9) << id;
    EXPECT_NEAR(found.shortest, value("quota-" + id + "-min"), 1e-9) << id;
    EXPECT_NEAR(found.longest_probability, value("quota-" + id + "-Pmax"), 1e-9) << id;
    EXPECT_NEAR(cpu_from_quota_response(found.mean, p.at("quota_ms"), p.at("period_ms")),
                p.at("cpu_ms").get<double>(), 1e-6)
        << id;
  }
}

TEST(QuotaResponse, OfParallelThreadsIsThatOfAShareOfBoth) {
  EXPECT_NEAR(quota_response(80.0 / 4, 50.0 / 4, 100).mean, value("quota-par-4-80-50-100-mean"),
              1e-9);
}

TEST(PoolWaiting, IsThatOfTheOracles) {
  const PoolLoad loads[] = {
      {30, 4, 2, 0.02, 0.08}, {60, 16, 2, 0.02, 0.08}, {35, 4, 1, 0.01, 0.06}};
  const char* names[] = {"pool-a", "pool-b", "pool-c"};
  for (std::size_t i = 0; i < 3; ++i) {
    const PoolWaiting found = pool_waiting(loads[i]);
    const std::string name = names[i];
    EXPECT_TRUE(found.stable);
    EXPECT_NEAR(found.mean_response, value(name + "-R"), 1e-9) << name;
    EXPECT_NEAR(found.mean_wait, value(name + "-Wq"), 1e-9) << name;
    EXPECT_NEAR(found.all_busy, value(name + "-Pq"), 1e-9) << name;
  }
}

TEST(PoolWaiting, IsUnstableBeyondTheThroughputOfTheOracles) {
  const double most = value("pool-cap-4-2-08");
  EXPECT_TRUE(pool_waiting({0.999 * most, 4, 2, 0.02, 0.08}).stable);
  EXPECT_FALSE(pool_waiting({1.001 * most, 4, 2, 0.02, 0.08}).stable);
}

TEST(PoolWaiting, BearsManyWorkers) {
  const PoolWaiting found = pool_waiting({500, 64, 8, 0.01, 0.1});
  EXPECT_TRUE(found.stable);
  EXPECT_GT(found.all_busy, 0);
  EXPECT_LT(found.all_busy, 1);
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// What a light request suffers beside others in the same Python process, held against measurements
// of real servers on a machine with two cores (python-servers.md 8.7 and 2; single runs, of which
// the sheet says to take differences under 15 % as noise). Who sent the light requests, and how
// long it paused in between, is not in the sheet: 10 ms are assumed. Each band is stated beside the
// measured value; what is known to be off is said so.
#include <gtest/gtest.h>

#include <string>

#include "scenarios/decode.h"
#include "study/study.h"

namespace cotenant {
namespace {

struct Percentiles {
  double p50, p95;  // ms
};

double value_of(const Metrics& metrics, Metric metric) {
  const auto& value = metrics[static_cast<std::size_t>(metric)].value;
  EXPECT_TRUE(value.has_value()) << info(metric).key;
  return value.value_or(-1);
}

constexpr const char* kNobodyKeeps = "";
constexpr const char* kUsersKeep = R"(, "clients": {"keep_alive": {"connections": "per_user"}})";
constexpr const char* kOnlyUsersKeep = R"(, "clients": {"keep_alive": {"connections": 0}})";

// Of the first class of requests, on two cores.
Percentiles percentiles_of(const std::string& server, const std::string& requests,
                           const std::string& clients) {
  const std::string text = R"({"format": 1, "name": "interference", "workload": {"requests": {)" +
                           requests + "}" + clients + R"(},
      "application": {"web": )" +
                           server + R"(},
      "setups": {"two": {"machine": {"cores": 2}}},
      "study": {"duration": "60s", "warmup": "1s", "replications": 3}})";
  const Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  if (!scenario.ok()) return {};
  const Checked<Report> report = run_study(*scenario, ".", {});
  EXPECT_TRUE(report.ok());
  if (!report.ok()) return {};
  const SetupReport& setup = report->setups.at(0);
  // A report has no part for a class that is the only one.
  const Metrics& metrics = setup.classes.empty() ? setup.metrics : setup.classes.at(0).metrics;
  return {value_of(metrics, Metric::latency_p50) * 1e3,
          value_of(metrics, Metric::latency_p95) * 1e3};
}

// Of the class "light", beside a class of its own.
Percentiles light(const std::string& server, const std::string& light_handler,
                  const std::string& other, const std::string& clients = kNobodyKeeps) {
  const std::string requests =
      R"("light": {"arrivals": {"kind": "closed", "users": 1, "think": "10ms"})" + light_handler +
      R"(, "steps": [{"cpu": "100us"}]})" + other;
  return percentiles_of(server, requests, clients);
}

// Clients that send again 0.2 ms after each reply.
std::string busy(int users, const std::string& handler, const std::string& step) {
  return R"(, "busy": {"arrivals": {"kind": "closed", "users": )" + std::to_string(users) +
         R"(, "think": "200us"}, "handler": ")" + handler + R"(", "steps": [)" + step + "]}";
}

Percentiles in_loop(const std::string& light_handler, const std::string& other,
                    const std::string& clients = kNobodyKeeps) {
  return light(R"({"server": "uvicorn"})", R"(, "handler": ")" + light_handler + '"', other,
               clients);
}

void expect_within(double value, double low, double high) {
  EXPECT_GE(value, low);
  EXPECT_LE(value, high);
}

// Measured 0.5 and 0.6 ms, of either kind, with the client's share, which is about 0.1 ms.
TEST(Interference, IsNothingInALoopThatIsIdle) {
  for (const char* handler : {"async", "sync"}) {
    const Percentiles alone = in_loop(handler, "");
    expect_within(alone.p50, 0.3, 0.8);
    expect_within(alone.p95, 0.3, 0.8);
  }
}

// Measured 91/105 and 202/205 ms: the sync one waits for the loop a second time, for its result.
TEST(Interference, OfABlockingCallStopsTheLoop) {
  const std::string blocking = busy(1, "async", R"({"wait": "100ms", "blocking": true})");
  const Percentiles async = in_loop("async", blocking);
  expect_within(async.p50, 81, 101);
  expect_within(async.p95, 81, 115);
  const Percentiles sync = in_loop("sync", blocking);
  expect_within(sync.p50, 182, 212);
  expect_within(sync.p95, 182, 215);
}

// Measured on the other machine where all keep their connections 11.0/11.9 and 32.4/36.5 ms, and
// where nobody does 11.7/12.3 and 33.2/35.8.
TEST(Interference, OfComputingInTheLoopStopsItToo) {
  const std::string computing = busy(1, "async", R"({"cpu": "20ms"})");
  for (const char* clients : {kNobodyKeeps, kUsersKeep}) {
    expect_within(in_loop("async", computing, clients).p50, 9.4, 12.6);
    expect_within(in_loop("sync", computing, clients).p50, 28, 37);
  }
}

// The sheet's 31/72 and 48/90 ms are of a computing client on a kept connection and light requests
// on new ones, which need three turns more, so that it overtakes them: with such clients 32.0/32.8
// and 32.2/53.2 ms were measured on the other machine. Here the light ones come at random instead
// of 10 ms after each reply.
TEST(Interference, OfComputingOnAKeptConnectionIsABlockMore) {
  const std::string light = R"("light": {"arrivals": {"kind": "poisson", "rate": "20/s"},
      "steps": [{"cpu": "100us"}], "handler": ")";
  const std::string computing = busy(1, "async", R"({"cpu": "20ms"})");
  const auto beside = [&](const std::string& handler, const char* clients) {
    return percentiles_of(R"({"server": "uvicorn"})", light + handler + "\"}" + computing, clients);
  };
  expect_within(beside("async", kOnlyUsersKeep).p50, 26, 36);
  expect_within(beside("sync", kOnlyUsersKeep).p50, 43, 57);
  expect_within(beside("async", kNobodyKeeps).p50, 9, 13);
}

// Beside so many clients whose handlers compute for 20 ms in threads of the pool. Measured on new
// connections is the sheet's value, then that of another machine with the same software and two
// cores, half as fast, where the light client paused for 10 ms and the others did not; on kept ones
// the latter only.
Percentiles beside_pool(int computing, const std::string& handler, const std::string& clients) {
  return in_loop(handler, busy(computing, "sync", R"({"cpu": "20ms"})"), clients);
}

// Measured 9/16 and 12.3/18.6, sync 9/22 and 13.5/28.6.
TEST(Interference, OfOneComputingThreadIsTwoSwitchIntervals) {
  const Percentiles async = beside_pool(1, "async", kNobodyKeeps);
  expect_within(async.p50, 9, 12.3);
  expect_within(async.p95, 14.5, 18.6);
  const Percentiles sync = beside_pool(1, "sync", kNobodyKeeps);
  expect_within(sync.p50, 9, 13.5);
  expect_within(sync.p95, 15, 28.6);
}

// Measured 10.8/12.2, sync 12.1/20.0.
TEST(Interference, OfOneComputingThreadIsTheSameOnKeptConnections) {
  const Percentiles async = beside_pool(1, "async", kUsersKeep);
  expect_within(async.p50, 10, 12);
  expect_within(async.p95, 11, 13);
  const Percentiles sync = beside_pool(1, "sync", kUsersKeep);
  expect_within(sync.p50, 10.5, 13);
  expect_within(sync.p95, 10.8, 20);
}

// Measured 116/156 and 102/156, sync 160/165 and 170/307.
TEST(Interference, OfEightComputingThreadsIsAnOrderOfMagnitudeMore) {
  const Percentiles async = beside_pool(8, "async", kNobodyKeeps);
  expect_within(async.p50, 102, 130);
  expect_within(async.p95, 145, 167);
  const Percentiles sync = beside_pool(8, "sync", kNobodyKeeps);
  expect_within(sync.p50, 145, 170);
  expect_within(sync.p95, 165, 307);
}

// Measured 39/137, sync 135/253: what is simulated varies less.
TEST(Interference, OfEightComputingThreadsIsLessOnKeptConnections) {
  const Percentiles async = beside_pool(8, "async", kUsersKeep);
  expect_within(async.p50, 37, 50);
  expect_within(async.p95, 88, 137);
  const Percentiles sync = beside_pool(8, "sync", kUsersKeep);
  expect_within(sync.p50, 70, 135);
  expect_within(sync.p95, 130, 253);
}

// Measured 272/299 ms for the sync one, 1.5/4.3 ms for the async one: all threads of the pool
// sleep, the loop does not.
TEST(Interference, OfAPoolThatIsUsedUpStopsOnlySyncHandlers) {
  const std::string sleeping = busy(60, "sync", R"({"wait": "300ms"})");
  const Percentiles sync = in_loop("sync", sleeping);
  expect_within(sync.p50, 240, 310);
  expect_within(sync.p95, 270, 320);
  const Percentiles async = in_loop("async", sleeping);
  expect_within(async.p50, 0.3, 2);
  expect_within(async.p95, 0.3, 5);
}

// --- A hundred requests at once

Metrics burst_of_100(const std::string& handler, const std::string& step) {
  const std::string text = R"({"format": 1, "name": "burst", "workload": {
      "arrivals": {"kind": "constant", "rate": "0.1/s", "batch": {"size": 100}},
      "requests": {"all": {"handler": ")" +
                           handler + R"(", "steps": [)" + step + R"(]}}},
      "application": {"web": {"server": "uvicorn"}},
      "setups": {"two": {"machine": {"cores": 2}}},
      "study": {"duration": "19s", "warmup": "0s", "replications": 1}})";
  const Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  const Checked<Report> report = run_study(*scenario, ".", {});
  EXPECT_TRUE(report.ok());
  return report->setups.at(0).metrics;
}
// Measured 1.56 s in all: 40, 40 and 20 of them.
TEST(Burst, OfSyncSleepsComesInWavesOfFortyThreads) {
  const Metrics metrics = burst_of_100("sync", R"({"wait": "500ms"})");
  expect_within(value_of(metrics, Metric::latency_max), 1.50, 1.60);
  expect_within(value_of(metrics, Metric::latency_min), 0.50, 0.54);
  expect_within(value_of(metrics, Metric::latency_p50), 1.00, 1.08);
}

// Measured 0.5 s each.
TEST(Burst, OfAsyncSleepsIsServedAtOnce) {
  const Metrics metrics = burst_of_100("async", R"({"sleep": "500ms"})");
  expect_within(value_of(metrics, Metric::latency_max), 0.50, 0.56);
}

// Measured 2.06 s in all.
TEST(Burst, OfBlockingSleepsIsServedOneByOne) {
  const Metrics metrics = burst_of_100("async", R"({"wait": "20ms", "blocking": true})");
  expect_within(value_of(metrics, Metric::latency_max), 2.00, 2.10);
  expect_within(value_of(metrics, Metric::latency_p50), 0.98, 1.08);
}

// --- Threads of gunicorn

// Threads that compute all the time beside a light request.
Percentiles beside_threads(int computing, const std::string& interval) {
  const std::string threads = R"(, "busy": {"arrivals": {"kind": "closed", "users": )" +
                              std::to_string(computing) +
                              R"(, "think": "1ms"}, "steps": [{"cpu": "1000s"}]})";
  return light(
      R"({"server": "gunicorn-gthread", "workers": 1, "threads": 8, "switch_interval": ")" +
          interval + "\"}",
      "", computing > 0 ? threads : "");
}

// Measured 0.44/0.77, 15.7/21.1, 11.5/18.6 and 43.8/75.2 ms. With two of them the p95 is twice the
// measured one, see docs/models/gthread.md.
TEST(ComputingThreads, DelayALightRequestBySwitchIntervals) {
  const Percentiles none = beside_threads(0, "5ms");
  expect_within(none.p50, 0.3, 0.6);
  const Percentiles one = beside_threads(1, "5ms");
  expect_within(one.p50, 13.3, 18.1);
  expect_within(one.p95, 13.3, 24.3);
  const Percentiles two = beside_threads(2, "5ms");
  expect_within(two.p50, 9.8, 19);
  expect_within(two.p95, 18.6, 42);
  const Percentiles four = beside_threads(4, "5ms");
  expect_within(four.p50, 35, 53);
  expect_within(four.p95, 60, 100);
}

// Measured with 0.5 ms: 1.05/2.8, 2.9/6.4 and 7.9/16 ms. Only the order of magnitude, and that it
// is much less, is asked for.
TEST(ComputingThreads, DelayItLessWithAShorterInterval) {
  expect_within(beside_threads(1, "500us").p50, 0.8, 3);
  expect_within(beside_threads(2, "500us").p50, 1.5, 4.5);
  expect_within(beside_threads(4, "500us").p50, 3, 10);
}

// --- System calls

// How often a thread that makes a system call of such a length loses the lock to one that computes:
// an interval each time.
double share_lost(const std::string& call) {
  const auto mean_of = [](const std::string& steps) {
    const std::string text = R"({"format": 1, "name": "calls", "workload": {"requests": {
        "light": {"arrivals": {"kind": "poisson", "rate": "10/s"}, "steps": [)" +
                             steps + R"(]},
        "busy": {"arrivals": {"kind": "closed", "users": 1, "think": "1ms"},
                 "steps": [{"cpu": "1000s"}]}}},
        "application": {"web": {"server": "gunicorn-gthread", "workers": 1, "threads": 8,
                                "overhead": "none"}},
        "setups": {"two": {"machine": {"cores": 2}}},
        "study": {"duration": "60s", "warmup": "1s", "replications": 3}})";
    const Checked<Scenario> scenario = decode(text);
    EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
    const Checked<Report> report = run_study(*scenario, ".", {});
    return value_of(report->setups.at(0).classes.at(0).metrics, Metric::latency_mean) * 1e3;
  };
  const std::string work = R"({"cpu": "100us"})";
  const std::string with_call = work + R"(, {"cpu": ")" + call + R"(", "gil": false}, )" + work;
  return (mean_of(with_call) - mean_of(work + ", " + work)) / 5;
}

// Measured on a machine half as fast beside one computing thread 105, 22 and 1 of 150, for calls of
// 37, 19 and 11 us: send() of 150 bytes to a client that sleeps, accept() and recv() in vain. Half
// of that are the lengths here. Beside two it was 56, 33 and 2 of 150.
TEST(SystemCalls, LoseTheLockTheMoreOftenTheLongerTheyAre) {
  expect_within(share_lost("18500ns"), 0.6, 0.8);
  expect_within(share_lost("9500ns"), 0.15, 0.3);
  expect_within(share_lost("5500ns"), -0.03, 0.06);
}

}  // namespace
}  // namespace cotenant

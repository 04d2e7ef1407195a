// SPDX-License-Identifier: Apache-2.0
//
// What nginx does at its limits: requests that are not idempotent, worker_connections, and when it
// closes connections that it has kept. Everything but the requests themselves costs nothing.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

struct Case {
  std::string page;  // of the request class
  std::string proxy = R"("upstream": {"web": {}})";
  std::string servers = R"("web": {"server": "gunicorn-sync", "workers": 1, "overhead": "none"})";
  std::string clients = "{}";
  int horizon_ms = 9500;
  std::string costs = "\"none\"";  // of nginx
};

RunRecord run_of(const Case& test) {
  const std::string text =
      R"({"format": 1, "name": "limits", "workload": {"requests": {"page": {)" + test.page +
      R"(, "service": "proxy"}}, "clients": )" + test.clients +
      R"(}, "application": {"proxy": {"server": "nginx", "overhead": )" + test.costs + ", " +
      test.proxy + "}, " + test.servers + R"(},
      "setups": {"one": {"machine": {"cores": 1}}}})";
  return run_text(text, milliseconds(test.horizon_ms));
}

std::uint64_t count_of(const RunRecord& record, Outcome outcome) {
  return record.classes[ClassId(0)].outcomes[static_cast<std::size_t>(outcome)];
}

std::uint64_t attempts_of(const RunRecord& record) {
  std::uint64_t sum = 0;
  for (const std::uint64_t attempts : record.classes[ClassId(0)].attempts) sum += attempts;
  return sum;
}

std::int64_t first_latency_ms(const RunRecord& record) {
  if (record.requests.empty()) return -1;
  const LoggedRequest& first = record.requests.front();
  return (first.end - first.arrival).count() / 1'000'000;
}

// --- Requests that are not idempotent

const std::string kTwoServers =
    R"("a": {"server": "gunicorn-sync", "workers": 1, "overhead": "none"},
       "b": {"server": "gunicorn-sync", "workers": 1, "overhead": "none"})";

// Both servers take 3 s, and nginx waits for 1 s: measured with nginx 1.22.1, a GET ended after 2 s
// and the application ran twice, a POST after 1 s and once.
TEST(NotIdempotent, IsNotSentToTheNextServer) {
  Case test{.page = R"("arrivals": {"kind": "schedule", "first": "1s"}, "steps": [{"wait": "3s"}])",
            .proxy = R"("read_timeout": "1s", "upstream": {"a": {}, "b": {}})",
            .servers = kTwoServers};
  EXPECT_EQ(first_latency_ms(run_of(test)), 2000);
  test.page += R"(, "idempotent": false)";
  EXPECT_EQ(first_latency_ms(run_of(test)), 1000);
  EXPECT_EQ(count_of(run_of(test), Outcome::error_504), 1u);
  test.proxy += R"(, "next_upstream": ["timed_out", "non_idempotent"])";
  EXPECT_EQ(first_latency_ms(run_of(test)), 2000);
}

// A 503 is a reply to a request that was sent: that of the third one, which finds the first server
// full, is passed on. A request that may be repeated goes to the other server.
TEST(NotIdempotent, IsNotRepeatedAfterAReply) {
  Case test{.page = R"("arrivals": {"kind": "schedule", "first": "1s", "batch": {"size": 3}},
                       "idempotent": false, "steps": [{"wait": "1s"}])",
            .proxy = R"("upstream": {"a": {}, "b": {}}, "next_upstream": ["rejected_503"])"};
  test.servers = R"("a": {"server": "gunicorn-sync", "workers": 1, "overhead": "none",
                          "limit_concurrency": 1},
                    "b": {"server": "gunicorn-sync", "workers": 4, "overhead": "none"})";
  EXPECT_EQ(count_of(run_of(test), Outcome::rejected_503), 1u);
  EXPECT_EQ(count_of(run_of(test), Outcome::completed), 2u);
  test.proxy = R"("upstream": {"a": {}, "b": {}}, "next_upstream": ["rejected_503",
                  "non_idempotent"])";
  EXPECT_EQ(count_of(run_of(test), Outcome::completed), 3u);
}

// A worker that takes 3 s, and clients that wait for 1 s.
TEST(NotIdempotent, IsNotRepeatedByClientsThatKnow) {
  Case test{.page =
                R"("arrivals": {"kind": "schedule", "first": "1s"}, "steps": [{"wait": "3s"}])"};
  test.clients = R"({"timeout": "1s", "retries": {"max": 2, "only_idempotent": true}})";
  EXPECT_EQ(attempts_of(run_of(test)), 3u);
  test.page += R"(, "idempotent": false)";
  EXPECT_EQ(attempts_of(run_of(test)), 1u);
  test.clients = R"({"timeout": "1s", "retries": {"max": 2}})";
  EXPECT_EQ(attempts_of(run_of(test)), 3u);
}

// --- worker_connections

// Requests of 1 s. Of 12 connections nginx needs two itself, so five requests have both that they
// need.
TEST(WorkerConnections, AreTwoForEachRequest) {
  Case test{
      .page = R"("arrivals": {"kind": "constant", "rate": "100/s"}, "steps": [{"wait": "1s"}])",
      .proxy = R"("upstream": {"web": {}}, "worker_connections": 12)"};
  test.servers = R"("web": {"server": "gunicorn-sync", "workers": 20, "overhead": "none"})";
  test.horizon_ms = 95;
  const RunRecord record = run_of(test);
  EXPECT_EQ(count_of(record, Outcome::censored), 5u);
  EXPECT_EQ(count_of(record, Outcome::reset), 4u);
}

// Of twenty that come at once ten are accepted before any of them has been read. Then the first has
// no connection to a server left.
TEST(WorkerConnections, MayBeLeftForClientsOnly) {
  Case test{.page = R"("arrivals": {"kind": "schedule", "first": "1s", "batch": {"size": 20}},
                       "steps": [{"wait": "1s"}])",
            .proxy = R"("upstream": {"web": {}}, "worker_connections": 12)"};
  test.servers = R"("web": {"server": "gunicorn-sync", "workers": 20, "overhead": "none"})";
  test.costs = R"({"preset": "none", "connect": {"hot": "1ms", "cold": "1ms"}})";
  const RunRecord record = run_of(test);
  EXPECT_GE(count_of(record, Outcome::error_500), 5u);
  EXPECT_GT(count_of(record, Outcome::reset), 0u);
  EXPECT_LE(count_of(record, Outcome::completed), 5u);
}

// Those of clients that have left are free, although the worker behind is not. A client leaves
// after 50 ms, and one comes every 20 ms: three are there.
TEST(WorkerConnections, AreFreeWhenTheClientLeaves) {
  Case test{
      .page = R"("arrivals": {"kind": "constant", "rate": "50/s"}, "steps": [{"wait": "9s"}])",
      .proxy = R"("upstream": {"web": {}}, "worker_connections": 8)"};
  test.servers = R"("web": {"server": "gunicorn-sync", "workers": 500, "overhead": "none"})";
  test.clients = R"({"timeout": "50ms"})";
  test.horizon_ms = 2000;
  const RunRecord record = run_of(test);
  EXPECT_EQ(count_of(record, Outcome::reset), 0u);
  EXPECT_EQ(count_of(record, Outcome::timed_out), 97u);
}

// Idle ones count, but clients' give way: three connections that were kept after requests at one
// instant do not keep four others out.
TEST(WorkerConnections, AreTakenFromIdleClients) {
  Case test{.page = R"("arrivals": {"kind": "constant", "rate": "1/s", "batch": {"size": 3}},
                       "steps": [{"wait": "10ms"}])",
            .proxy = R"("upstream": {"web": {}}, "worker_connections": 8, "workers": 1)"};
  test.servers = R"("web": {"server": "gunicorn-sync", "workers": 9, "overhead": "none"})";
  test.clients = R"({"keep_alive": {"connections": 3}})";
  const RunRecord record = run_of(test);
  EXPECT_EQ(count_of(record, Outcome::error_500) + count_of(record, Outcome::reset), 0u);
  EXPECT_GT(count_of(record, Outcome::completed), 20u);
}

// --- What it keeps

const std::string kCostlyConnections =
    R"("web": {"server": "uvicorn", "keep_alive": "1h", "overhead": {"preset": "none",
       "accept": {"hot": "2ms", "cold": "2ms"}, "connect": {"hot": "4ms", "cold": "4ms"}}})";

// A new connection costs 6 ms. Of a request every 100 ms every third needs one.
TEST(KeptByNginx, ServesSoManyRequests) {
  Case test{
      .page = R"("arrivals": {"kind": "constant", "rate": "10/s"}, "steps": [{"cpu": "1ms"}])",
      .proxy = R"("upstream": {"web": {}}, "upstream_keep_alive": 1,
                        "upstream_keep_alive_requests": 3)",
      .servers = kCostlyConnections,
      .horizon_ms = 3050};
  int slow = 0;
  int all = 0;
  for (const LoggedRequest& each : run_of(test).requests) {
    ++all;
    if (each.end - each.arrival > milliseconds(6)) ++slow;
  }
  EXPECT_EQ(all, 30);
  EXPECT_EQ(slow, 10);
}

// One request a second, over connections that nginx keeps for less, or for more.
TEST(KeptByNginx, IsClosedWhenIdleForLong) {
  for (const bool long_enough : {false, true}) {
    Case test{
        .page = R"("arrivals": {"kind": "constant", "rate": "1/s"}, "steps": [{"cpu": "1ms"}])",
        .proxy = R"("upstream": {"web": {}}, "version": "1.29.7")",
        .servers = kCostlyConnections};
    test.proxy += R"(, "upstream_keep_alive_timeout": ")";
    test.proxy += long_enough ? "1500ms\"" : "900ms\"";
    const RunRecord record = run_of(test);
    ASSERT_FALSE(record.requests.empty());
    const LoggedRequest& last = record.requests.back();
    EXPECT_EQ((last.end - last.arrival).count() / 1'000'000, long_enough ? 1 : 7);
  }
}

// To clients: with the server turning them away after two requests.
TEST(KeptByNginx, IsClosedToClientsAfterSoManyRequests) {
  Case test{
      .page = R"("arrivals": {"kind": "constant", "rate": "10/s"}, "steps": [{"wait": "1ms"}])",
      .clients = R"({"keep_alive": {"connections": 1}})",
      .horizon_ms = 1050};
  test.proxy += R"(, "keep_alive_requests": 2, "tls": "rsa-2048")";
  int shaken = 0;
  for (const LoggedRequest& each : run_of(test).requests) {
    if (each.end - each.arrival > milliseconds(1)) ++shaken;
  }
  EXPECT_EQ(shaken, 5);
}

}  // namespace
}  // namespace cotenant

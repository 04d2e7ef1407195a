// SPDX-License-Identifier: Apache-2.0
//
// Clients that send and receive slowly: who waits for them, for how long, and where the time is
// booked. Servers cost nothing here.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

struct Case {
  std::string slow;  // of the class of requests that come after 1 s
  std::string clients;
  std::string web = R"("server": "gunicorn-sync", "workers": 1)";
  std::string nginx = "";  // empty: there is none
};

// A request of a slow client comes after 1 s, and a short one with nothing to send after 1.1 s.
RunRecord run_of(const Case& test, std::uint64_t seed = 1) {
  const std::string service = test.nginx.empty() ? "web" : "proxy";
  const std::string at = R"("service": ")" + service + R"(", "arrivals": {"kind": "schedule", )";
  const std::string proxy = test.nginx.empty() ? ""
                                               : R"("proxy": {"server": "nginx", "overhead": "none",
                                     "upstream": {"web": {}}, )" +
                                                     test.nginx + "}, ";
  const std::string text = R"({"format": 1, "name": "slow", "workload": {"requests": {
      "slow": {)" + at + R"("first": "1s"}, )" +
                           test.slow + R"(, "steps": [{"wait": "10ms"}]},
      "quick": {)" + at + R"("first": "1100ms"}, "steps": [{"wait": "10ms"}]}},
      "clients": {)" + test.clients +
                           R"(}},
      "application": {)" + proxy +
                           R"("web": {)" + test.web + R"(, "overhead": "none"}},
      "setups": {"one": {"machine": {"cores": 2, "scheduler": "fluid"}}}})";
  return run_text(text, seconds(40), seed);
}

std::int64_t latency_ms(const RunRecord& record, std::uint32_t source) {
  for (const LoggedRequest& each : record.requests) {
    if (each.source == SourceId(source)) return (each.end - each.arrival).count() / 1'000'000;
  }
  return -1;
}
std::int64_t slow_ms(const Case& test) { return latency_ms(run_of(test), 0); }
std::int64_t quick_ms(const Case& test) { return latency_ms(run_of(test), 1); }

std::uint64_t count_of(const RunRecord& record, Outcome outcome) {
  return record.classes[ClassId(0)].outcomes[static_cast<std::size_t>(outcome)];
}

std::int64_t spent_ms(const Case& test, WaitState state) {
  const WaitTimes times = run_of(test).attribution.total().times;
  // To the nearest: threads begin to read a few nanoseconds late.
  return (times[static_cast<std::size_t>(state)].count() + 500'000) / 1'000'000;
}

// 3 MB at 1 MB/s.
const Case kUpload{.slow = R"("request_body": "3MB")", .clients = R"("upload": "1MB/s")"};
const Case kDownload{.slow = R"("response_body": "20MB")", .clients = R"("download": "8MB/s")"};

Case with(Case test, const std::string& web, const std::string& nginx = "") {
  test.web = web;
  test.nginx = nginx;
  return test;
}

const std::string kSync = R"("server": "gunicorn-sync", "workers": 1)";
const std::string kThread = R"("server": "gunicorn-gthread", "workers": 1, "threads": 1)";
const std::string kUwsgi = R"("server": "uwsgi")";
const std::string kModWsgi = R"("server": "mod-wsgi", "threads": 1)";
const std::string kLoop = R"("server": "uvicorn")";
const std::string kPassenger = R"("server": "passenger", "workers": 1, "import": "1ms")";
const std::string kAnySize = R"("client_max_body_size": "0B")";

// --- Requests

TEST(SlowUploads, HoldAWorker) {
  for (const std::string& web : {kSync, kThread, kUwsgi, kModWsgi}) {
    const Case test = with(kUpload, web);
    EXPECT_EQ(slow_ms(test), 3010) << web;
    EXPECT_EQ(quick_ms(test), 3010 - 100 + 10) << web;
    EXPECT_EQ(spent_ms(test, WaitState::client_upload), 3000) << web;
  }
}

TEST(SlowUploads, HoldNobodyWhereSomebodyReadsForTheWorker) {
  for (const Case& test :
       {with(kUpload, kLoop), with(kUpload, kPassenger), with(kUpload, kSync, kAnySize)}) {
    EXPECT_EQ(slow_ms(test), 3010) << test.web;
    EXPECT_EQ(quick_ms(test), 10) << test.web;
    EXPECT_EQ(spent_ms(test, WaitState::client_upload), 3000) << test.web;
  }
}

TEST(SlowUploads, HoldAWorkerBehindNginxThatDoesNotWait) {
  const Case test = with(kUpload, kSync, kAnySize + R"(, "request_buffering": false)");
  EXPECT_EQ(slow_ms(test), 3010);
  EXPECT_EQ(quick_ms(test), 3010 - 100 + 10);
}

// What came while nobody read it is there: 64 KiB.
TEST(SlowUploads, GoOnInTheKernelForAWhile) {
  Case test{.slow = R"("request_body": "50kB")", .clients = R"("upload": "100kB/s")"};
  EXPECT_EQ(slow_ms(test), 510);
}

// A silent client of nginx is cut off, and holds no connection any more.
TEST(SilentClients, AreGivenUpByNginx) {
  Case test{.slow = "\"idempotent\": true", .clients = R"("slow": {"share": 1, "silence": "30s"})"};
  test.nginx = R"("request_buffering": true)";
  EXPECT_EQ(slow_ms(test), 30'010) << "60 s are longer";
  test.nginx = R"("client_header_timeout": "5s")";
  EXPECT_EQ(slow_ms(test), 5'000);
  EXPECT_EQ(run_of(test).requests.at(0).outcome, Outcome::reset);
  test.nginx = R"("client_header_timeout": "5s", "request_buffering": false)";
  EXPECT_EQ(slow_ms(test), 5'000);
}

// Measured: a connection on which nothing came for 3 s delayed others by 3.00 s. Of two clients the
// first is silent and the second is not, with a quarter of the seeds.
TEST(Silence, HoldsASyncWorker) {
  Case test{.slow = R"("request_body": "0B")",
            .clients = R"("slow": {"share": 0.5, "silence": "3s"})"};
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    test.web = kLoop;
    const RunRecord free = run_of(test, seed);
    if (latency_ms(free, 0) != 3010 || latency_ms(free, 1) != 10) continue;
    test.web = kSync;
    EXPECT_EQ(latency_ms(run_of(test, seed), 1), 3010 - 100 + 10);
    ++found;
  }
  EXPECT_GE(found, 3);
}

TEST(LargeRequests, AreTurnedDownAtOnce) {
  const Case test = with(kUpload, kSync, R"("client_max_body_size": "1MB")");
  const RunRecord record = run_of(test);
  EXPECT_EQ(count_of(record, Outcome::rejected_413), 1u);
  EXPECT_EQ(latency_ms(record, 0), 0);
  EXPECT_EQ(quick_ms(test), 10);
}

// --- Replies

// The kernel takes 4 MiB of 20 MB: 15.8 MB at 8 MB/s are 1.975 s.
TEST(SlowDownloads, HoldAWorkerUntilTheKernelHasTheRest) {
  for (const std::string& web : {kSync, kThread, kUwsgi, kModWsgi}) {
    const Case test = with(kDownload, web);
    EXPECT_EQ(slow_ms(test), 2510) << web;
    EXPECT_EQ(quick_ms(test), 10 + 1975 - 100 + 10) << web;
    EXPECT_EQ(spent_ms(test, WaitState::client_download), 2500) << web;
  }
}

// Measured: 2 MB were absorbed.
TEST(SlowDownloads, OfWhatTheKernelTakesHoldNobody) {
  Case test{.slow = R"("response_body": "2MB")", .clients = R"("download": "1MB/s")"};
  EXPECT_EQ(slow_ms(test), 2010);
  EXPECT_EQ(quick_ms(test), 10);
}

TEST(SlowDownloads, HoldNobodyWhereSomebodyWritesForTheWorker) {
  for (const Case& test : {with(kDownload, kLoop), with(kDownload, kPassenger),
                           with(kDownload, kSync, R"("workers": 1)")}) {
    EXPECT_EQ(slow_ms(test), 2510) << test.web;
    EXPECT_EQ(quick_ms(test), 10) << test.web;
  }
}

// Two kernels take 4 MiB each, and the last byte comes as early as before.
TEST(SlowDownloads, HoldAWorkerBehindNginxThatKeepsNothing) {
  const Case test = with(kDownload, kSync, R"("response_buffering": false)");
  EXPECT_EQ(slow_ms(test), 2510);
  EXPECT_EQ(quick_ms(test), 10 + 1451 - 100 + 10);
}

// --- Clients that leave

// After a second of three, or in the middle of the reply: the worker is told at once.
TEST(ClientsThatLeave, FreeTheirWorker) {
  for (Case test : {kUpload, kDownload}) {
    test.clients += R"(, "timeout": "1s")";
    for (const std::string& web : {kSync, kThread, kUwsgi, kLoop}) {
      test.web = web;
      const RunRecord record = run_of(test);
      EXPECT_EQ(count_of(record, Outcome::timed_out), 1u) << web;
      EXPECT_EQ(latency_ms(record, 1), web == kLoop ? 10 : 1000 - 100 + 10) << web;
    }
  }
}

// A part of the clients is slow: the others are not.
TEST(SlowClients, AreAPart) {
  Case test{.slow = R"("request_body": "1MB")",
            .clients = R"("slow": {"share": 1, "upload": "1MB/s"})"};
  EXPECT_EQ(slow_ms(test), 1010);
  test.clients = R"("slow": {"share": 0.000001, "upload": "1MB/s"})";
  EXPECT_EQ(slow_ms(test), 10);
}

}  // namespace
}  // namespace cotenant

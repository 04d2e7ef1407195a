// SPDX-License-Identifier: Apache-2.0
//
// Connections that nginx keeps to the servers behind it: which it keeps, and what that saves. A new
// one costs 6 ms, a request 1 ms.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

const std::string kServer = R"("import": "100ms", "overhead": {"preset": "none",
    "accept": {"hot": "2ms", "cold": "2ms"}, "connect": {"hot": "4ms", "cold": "4ms"}})";
const std::string kLight = R"("steps": [{"cpu": "1ms"}])";

std::string uvicorn(const std::string& name, const std::string& keep_alive = "5s") {
  return '"' + name + R"(": {"server": "uvicorn", "keep_alive": ")" + keep_alive + "\", " +
         kServer + '}';
}

struct Case {
  std::string requests;
  std::string upstream = R"("web": {})";
  int keeps = 0;
  std::string servers = uvicorn("web");
  std::string clients = "{}";
  int horizon_ms = 3900;
  std::string proxy = "";  // what else is said of it
};

std::vector<LoggedRequest> requests_of(const Case& test) {
  const std::string text = R"({"format": 1, "name": "kept", "workload": {"requests": {)" +
                           test.requests + R"(}, "clients": )" + test.clients + R"(},
      "application": {
        "proxy": {"server": "nginx", "overhead": "none", "upstream": {)" +
                           test.upstream + R"(}, "upstream_keep_alive": )" +
                           std::to_string(test.keeps) + test.proxy + "}, " + test.servers + R"(},
      "setups": {"one": {"machine": {"cores": 4}}}})";
  return run_text(text, milliseconds(test.horizon_ms)).requests;
}

std::string requests(const std::string& name, const std::string& rate, const std::string& rest,
                     const std::string& service = "proxy") {
  return '"' + name + R"(": {"service": ")" + service +
         R"(", "arrivals": {"kind": "constant", "rate": ")" + rate + "\"}, " + rest + '}';
}

std::int64_t latency_ms(const LoggedRequest& request) {
  return (request.end - request.arrival).count() / 1'000'000;
}

std::int64_t last_latency_ms(const Case& test) {
  const std::vector<LoggedRequest> all = requests_of(test);
  return all.empty() ? -1 : latency_ms(all.back());
}

TEST(KeptUpstream, SavesNewConnections) {
  Case test{.requests = requests("page", "1/s", kLight)};
  EXPECT_EQ(last_latency_ms(test), 6 + 1);
  test.keeps = 1;
  EXPECT_EQ(last_latency_ms(test), 1);
  test.servers = uvicorn("web", "500ms");
  EXPECT_EQ(last_latency_ms(test), 6 + 1);
}

// The third request, to the first of two servers again. A cache of one has the connection to the
// second one by then.
TEST(KeptUpstream, IsOneCacheForAllServersThatForgetsTheOldest) {
  Case test{.requests = requests("page", "1/s", kLight), .upstream = R"("a": {}, "b": {})"};
  test.servers = uvicorn("a") + ", " + uvicorn("b");
  test.keeps = 1;
  EXPECT_EQ(last_latency_ms(test), 6 + 1);
  test.keeps = 2;
  EXPECT_EQ(last_latency_ms(test), 1);
}

// nginx keeps no more of 5 MB than the kernel buffers for its client (4 MiB), who reads 1 MB in a
// second, and uvicorn another 64 KiB: it is through at 0.74 s, nginx has the last byte at 0.81, and
// that is when its clock starts. The next request, 9.19 s later, finds the connection or does not.
TEST(KeptUpstream, ExpiresFromTheEndOfTheReplyOn) {
  Case test{.requests = requests("page", "0.1/s", kLight + R"(, "response_body": "5MB")")};
  test.servers = uvicorn("web", "75s");
  test.clients = R"({"download": "1MB/s"})";
  test.keeps = 1;
  test.horizon_ms = 39'000;
  for (const auto& [timeout, latency] :
       {std::pair{"9220ms", 5001}, {"9180ms", 5007}, {"10ms", 5007}}) {
    test.proxy = R"(, "response_buffering": false, "upstream_keep_alive_timeout": ")" +
                 std::string(timeout) + '"';
    EXPECT_EQ(last_latency_ms(test), latency) << timeout;
  }
}

// A request of 1 s takes 300 ms, and its client leaves after 200: nginx closes the connection. One
// of 1.5 s, after the server has finished, needs a new one.
TEST(KeptUpstream, IsClosedWhenTheClientHasLeft) {
  for (const std::string patience : {"200ms", "400ms"}) {
    Case test{.requests = requests("slow", "1/s", R"("steps": [{"wait": "300ms"}])") + ", " +
                          requests("page", "40/min", kLight)};
    test.clients = R"({"timeout": ")" + patience + R"("})";
    test.keeps = 1;
    test.horizon_ms = 1900;
    EXPECT_EQ(last_latency_ms(test), 1 + (patience == "200ms" ? 6 : 0));
  }
}

// A request of another client blocks the server for 3 s from 2.5 s on, until it is killed: requests
// that nginx has sent on kept connections are reset. It sends them to the next process, with one
// server behind it as with none to turn to.
TEST(KeptUpstream, IsNotToBlameForServersThatClose) {
  Case test{.requests = requests("page", "1/s", kLight) + ", " +
                        requests("block", "24/min",
                                 R"("steps": [{"wait": "30s", "blocking": true}])", "web")};
  test.servers =
      R"("web": {"server": "gunicorn-uvicorn", "timeout": "2s", "workers": 1, )" + kServer + '}';
  test.keeps = 4;
  test.horizon_ms = 4900 + 2000;
  int reset = 0;
  for (const LoggedRequest& each : requests_of(test)) {
    if (each.outcome == Outcome::reset) ++reset;
    EXPECT_NE(each.outcome, Outcome::error_502);
  }
  EXPECT_GT(reset, 0);
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Connections that processes keep for later calls: who uses one again, and when it is closed. Ports
// tell how many connections there were: those that the caller closes are gone for a minute. Nothing
// costs anything but what the steps say.
#include <gtest/gtest.h>

#include <string>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

struct Case {
  std::string kept = R"("kept": {"api": {}})";
  int ports = 1;
  std::string call = R"({"call": "api.ask"})";
  std::string arrivals = R"("first": "0s", "every": "1s")";
  std::string api = R"("server": "gunicorn-gthread", "workers": 1, "threads": 4, "gil": false,
                       "keep_alive": "60s", "overhead": "none")";
  std::string web = R"("server": "gunicorn-sync", "workers": 1, "overhead": "none")";
  std::string first = R"([{"wait": "10ms"}])";
};

// Ten seconds.
RunRecord run_of(const Case& test) {
  const std::string text =
      R"({"format": 1, "name": "kept", "workload": {"requests": {"page": {"service": "web",
      "steps": [)" +
      test.call + R"(], "arrivals": {"kind": "schedule", )" + test.arrivals +
      R"(}}}}, "application": {"web": {)" + test.web + (test.kept.empty() ? "" : ", ") + test.kept +
      R"(}, "api": {)" + test.api + R"(, "operations": {"ask": {"steps": )" + test.first +
      R"(}}}}, "setups": {"one": {"machine": {"cores": 8, "scheduler": "fluid", "tcp_tw_reuse": 0,
      "local_ports": )" +
      std::to_string(test.ports) + "}}}}";
  return run_text(text, milliseconds(9'900));
}

std::uint64_t refused(const Case& test) {
  return run_of(test).operations[0].calls.outcomes[static_cast<std::size_t>(Outcome::refused)];
}

// Ten calls, one after the other, over one connection or ten.
TEST(KeptCalls, UseOneConnectionAgain) {
  EXPECT_EQ(refused({}), 0u);
  EXPECT_EQ(refused({.kept = ""}), 9u);
}

// Two calls at once need two connections, of which one is closed where one is kept: the port of the
// other is gone, so that one call of each of the later requests finds none.
TEST(KeptCalls, AreNoMoreThanTheyMayBe) {
  const std::string two = R"({"call": "api.ask", "times": 2, "parallel": true,
                              "on_error": "ignore"})";
  EXPECT_EQ(refused({.kept = R"("kept": {"api": {"idle": 2}})", .ports = 2, .call = two}), 0u);
  EXPECT_EQ(refused({.kept = R"("kept": {"api": {"idle": 1}})", .ports = 2, .call = two}), 9u);
}

// They are idle for 990 ms between two calls.
TEST(KeptCalls, AreClosedWhenTheyExpire) {
  const auto expiring = [](const std::string& time) {
    return refused({.kept = R"("kept": {"api": {"expiry": ")" + time + "\"}}"});
  };
  EXPECT_EQ(expiring("991ms"), 0u);
  EXPECT_EQ(expiring("989ms"), 9u);
}

// When the server closes first, the port is free at once. uvicorn closes at a whole millisecond.
TEST(KeptCalls, AreClosedByTheServerToo) {
  Case test;
  test.api = R"("server": "uvicorn", "keep_alive": "500ms", "overhead": "none", "gil": false)";
  EXPECT_EQ(refused(test), 0u);
  const RunRecord record = run_of(test);
  EXPECT_EQ(record.operations[0].calls.latency.count(), 10u);
}

// Each process has its own: two workers take turns with requests that overlap.
TEST(KeptCalls, BelongToTheirProcess) {
  Case test{.arrivals = R"("first": "0s", "every": "1s", "batch": {"size": 2})"};
  test.web = R"("server": "gunicorn-sync", "workers": 2, "overhead": "none")";
  test.ports = 2;
  EXPECT_EQ(refused(test), 0u);
  test.ports = 1;
  EXPECT_EQ(refused(test), 10u);
}

// They are gone with the process, and the port with them: a worker for each request.
TEST(KeptCalls, AreClosedWithTheirProcess) {
  Case test;
  test.web = R"("server": "gunicorn-sync", "workers": 1, "overhead": "none", "max_requests": 1)";
  EXPECT_EQ(refused(test), 9u);
}

// What the main thread computes for a new connection is saved for all calls but the first.
TEST(KeptCalls, AreNotAcceptedAgain) {
  const auto latency = [](bool keeps) {
    Case test;
    if (!keeps) test.kept = "";
    test.ports = 100;
    test.api = R"("server": "gunicorn-gthread", "workers": 1, "threads": 1, "gil": false,
                  "keep_alive": "60s", "overhead": {"preset": "none", "accept": {"hot": "20ms", "cold": "20ms"}})";
    return run_of(test).operations[0].calls.latency.sum_ns();
  };
  EXPECT_EQ(latency(false) - latency(true), 9 * Int128{milliseconds(20).count()});
}

}  // namespace
}  // namespace cotenant

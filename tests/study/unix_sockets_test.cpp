// SPDX-License-Identifier: Apache-2.0
//
// Services that listen on UNIX sockets: who is turned away when the queue is full, and who waits.
// One worker and a backlog of four: of twelve at once one is served and five are in the queue
// (python-servers.md 8.6). Nothing costs anything but what the steps say.
#include <gtest/gtest.h>

#include <string>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

constexpr std::uint64_t kAll = 12;
constexpr std::uint64_t kFit = 1 + 5;

struct Case {
  std::string socket = "unix";
  std::string caller = R"({"server": "nginx", "overhead": "none", "upstream": {"api": {}}})";
  std::string steps = R"([{"wait": "100ms"}])";
  std::string api = R"("operations": {"ask": {"steps": [{"wait": "100ms"}]}})";
  std::string machine = "";
};

RunRecord run_of(const Case& test) {
  const std::string text = R"({"format": 1, "name": "sockets", "workload": {"requests": {"page": {
      "service": "web", "steps": )" +
                           test.steps + R"(,
      "arrivals": {"kind": "schedule", "first": "1s", "batch": {"size": 12}}}}},
      "application": {"web": )" +
                           test.caller + R"(, "api": {"server": "gunicorn-sync", "workers": 1,
      "backlog": 4, "overhead": "none", "socket": ")" +
                           test.socket + "\", " + test.api + R"(}},
      "setups": {"one": {"machine": {"cores": 8, "scheduler": "fluid")" +
                           test.machine + "}}}}";
  return run_text(text, seconds(20));
}

std::uint64_t count(const Case& test, Outcome outcome) {
  return run_of(test).classes[ClassId(0)].outcomes[static_cast<std::size_t>(outcome)];
}

// Over TCP the others try again after a second.
TEST(UnixSockets, TurnNginxAwayAtOnceWhenTheirQueueIsFull) {
  Case test{.api = R"("version": "20.1")"};
  EXPECT_EQ(count(test, Outcome::completed), kFit);
  const RunRecord record = run_of(test);
  EXPECT_EQ(record.classes[ClassId(0)].outcomes[static_cast<std::size_t>(Outcome::error_502)],
            kAll - kFit);
  EXPECT_EQ(record.attribution.total().times[static_cast<std::size_t>(WaitState::syn_retry)],
            Duration(0));
  test.socket = "tcp";
  EXPECT_EQ(count(test, Outcome::completed), kAll);
}

std::string threads(int count) {
  return R"({"server": "gunicorn-gthread", "workers": 1, "overhead": "none", "gil": false,
             "threads": )" +
         std::to_string(count) + "}";
}
const std::string kLoop = R"({"server": "uvicorn", "overhead": "none", "gil": false})";
const std::string kHub = R"({"server": "gunicorn-gevent", "workers": 1, "overhead": "none"})";

// connect() waits, and the last of twelve has its reply after 1.2 s. Python's sockets with a
// timeout do not wait, nor do those of asyncio.
TEST(UnixSockets, LetThoseWaitWhoMayBlock) {
  const std::string ask = R"([{"call": "api.ask"}])";
  const std::string impatient = R"([{"call": "api.ask", "timeout": "10s"}])";
  const auto completed = [](const std::string& caller, const std::string& steps) {
    return count({.caller = caller, .steps = steps}, Outcome::completed);
  };
  EXPECT_EQ(completed(threads(12), ask), kAll);
  EXPECT_EQ(completed(threads(12), impatient), kFit);
  EXPECT_EQ(completed(kLoop, ask), kFit);
  EXPECT_EQ(completed(kHub, ask), kAll);
  EXPECT_EQ(count({.caller = kLoop, .steps = ask}, Outcome::error_500), kAll - kFit);
}

TEST(UnixSockets, NeedNoLocalPorts) {
  Case test{.api = R"("version": "20.1")", .machine = R"(, "local_ports": 1)"};
  EXPECT_EQ(count(test, Outcome::completed), kFit);
  test.socket = "tcp";
  EXPECT_EQ(count(test, Outcome::completed), 1u);
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// WebSockets through nginx and load balancers: where messages go, what counts as a connection for
// how long, and what closes one that nobody meant to close. Nothing but the handler costs time.
#include <gtest/gtest.h>

#include <string>

#include "tests/study/run_text.h"

namespace cotenant {
namespace {

struct Case {
  std::string begin = R"({"kind": "schedule", "first": "0s"})";
  std::string think = "\"10s\"";
  int messages = 5;
  std::string websocket = "{}";
  std::string upstream = R"("web": {})";
  std::string proxy{};  // more about nginx
  std::string servers = R"("web": {"server": "uvicorn", "overhead": "none"})";
  std::string requests{};
  std::string application = R"("proxy": {"server": "nginx", "overhead": "none")";
  std::string setup = R"("machine": {"cores": 4})";
  int horizon_s = 600;
};

std::string text_of(const Case& test) {
  std::string script = R"("open")";
  for (int i = 0; i < test.messages; ++i) script += R"(, "say")";
  const std::string nginx = test.application.empty() ? std::string()
                                                     : test.application + R"(, "upstream": {)" +
                                                           test.upstream + "}" + test.proxy + "}, ";
  const std::string service = test.application.empty() ? "web" : "proxy";
  return R"({"format": 1, "name": "chat", "workload": {
    "arrivals": {"kind": "sessions", "begin": )" +
         test.begin + R"(, "think": )" + test.think + R"(, "script": [)" + script +
         R"(], "websocket": )" + test.websocket + R"(},
    "requests": {"open": {"service": ")" +
         service + R"(", "steps": [{"cpu": "1ms"}]}, "say": {"service": ")" + service +
         R"(", "steps": [{"cpu": "2ms"}]})" + test.requests + R"(}},
    "application": {)" +
         nginx + test.servers + R"(}, "setups": {"one": {)" + test.setup + "}}}";
}

struct Seen {
  Blueprint blueprint;
  RunRecord record;

  std::uint64_t arrivals(const std::string& name) const {
    for (std::uint32_t c = 0; c < blueprint.classes.size(); ++c) {
      if (blueprint.classes[ClassId(c)].name != name) continue;
      const std::uint32_t requests = record.classes.size();
      return c < requests ? record.classes[ClassId(c)].arrivals
                          : record.operations[c - requests].calls.arrivals;
    }
    ADD_FAILURE() << "no class " << name;
    return 0;
  }
  std::uint64_t ended(Outcome outcome) const {
    std::uint64_t count = 0;
    for (const LoggedRequest& request : record.requests) {
      if (request.outcome == outcome) ++count;
    }
    return count;
  }
};

Seen run_case(const Case& test) {
  Blueprint blueprint = blueprint_of_text(text_of(test));
  RunRecord record = run_for(seconds(test.horizon_s), blueprint);
  return {std::move(blueprint), std::move(record)};
}

constexpr const char* kTwoServers =
    R"("a": {"server": "uvicorn", "overhead": "none"},
       "b": {"server": "uvicorn", "overhead": "none"})";

// A handshake and five messages, each answered when the handler is through, over one connection at
// each side of nginx.
TEST(ProxiedWebSockets, CarryMessages) {
  const Seen seen = run_case({});
  EXPECT_EQ(seen.record.sessions.durations.count(), 1u);
  EXPECT_EQ(seen.ended(Outcome::completed), 6u);
  for (const LoggedRequest& request : seen.record.requests) {
    const bool is_handshake = request.arrival == Instant();
    EXPECT_EQ((request.end - request.arrival).count() / 1'000'000, is_handshake ? 1 : 2);
  }
}

// Servers take turns at handshakes; messages go where their handshake went.
TEST(ProxiedWebSockets, StayWithTheirServer) {
  Case test{.upstream = R"("a": {}, "b": {})", .servers = kTwoServers};
  const Seen one = run_case(test);
  EXPECT_EQ(one.arrivals("a.open"), 1u);
  EXPECT_EQ(one.arrivals("a.say"), 5u);
  EXPECT_EQ(one.arrivals("b.say"), 0u);
  test.begin = R"({"kind": "schedule", "first": "0s", "batch": {"size": 2}})";
  const Seen two = run_case(test);
  EXPECT_EQ(two.arrivals("a.say"), 5u);
  EXPECT_EQ(two.arrivals("b.say"), 5u);
}

// least_conn and max_conns count them as long as they are open: the second one goes to the other
// server a minute later, although the first says nothing just then. Requests would all go to the
// first server.
TEST(ProxiedWebSockets, CountAtTheirServerUntilTheyAreClosed) {
  Case test{.begin = R"({"kind": "constant", "rate": "0.05/s"})",
            .think = R"("50s")",
            .messages = 20,
            .upstream = R"("a": {}, "b": {})",
            .proxy = R"(, "balance": "least_conn")",
            .servers = kTwoServers,
            .horizon_s = 410};
  const Seen seen = run_case(test);
  EXPECT_EQ(seen.arrivals("a.open"), 10u);
  EXPECT_EQ(seen.arrivals("b.open"), 10u);
  test.upstream = R"("a": {"max_conns": 3}, "b": {"max_conns": 4})";
  const Seen full = run_case(test);
  EXPECT_EQ(full.arrivals("a.open"), 3u);
  EXPECT_EQ(full.arrivals("b.open"), 4u);
  EXPECT_EQ(full.ended(Outcome::error_502), 13u);
}

// proxy_read_timeout: the classic surprise. A client that says nothing for 90 s is cut off after
// 60, unless somebody sends pings.
TEST(ProxiedWebSockets, AreClosedWhenNothingComesForAMinute) {
  Case test{.think = R"("90s")", .messages = 1};
  const std::string silent =
      R"("web": {"server": "uvicorn", "overhead": "none", "ws_ping_interval": "0s"})";
  EXPECT_EQ(run_case(test).record.sessions.lost, 0u) << "uvicorn sends pings";
  test.servers = silent;
  EXPECT_EQ(run_case(test).record.sessions.lost, 1u);
  test.websocket = R"({"reconnect": "1s"})";
  // Handshakes at 0, 61, 122 … s, and never a message.
  const Seen again = run_case(test);
  EXPECT_EQ(again.record.sessions.reconnects, 9u);
  EXPECT_EQ(again.arrivals("say"), 0u);
  test.websocket = R"({"ping_interval": "30s"})";
  EXPECT_EQ(run_case(test).record.sessions.lost, 0u) << "the client sends pings";
  test.websocket = "{}";
  test.proxy = R"(, "read_timeout": "100s")";
  EXPECT_EQ(run_case(test).record.sessions.lost, 0u);
  test.servers = R"("web": {"server": "hypercorn", "overhead": "none"})";
  test.proxy.clear();
  EXPECT_EQ(run_case(test).record.sessions.lost, 1u) << "hypercorn sends none";
  test.application.clear();
  EXPECT_EQ(run_case(test).record.sessions.lost, 0u) << "without nginx nobody closes it";
}

// Nine clients come, one a second. Two for nginx itself and two for each that is open: with ten,
// the fifth finds nothing.
TEST(ProxiedWebSockets, HoldTwoConnectionsOfTheWorker) {
  Case test{.begin = R"({"kind": "constant", "rate": "1/s"})",
            .proxy = R"(, "worker_connections": 10)",
            .horizon_s = 9};
  const Seen seen = run_case(test);
  EXPECT_EQ(seen.arrivals("web.open"), 4u);
  EXPECT_EQ(seen.ended(Outcome::reset), 5u);
  test.proxy = R"(, "worker_connections": 11)";
  EXPECT_EQ(run_case(test).ended(Outcome::error_500), 5u)
      << "one to the client, none to the server";
}

// Nine clients again.
TEST(ProxiedWebSockets, CountForLimitConn) {
  const Case test{.begin = R"({"kind": "constant", "rate": "1/s"})",
                  .proxy = R"(, "limit_conn": 3)",
                  .horizon_s = 9};
  const Seen seen = run_case(test);
  EXPECT_EQ(seen.arrivals("web.open"), 3u);
  EXPECT_EQ(seen.ended(Outcome::rejected_503), 6u);
}

// The limit of requests is one of handshakes.
TEST(ProxiedWebSockets, SendMessagesBesideLimitReq) {
  const Case test{.think = "\"10ms\"",
                  .messages = 50,
                  .proxy = R"(, "limit_req": {"rate": "1/s"})",
                  .horizon_s = 9};
  EXPECT_EQ(run_case(test).ended(Outcome::completed), 51u);
}

// A process that has served enough closes those that are open; nginx tells the clients, who open
// others. Ten at once need more than two processes serve, later ones find room. Nothing is left of
// either end when all are through.
TEST(ProxiedWebSockets, AreClosedWithTheProcessBehindThem) {
  Case test{.begin = R"({"kind": "schedule", "first": "0s", "batch": {"size": 10}})",
            .messages = 4,
            .websocket = R"({"reconnect": {"law": "uniform", "low": "1s", "high": "100s"}})",
            .servers = R"("web": {"server": "gunicorn-uvicorn", "workers": 2, "overhead": "none",
                                  "max_requests": 20, "import": "100ms"})"};
  const Seen seen = run_case(test);
  EXPECT_EQ(seen.record.sessions.durations.count(), 10u);
  EXPECT_GT(seen.record.sessions.reconnects, 5u);
  World world(seen.blueprint, 1, 0);
  Recorder recorder(seen.blueprint, {Instant(), Instant() + seconds(600), 1000, {}});
  while (world.events.next_instant() < Instant() + seconds(600)) {
    step(world, seen.blueprint, recorder);
  }
  EXPECT_EQ(world.connections.live(), 0u);
  for (const ProcessState& process : world.processes) {
    EXPECT_EQ(process.connections, 0u);
    EXPECT_EQ(process.sockets, 0u);
  }
}

// A handler blocks the loop for 45 s. Clients that send pings give up after 20 s without an answer;
// those that send none wait, and uvicorn has nobody to kill it.
TEST(ProxiedWebSockets, AreGivenUpByClientsThatGetNoPong) {
  Case test{.begin = R"({"kind": "schedule", "first": "0s", "batch": {"size": 10}})",
            .think = R"("170s")",
            .messages = 1,
            .websocket = R"({"reconnect": "1s", "ping_interval": "20s"})",
            .requests = R"(, "report": {"service": "web", "steps": [{"cpu": "45s"}],
                "arrivals": {"kind": "schedule", "first": "63s"}})"};
  for (const bool is_proxied : {true, false}) {
    if (!is_proxied) test.application.clear();
    test.websocket = R"({"reconnect": "1s", "ping_interval": "20s"})";
    // Pings at 20, 40, 60 and 80 s, of which the last one is given up at 100 s.
    EXPECT_EQ(run_case(test).record.sessions.reconnects, 10u);
    test.websocket = R"({"reconnect": "1s", "ping_interval": "20s", "ping_timeout": "30s"})";
    EXPECT_EQ(run_case(test).record.sessions.reconnects, 0u) << "answered at 108 s";
    test.websocket = R"({"reconnect": "1s"})";
    EXPECT_EQ(run_case(test).record.sessions.reconnects, 0u);
  }
}

// A client that waits for its message when it gives up loses that, too.
TEST(ProxiedWebSockets, LoseTheMessageWithThePong) {
  const Case test{.think = R"("5s")",
                  .messages = 3,
                  .websocket = R"({"ping_interval": "4s", "ping_timeout": "3s"})",
                  .requests = R"(, "report": {"service": "web", "steps": [{"cpu": "20s"}],
                      "arrivals": {"kind": "schedule", "first": "7s"}})"};
  const Seen seen = run_case(test);
  // Pings at 4 and 8 s; a message at 10 s is given up with the connection at 11 s.
  EXPECT_EQ(seen.ended(Outcome::timed_out), 1u);
  EXPECT_EQ(seen.record.sessions.lost, 1u);
}

// A balancer chooses a replica for the handshake, with or without an nginx on each of them.
TEST(ProxiedWebSockets, GoThroughBalancers) {
  Case test{.begin = R"({"kind": "schedule", "first": "0s", "batch": {"size": 3}})",
            .setup = R"("machine": {"cores": 1}, "replicas": 3)"};
  for (const bool has_nginx : {true, false}) {
    if (!has_nginx) test.application.clear();
    const Seen seen = run_case(test);
    EXPECT_EQ(seen.record.sessions.durations.count(), 3u);
    for (const char* name : {"web-1.say", "web-2.say", "web-3.say"}) {
      EXPECT_EQ(seen.arrivals(name), 5u);
    }
  }
  test.think = R"("61s")";
  test.messages = 1;
  test.servers = R"("web": {"server": "hypercorn", "overhead": "none"})";
  EXPECT_EQ(run_case(test).record.sessions.lost, 3u) << "its idle timeout is a minute";
}

}  // namespace
}  // namespace cotenant

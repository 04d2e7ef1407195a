// SPDX-License-Identifier: Apache-2.0
//
// nginx in front of gunicorn, held against what was measured of nginx 1.22.1 (python-servers.md
// sections 5 and 8.9): limits, timeouts, failing servers and clients that leave.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "models/step.h"
#include "scenarios/compile.h"
#include "scenarios/decode.h"

namespace cotenant {
namespace {

// The first requests come after ten seconds, the second ones after the end.
constexpr Duration kHorizon = seconds(19);

struct Reply {
  double seconds;
  Outcome outcome;
};

// What the requests of that scenario got, in the order of their arrivals.
std::vector<Reply> replies(const std::string& requests, const std::string& proxy,
                           const std::string& clients = "{}") {
  const std::string text = R"({"format": 1, "name": "nginx", "workload": {"requests": )" +
                           requests + R"(, "clients": )" + clients + R"(},
      "application": {
        "proxy": {"server": "nginx", )" +
                           proxy + R"(},
        "web1": {"server": "gunicorn-sync", "workers": 1, "timeout": "0s"},
        "web2": {"server": "gunicorn-sync", "workers": 1, "timeout": "0s"}},
      "setups": {"one": {"machine": {"cores": 4}}}})";
  const Checked<Scenario> scenario = decode(text);
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  if (!scenario.ok()) return {};
  const Checked<std::vector<Blueprint>> blueprints = compile(*scenario, ".");
  RunOptions options;
  options.recorder.horizon = Instant() + kHorizon;
  options.recorder.log_requests = true;
  std::vector<LoggedRequest> log = run(blueprints->front(), options).requests;
  std::stable_sort(log.begin(), log.end(), [](const LoggedRequest& a, const LoggedRequest& b) {
    return a.arrival < b.arrival;
  });
  std::vector<Reply> result;
  for (const LoggedRequest& each : log) {
    result.push_back({static_cast<double>((each.end - each.arrival).count()) / 1e9, each.outcome});
  }
  return result;
}

std::string at_once(int count, const std::string& steps) {
  return R"({"page": {"service": "proxy", "arrivals": {"kind": "constant", "rate": "6/min", "batch": {"size": )" +
         std::to_string(count) + R"(}}, "steps": )" + steps + "}}";
}

int count(const std::vector<Reply>& replies, Outcome outcome) {
  return static_cast<int>(std::count_if(replies.begin(), replies.end(), [&](const Reply& reply) {
    return reply.outcome == outcome;
  }));
}

const std::string kOne = R"("upstream": {"web1": {}})";
const std::string kTwo = R"("upstream": {"web1": {}, "web2": {}})";
const std::string kLight = R"([{"cpu": "100us"}])";

// Measured with 10 requests/s, a burst of 5 and 12 at once: 6 x 200 at 0, .1 ... .5 s, 6 x 503.
TEST(Nginx, LimitReqSpreadsABurstAndRejectsTheRest) {
  const std::vector<Reply> all =
      replies(at_once(12, kLight), kOne + R"(, "limit_req": {"rate": "10/s", "burst": 5})");
  ASSERT_EQ(all.size(), 12u);
  EXPECT_EQ(count(all, Outcome::rejected_503), 6);
  std::vector<double> served;
  for (const Reply& reply : all) {
    if (reply.outcome == Outcome::completed) served.push_back(reply.seconds);
  }
  ASSERT_EQ(served.size(), 6u);
  std::sort(served.begin(), served.end());
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(served[i], 0.1 * static_cast<double>(i), 0.02);
}

// The same with nodelay: 6 x 200 at once and 6 x 503.
TEST(Nginx, LimitReqWithoutDelayServesTheBurstAtOnce) {
  const std::vector<Reply> all =
      replies(at_once(12, kLight),
              kOne + R"(, "limit_req": {"rate": "10/s", "burst": 5, "nodelay": true})");
  EXPECT_EQ(count(all, Outcome::completed), 6);
  EXPECT_EQ(count(all, Outcome::rejected_503), 6);
  for (const Reply& reply : all) EXPECT_LT(reply.seconds, 0.02);
}

// Measured: one server and a timeout of 1 s, 504 after 1.0 s; with two servers after 2.0 s, and the
// application ran twice.
TEST(Nginx, AReadTimeoutIsA504AfterOneTimeoutForEachServer) {
  const std::string slow = R"([{"wait": "8s"}])";
  const std::vector<Reply> one = replies(at_once(1, slow), kOne + R"(, "read_timeout": "1s")");
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].outcome, Outcome::error_504);
  EXPECT_NEAR(one[0].seconds, 1.0, 0.01);
  const std::vector<Reply> two = replies(at_once(1, slow), kTwo + R"(, "read_timeout": "1s")");
  ASSERT_EQ(two.size(), 1u);
  EXPECT_EQ(two[0].outcome, Outcome::error_504);
  EXPECT_NEAR(two[0].seconds, 2.0, 0.01);
}

// Measured: after both servers timed out once, the following request got 502 in 0.0 s although both
// were healthy by then: one slow address can take the whole site down for fail_timeout.
TEST(Nginx, OneSlowRequestTakesAllServersOutForAWhile) {
  const std::string requests = R"({
      "slow": {"service": "proxy", "arrivals": {"kind": "constant", "rate": "6/min"}, "steps": [{"wait": "3s"}]},
      "light": {"service": "proxy", "arrivals": {"kind": "constant", "rate": "1/s"}, "steps": [{"cpu": "100us"}]}})";
  const std::vector<Reply> all = replies(requests, kTwo + R"(, "read_timeout": "1s")");
  EXPECT_GE(count(all, Outcome::error_502), 6);
  for (const Reply& reply : all) {
    EXPECT_TRUE(reply.outcome != Outcome::error_502 || reply.seconds < 0.01) << reply.seconds;
  }
}

// A server alone is never left alone: the request after a timeout waits for it again.
TEST(Nginx, ALoneServerIsAskedAgain) {
  const std::string requests = R"({
      "slow": {"service": "proxy", "arrivals": {"kind": "constant", "rate": "6/min"}, "steps": [{"wait": "1500ms"}]},
      "light": {"service": "proxy", "arrivals": {"kind": "constant", "rate": "5/min"}, "steps": [{"cpu": "100us"}]}})";
  const std::vector<Reply> all = replies(requests, kOne + R"(, "read_timeout": "1s")");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].outcome, Outcome::error_504);
  EXPECT_EQ(all[1].outcome, Outcome::completed);
}

// Measured: the client left, and the next request waited until the worker had finished with what it
// had left behind. Here a client leaves one second into a request of 2.5 s; the next one comes one
// second later and waits for the remaining half.
TEST(Nginx, AClientThatLeavesLeavesItsWorkBehind) {
  const std::string requests = R"({
      "slow": {"service": "proxy", "arrivals": {"kind": "constant", "rate": "6/min"}, "steps": [{"wait": "2500ms"}]},
      "light": {"service": "proxy", "arrivals": {"kind": "constant", "rate": "5/min"}, "steps": [{"cpu": "100us"}]}})";
  const std::vector<Reply> all = replies(requests, kOne, R"({"timeout": "1s"})");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].outcome, Outcome::timed_out);
  EXPECT_EQ(all[1].outcome, Outcome::completed);
  EXPECT_NEAR(all[1].seconds, 0.5, 0.01);
}

// 8 requests a second of 200 ms each are more than one worker can do, and two workers that take
// turns never keep anybody waiting.
TEST(Nginx, RoundRobinSharesRequestsEvenly) {
  const std::string requests =
      R"({"page": {"service": "proxy", "arrivals": {"kind": "constant", "rate": "8/s"},
                                            "steps": [{"wait": "200ms"}]}})";
  for (const Reply& reply : replies(requests, kTwo)) {
    EXPECT_TRUE(reply.outcome == Outcome::censored || reply.seconds < 0.21) << reply.seconds;
  }
}

// Of a request whose client has kept its connection. Measured of a static file: 20 us instead of
// 38, and 474 us for a handshake with an RSA key.
TEST(Nginx, AKeptConnectionSavesItsOpeningAndTheHandshake) {
  const auto latency = [](const std::string& tls, const std::string& clients) {
    const std::string requests =
        R"({"page": {"service": "proxy", "arrivals": {"kind": "constant", "rate": "1/s"}, "steps": )" +
        kLight + "}}";
    return replies(requests, kOne + R"(, "tls": ")" + tls + '"', clients).at(1).seconds;
  };
  const auto saved = [&](const std::string& tls) {
    return latency(tls, "{}") - latency(tls, R"({"keep_alive": {"connections": 1}})");
  };
  EXPECT_NEAR(saved("none"), 18e-6, 1e-9);
  EXPECT_NEAR(saved("rsa-2048"), 18e-6 + 474e-6, 1e-9);
}

}  // namespace
}  // namespace cotenant

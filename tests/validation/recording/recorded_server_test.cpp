// SPDX-License-Identifier: Apache-2.0
//
// Each kind of server that may have been recorded becomes that server, alone or behind a proxy.
#include "validation/recording/recorded_server.h"

#include <gtest/gtest.h>

#include <string>

#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "tests/validation/recording/recording.h"
#include "validation/recording/replay.h"

namespace cotenant {
namespace {

// A recording of what `server` says inside of its braces, beside the members in `more`.
Bundle recording_of(const std::string& server, const std::string& more = "") {
  return read_good(with_experiment(R"("server": {"kind": "gunicorn-sync", "workers": 1})",
                                   R"("server": {)" + server + "}" + more));
}

template <class Server>
Server recorded_as(const std::string& server) {
  const Named<Service> services = services_of(recording_of(server).server, 1);
  EXPECT_EQ(services.size(), 1u);
  return std::get<Server>(services.back().second.server);
}

class EveryKind : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryKind, IsReplayedAloneAndBehindNginx) {
  const std::string kind = R"("kind": ")" + GetParam() + R"(", "workers": 2)";
  for (const char* proxy : {"", R"(, "proxy": "nginx")"}) {
    const Bundle bundle = recording_of(kind, proxy);
    ASSERT_EQ(why_not_replayed(bundle), "");
    const Scenario scenario = replay_of(bundle, 1.5);
    EXPECT_EQ(scenario.application.size(), bundle.server.proxy ? 2u : 1u);
    const Checked<Scenario> again = decode(encode(scenario));
    ASSERT_TRUE(again.ok()) << render(again.diagnostics(), "replay");
    EXPECT_EQ(*again, scenario);
  }
}
INSTANTIATE_TEST_SUITE_P(All, EveryKind,
                         ::testing::Values("gunicorn-sync", "gunicorn-gthread", "gunicorn-gevent",
                                           "gunicorn-uvicorn", "uvicorn", "hypercorn", "uwsgi"));

TEST(RecordedServer, HasTheSettingsOfItsKind) {
  const auto uwsgi = recorded_as<Uwsgi>(
      R"("kind": "uwsgi", "workers": 2, "threads": 3, "harakiri": 7, "thunder_lock": true)");
  EXPECT_EQ(uwsgi.workers, 2);
  EXPECT_EQ(uwsgi.threads, 3);
  EXPECT_EQ(uwsgi.harakiri, seconds(7));
  EXPECT_TRUE(uwsgi.thunder_lock);
  const auto hypercorn = recorded_as<Hypercorn>(R"("kind": "hypercorn", "keepalive": 9)");
  EXPECT_EQ(hypercorn.version, "0.13");  // that of Debian 12
  EXPECT_EQ(hypercorn.keep_alive, seconds(9));
  const auto uvicorn = recorded_as<Uvicorn>(R"("kind": "uvicorn", "max_requests": 80)");
  EXPECT_EQ(uvicorn.limit_max_requests, 80);
  const auto worker = recorded_as<GunicornUvicorn>(
      R"("kind": "gunicorn-uvicorn.workers.UvicornWorker", "timeout": 4)");
  EXPECT_EQ(worker.arbiter.timeout, seconds(4));
}

TEST(RecordedServer, IsAsTheServerHasItWhereNothingIsSaid) {
  EXPECT_EQ(recorded_as<Uwsgi>(R"("kind": "uwsgi")").backlog, Uwsgi().backlog);
  EXPECT_EQ(recorded_as<Hypercorn>(R"("kind": "hypercorn")").keep_alive, Hypercorn().keep_alive);
  EXPECT_EQ(recorded_as<GunicornSync>(R"("kind": "gunicorn-sync")").backlog, 2048);
}

TEST(RecordedServer, StandsBehindItsProxyInTheSameGroup) {
  const std::string settings = R"("kind": "nginx", "workers": 2, "keepalive": 16)";
  const Scenario scenario = replay_of(
      recording_of(R"("kind": "uwsgi")", R"(, "proxy": {"read_timeout": 9, )" + settings + "}"));
  const auto& [name, service] = scenario.application.at(0);
  const Nginx& nginx = std::get<Nginx>(service.server);
  EXPECT_EQ(name, kRecordedProxy);
  EXPECT_EQ(nginx.workers, 2);
  EXPECT_EQ(nginx.upstream_keep_alive, 16);
  EXPECT_EQ(nginx.read_timeout, seconds(9));
  EXPECT_EQ(nginx.upstream.at(0).first, kRecordedServer);
  for (const auto& [of, placement] : scenario.setups.at(0).second.services) {
    EXPECT_EQ(placement.scheduling.group, kServiceGroup) << of;
  }
  const Bundle in_the_kind = recording_of(R"("kind": "nginx+gunicorn-gthread")");
  EXPECT_EQ(in_the_kind.server.kind, "gunicorn-gthread");
  ASSERT_TRUE(in_the_kind.server.proxy);
  EXPECT_EQ(in_the_kind.server.proxy->kind, "nginx");
}

TEST(RecordedServer, ServesSoManyAtOnce) {
  const auto slots = [](const std::string& server) {
    return slots_of(recording_of(server).server);
  };
  EXPECT_EQ(slots(R"("kind": "gunicorn-sync", "workers": 3, "threads": 1)"), 3);
  EXPECT_EQ(slots(R"("kind": "gunicorn-gthread", "workers": 3, "threads": 4)"), 12);
  EXPECT_EQ(slots(R"("kind": "uwsgi", "workers": 2, "threads": 4)"), 8);
  EXPECT_GT(slots(R"("kind": "gunicorn-gevent", "workers": 2)"), 1000);
}

TEST(RecordedServer, SaysWhatIsNotModeled) {
  const auto why = [](const std::string& server) {
    return why_server_is_not_modeled(recording_of(server).server);
  };
  EXPECT_NE(why(R"("kind": "gunicorn-gevnt")").find("did you mean \"gunicorn-gevent\"?"),
            std::string::npos);
  EXPECT_EQ(why(R"("kind": "hypercorn", "max_requests": 5)"), "hypercorn 0.13 has no max_requests");
  EXPECT_EQ(why(R"("kind": "uwsgi", "proxy": "haproxy")"),
            "the proxy \"haproxy\" is not modeled, only nginx is");
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// What sessions request and when, how they end, and which connections they have; and that requests
// of sessions meet the queues that product-form networks predict.
#include "models/workload/sessions.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

const Sampler kThink20(law::Constant{20e6});

// Sessions begin each 100 ms: 5 ms of work, 20 ms of thinking, 3 ms of work.
TEST(Sessions, FollowTheirScriptAndThinkAfterEachReply) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  const ClassId login = builder.request_class(service, {cpu_step(milliseconds(5))});
  const ClassId pay = builder.request_class(service, {cpu_step(milliseconds(3))});
  const SourceId source = builder.source(ConstantSource{100e6}, {login, pay});
  builder.sessions(source, {SessionScript{{login, pay}}, kThink20});
  const RunRecord record = run_to(builder.build(), milliseconds(510));
  EXPECT_EQ(record.sessions.started, 5u);  // at 100, ..., 500 ms
  EXPECT_EQ(record.sessions.durations.count(), 4u);
  EXPECT_EQ(record.sessions.durations.min(), milliseconds(28));
  EXPECT_EQ(record.sessions.durations.max(), milliseconds(28));
  EXPECT_EQ(record.sessions.lost, 0u);
  EXPECT_EQ(record.classes[login].arrivals, 5u);
  EXPECT_EQ(record.classes[pay].arrivals, 4u);
}

TEST(Sessions, OfFixedLengthShareOutTheirRequestsToTheClasses) {
  BlueprintBuilder builder(64);
  const ServiceId service = builder.service({.workers = 64});
  const ClassId one = builder.request_class(service, {cpu_step(Duration(1000))});
  const ClassId two = builder.request_class(service, {cpu_step(Duration(1000))});
  const SourceId source = builder.source(ConstantSource{1e6}, {one, two});
  builder.sessions(source, {SessionMix{4u}, Sampler(law::Constant{1e5})});
  const RunRecord record = run_to(builder.build(), seconds(2));
  // All but the last session, which begins 1 ms before the end, and takes 0.304 ms.
  EXPECT_EQ(record.sessions.durations.count(), 1999u);
  const auto ones = static_cast<double>(record.classes[one].arrivals);
  EXPECT_EQ(record.classes[one].arrivals + record.classes[two].arrivals, 4 * 1999u);
  EXPECT_NEAR(ones, 4 * 1999 / 2.0, 5 * std::sqrt(4 * 1999 / 4.0));
}

// Login, then browsing that goes on with 0.6 and leads to the till with 0.3: browsing is visited
// 0.9 / 0.4 = 2.25 times, and 2.25 * 0.3 = 0.675 of the sessions pay. The variance of a geometric
// number with this mean is below 4.
TEST(Sessions, WalkWithTheirProbabilities) {
  BlueprintBuilder builder(64);
  const ServiceId service = builder.service({.workers = 64});
  std::vector<ClassId> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(builder.request_class(service, {cpu_step(Duration(1000))}));
  }
  const SourceId source = builder.source(ConstantSource{1e6}, ids);
  const SessionWalk walk{{{ids[0], DiscreteChoice({0, 0.9, 0, 0.1})},
                          {ids[1], DiscreteChoice({0, 0.6, 0.3, 0.1})},
                          {ids[2], DiscreteChoice({0, 0, 0, 1})}}};
  builder.sessions(source, {walk, Sampler(law::Constant{0})});
  const RunRecord record = run_to(builder.build(), seconds(10) + milliseconds(1) / 2);
  constexpr double kSessions = 10'000;
  EXPECT_EQ(record.classes[ids[0]].arrivals, 10'000u);
  EXPECT_NEAR(static_cast<double>(record.classes[ids[1]].arrivals), 2.25 * kSessions,
              5 * 2 * std::sqrt(kSessions));
  EXPECT_NEAR(static_cast<double>(record.classes[ids[2]].arrivals), 0.675 * kSessions,
              5 * 0.5 * std::sqrt(kSessions));
}

// Of three requests the second fails always.
RunRecord run_failing(bool ends_on_failure) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  const ClassId good = builder.request_class(service, {cpu_step(milliseconds(1))});
  const ClassId bad = builder.request_class(service, {cpu_step(milliseconds(1)), error_step(1)});
  const SourceId source = builder.source(ConstantSource{100e6}, {good, bad});
  builder.sessions(source, {SessionScript{{good, bad, good}}, kThink20, ends_on_failure});
  return run_to(builder.build(), milliseconds(450));
}

TEST(Sessions, AreLostWithARequestThatFails) {
  const RunRecord record = run_failing(true);
  EXPECT_EQ(record.sessions.lost, 4u);
  EXPECT_EQ(record.sessions.durations.count(), 0u);
  EXPECT_EQ(record.classes[ClassId(0)].arrivals, 4u);
}

TEST(Sessions, GoOnAfterAFailureIfTheirClientsDo) {
  const RunRecord record = run_failing(false);
  EXPECT_EQ(record.sessions.lost, 0u);
  EXPECT_EQ(record.sessions.durations.count(), 4u);
  EXPECT_EQ(record.classes[ClassId(0)].arrivals, 8u);
}

// Between the end of one session and the beginning of the next nobody keeps anything: the server
// would keep each connection for an hour.
TEST(Sessions, KeepAConnectionOfTheirOwnUntilTheyEnd) {
  BlueprintBuilder builder;
  const ServiceId service = builder.gthread(
      {.threads = 2, .connections = 10, .keep_alive = KeepAliveSpec{seconds(3600), 8}});
  const ClassId id = builder.request_class(service, {cpu_step(milliseconds(1))});
  const SourceId source = builder.source(ConstantSource{100e6}, {id}, 2u);
  builder.sessions(source, {SessionMix{3u}, kThink20});
  builder.keep_connections();
  const Blueprint blueprint = builder.build();
  World world(blueprint, 1, 0);
  Recorder recorder(blueprint, {Instant(), Instant() + seconds(1), 1000, {}});
  std::uint32_t most = 0;
  while (world.events.next_instant() < Instant() + milliseconds(1090)) {
    step(world, blueprint, recorder);
    most = std::max(most, world.connections.live());
  }
  EXPECT_EQ(most, 2u);
  EXPECT_EQ(world.connections.live(), 0u);
  EXPECT_EQ(world.connections.opened(), 20u);
  EXPECT_EQ(world.sessions.live(), 0u);
}

// A request of a session has its own luck, whatever other sessions do before it: the first session
// is the same in both runs, though the second one has more requests.
TEST(Sessions, DoNotDependOnEachOthersLuck) {
  const auto first_latencies = [](std::uint32_t length) {
    BlueprintBuilder builder(8);
    const ServiceId service = builder.service({.workers = 8});
    const ClassId id = builder.request_class(service, {wait_step(law::Exponential{5e6})});
    const SourceId source = builder.source(ConstantSource{10e6}, {id});
    builder.sessions(source, {SessionMix{length}, Sampler(law::Exponential{20e6})});
    const Blueprint blueprint = builder.build();
    World world(blueprint, 1, 0);
    RecorderOptions options{Instant(), Instant() + seconds(1), 1000, {}};
    options.log_requests = true;
    Recorder recorder(blueprint, options);
    while (world.events.next_instant() < options.horizon) step(world, blueprint, recorder);
    std::vector<LoggedRequest> logged =
        recorder.finish(world, blueprint, StopReason::horizon_reached).requests;
    std::vector<std::int64_t> first;  // of the first two requests of the sessions 0, 1 and 2
    for (const LoggedRequest& request : logged) {
      const bool counts = request.ordinal >> 32 < 3 && (request.ordinal & 0xffffffff) < 2;
      if (counts) first.push_back((request.end - request.arrival).count());
    }
    std::sort(first.begin(), first.end());
    return first;
  };
  EXPECT_EQ(first_latencies(2).size(), 6u);
  EXPECT_EQ(first_latencies(2), first_latencies(5));
}

// A queue with feedback: sessions come at 20/s and make three requests of 10 ms on average, so that
// a request finds a load of 0.6. In a product-form network each visit sees M/M/1, whether clients
// think in between or not: 10 ms / (1 - 0.6) = 25 ms (Jackson 1957; for think times of any law BCMP
// 1975). A session takes three of them and two thoughts on average.
struct Feedback {
  const char* what;
  bool sharing;  // of the processor, otherwise one after the other
  double think;  // ns
};

TEST(SessionsAtOneServer, MeetTheQueueOfAProductFormNetwork) {
  for (const Feedback& feedback :
       {Feedback{"first come, first served", false, 0}, Feedback{"with long thinking", false, 2e9},
        Feedback{"sharing the processor", true, 1e8}}) {
    BlueprintBuilder builder;
    const ServiceId service = builder.service(
        {.workers = feedback.sharing ? 300u : 1u, .accept_queue_capacity = 100'000});
    const ClassId id = builder.request_class(service, {cpu_step(law::Exponential{10e6})});
    const SourceId source = builder.poisson(20, id);
    builder.sessions(source, {SessionMix{GeometricCount(3)},
                              Sampler(law::Exponential{feedback.think > 0 ? feedback.think : 1})});
    const RunRecord record = run_to(builder.build(), seconds(4000));
    const Histogram& latency = record.classes[id].latency;
    // 240,000 requests. The variance of the mean is that of n / (1 + 2 rho / (1 - rho)^2)
    // independent ones, for M/M/1 about n / 9 at this load: 25 ms / sqrt(26,000) = 0.16 ms, and
    // more where sessions come in bursts of requests. Five percent are far beyond both.
    const auto mean_of = [](const Histogram& times) {
      return static_cast<double>(times.sum_ns()) / static_cast<double>(times.count());
    };
    EXPECT_NEAR(mean_of(latency), 25e6, 0.05 * 25e6) << feedback.what;
    EXPECT_NEAR(mean_of(record.sessions.durations), 3 * 25e6 + 2 * feedback.think,
                0.05 * (75e6 + 2 * feedback.think))
        << feedback.what;
  }
}

}  // namespace
}  // namespace cotenant

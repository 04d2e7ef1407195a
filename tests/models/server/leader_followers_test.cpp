// SPDX-License-Identifier: Apache-2.0
//
// Threads that accept for themselves: who accepts, what runs with Python's lock, when a process is
// killed or replaced, and how many there are. Instants are worked out by hand; when the main
// process looks, and what its clock shows, is random.
#include "models/server/leader_followers.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"
#include "tests/support/logged_run.h"

namespace cotenant {
namespace {

constexpr Duration kMs = milliseconds(1);
constexpr Duration kBoot = kMs * 50;

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }
PhaseCpu cost_ms(std::int64_t ms) { return always(CpuTime(ms * 1'000'000)); }
Duration time_in(const RunRecord& record, WaitState state) {
  return record.attribution.total().times[static_cast<std::size_t>(state)];
}
double end_s(const RunRecord& record, std::uint64_t ordinal) {
  return static_cast<double>((request(record, ordinal).end - Instant()).count()) / 1e9;
}
std::int64_t end_ms(const RunRecord& record, std::uint64_t ordinal) {
  return (request(record, ordinal).end - Instant()).count() / kMs.count();
}
const ServiceRecord& of_service(const RunRecord& record) { return record.services[ServiceId(0)]; }

OverheadSpec overhead(const std::vector<std::pair<ServerPhase, std::int64_t>>& costs) {
  OverheadSpec spec;
  for (const auto& [phase, ms] : costs) {
    spec.phases[static_cast<std::size_t>(phase)] = cost_ms(ms);
  }
  return spec;
}

// --- Who accepts

// gthread's first process would have taken all of them. Here the third waits in the accept queue
// until any thread of any process is free, which is one of 100 ms.
TEST(LeaderFollowers, LeaveInTheAcceptQueueWhatNoThreadServes) {
  for (const bool one_leader : {false, true}) {
    BlueprintBuilder builder;
    const ServiceId service =
        builder.leader_followers({.processes = 2, .threads = 1, .one_leader = one_leader});
    std::vector<ClassId> ids;
    for (const std::int64_t ms : {300, 100, 50}) {
      ids.push_back(builder.request(at_ms(0), service, {wait_step(kMs * ms)}));
    }
    const RunRecord record = run_to(builder.build(), seconds(1));
    EXPECT_EQ(latency_of(record, ids[0]), kMs * 300);
    EXPECT_EQ(latency_of(record, ids[1]), kMs * 100);
    EXPECT_EQ(latency_of(record, ids[2]), kMs * 150);
    EXPECT_EQ(time_in(record, WaitState::accept_queue), kMs * 100);
    EXPECT_EQ(time_in(record, WaitState::process_queue), Duration(0));
  }
}

// One of four threads waits for a connection; when it has one, the next one finds the other.
TEST(LeaderFollowers, LeadOneAfterTheOther) {
  BlueprintBuilder builder(4);
  const ServiceId service = builder.leader_followers(
      {.threads = 4, .overhead = overhead({{ServerPhase::spurious_wake, 3}})});
  const ClassId first = builder.request(at_ms(0), service, {wait_step(kMs * 100)});
  const ClassId second = builder.request(at_ms(0), service, {wait_step(kMs * 100)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, first), kMs * 103);
  EXPECT_EQ(latency_of(record, second), kMs * 106);
  // Nobody has woken in vain.
  EXPECT_EQ(record.machines[kHardware].cpu_used(), CpuTime((kMs * 6).count()));
}

// One leader of each of three processes, or of one.
TEST(LeaderFollowers, WakeInVainUnlessProcessesTakeTurns) {
  for (const bool one_leader : {false, true}) {
    BlueprintBuilder builder(4);
    const ServiceId service =
        builder.leader_followers({.processes = 3,
                                  .threads = 2,
                                  .one_leader = one_leader,
                                  .overhead = overhead({{ServerPhase::spurious_wake, 3}})});
    builder.request(at_ms(0), service, {cpu_step(kMs * 100)});
    const RunRecord record = run_to(builder.build(), seconds(1));
    EXPECT_EQ(record.machines[kHardware].cpu_used(),
              CpuTime((kMs * (one_leader ? 103 : 109)).count()));
  }
}

// With turns, requests go round the processes: after three of them none has served its two.
TEST(LeaderFollowers, TakeTurnsAmongProcesses) {
  BlueprintBuilder builder(2);
  ArbiterSpec arbiter;
  arbiter.max_requests = 2;
  arbiter.replaces = Replaces::never;
  const ServiceId service = builder.leader_followers(
      {.processes = 3, .threads = 2, .one_leader = true, .arbiter = arbiter});
  for (int i = 0; i < 5; ++i) builder.request(at_ms(i * 10), service, {cpu_step(kMs)});
  const RunRecord record = run_to(builder.build(), milliseconds(45));
  EXPECT_EQ(count_of(record, Outcome::completed), 5u);
  EXPECT_EQ(of_service(record).lost, 2u);
  EXPECT_EQ(of_service(run_to(builder.build(), milliseconds(25))).lost, 0u);
}

// --- Phases, and Python's lock

// Accepting, the reply and what follows are C; only calling the application needs the lock, which
// the first thread has from 2 to 106 ms.
TEST(LeaderFollowersPhases, NeedTheLockToCallTheApplicationOnly) {
  BlueprintBuilder builder(4);
  const ServiceId service =
      builder.leader_followers({.threads = 2,
                                .overhead = overhead({{ServerPhase::accept, 2},
                                                      {ServerPhase::start, 4},
                                                      {ServerPhase::respond, 16},
                                                      {ServerPhase::finish, 32}}),
                                .gil = GilSpec{seconds(1), CpuTime(1)}});
  const ClassId first = builder.request(at_ms(0), service, {cpu_step(kMs * 100)});
  const ClassId second = builder.request(at_ms(10), service, {native_step(kMs * 10)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(latency_of(record, first), kMs * (2 + 4 + 100 + 16));
  // Accepted at 12 ms; the lock is free at 106 ms, when the first one responds, and looked at in 1
  // ns.
  EXPECT_EQ(latency_of(record, second), kMs * (106 - 10 + 4 + 10 + 16) + Duration(1));
  EXPECT_EQ(time_in(record, WaitState::gil), kMs * (106 - 12));
  EXPECT_EQ(record.machines[kHardware].cpu_used(),
            CpuTime((kMs * (2 * (2 + 4 + 16 + 32) + 110)).count() + 1));
}

// --- harakiri

ArbiterSpec harakiri(Duration timeout) {
  ArbiterSpec arbiter;
  arbiter.timeout = timeout;
  arbiter.times_requests = true;
  arbiter.boot = CpuTime(kBoot.count());
  arbiter.replaces = Replaces::when_it_looks;
  arbiter.looks_every = seconds(1);
  return arbiter;
}

// python-servers.md 3.1: harakiri = 2, the connection was closed after 2.52 s, and the next request
// waited for 1 s more. In whole seconds of the clock it is 2 to 3 s, and a look comes within a
// second of that: 3 s on average.
TEST(Harakiri, KillsTheProcessAtALookAndReplacesItAtTheNext) {
  BlueprintBuilder builder;
  const ServiceId service =
      builder.leader_followers({.threads = 1, .arbiter = harakiri(seconds(2))});
  builder.request(at_ms(5000), service, {wait_step(seconds(8))});
  builder.request(at_ms(5100), service, {cpu_step(kMs)});
  const Blueprint blueprint = builder.build();
  EXPECT_TRUE(blueprint.is_random());
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const RunRecord record = logged(blueprint, seconds(20), seed);
    EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
    EXPECT_GE(end_s(record, 0), 7);
    EXPECT_LE(end_s(record, 0), 9);
    EXPECT_EQ(request(record, 1).outcome, Outcome::completed);
    EXPECT_EQ(request(record, 1).end, request(record, 0).end + seconds(1) + kBoot + kMs);
    EXPECT_EQ(of_service(record).timeouts, 1u);
    EXPECT_EQ(of_service(record).restarts, 1u);
    sum += end_s(record, 0) - 5;
  }
  // Two uniform seconds: the mean of 200 has a standard deviation of 29 ms.
  EXPECT_NEAR(sum / 200, 3, 0.12);
}

// All threads of the process die with it; the other process goes on.
TEST(Harakiri, TakesTheOtherThreadsWithIt) {
  BlueprintBuilder builder(4);
  const ServiceId service = builder.leader_followers(
      {.processes = 2, .threads = 2, .one_leader = true, .arbiter = harakiri(seconds(2))});
  for (const std::int64_t s : {20, 3, 20}) {
    builder.request(at_ms(5000), service, {wait_step(seconds(s))});
  }
  const Blueprint blueprint = builder.build();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RunRecord record = logged(blueprint, milliseconds(9900), seed);
    EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
    EXPECT_EQ(request(record, 2).outcome, Outcome::reset);
    EXPECT_EQ(request(record, 2).end, request(record, 0).end);
  }
}

// One deadline for all threads: each request that begins sets it, and each that ends takes it away.
TEST(Harakiri, IsForgottenWhenAnyRequestOfTheProcessEnds) {
  BlueprintBuilder builder(4);
  const ServiceId service =
      builder.leader_followers({.threads = 2, .arbiter = harakiri(seconds(2))});
  builder.request(at_ms(5000), service, {wait_step(seconds(8))});
  builder.request(at_ms(5100), service, {cpu_step(kMs)});
  const Blueprint blueprint = builder.build();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RunRecord record = logged(blueprint, seconds(20), seed);
    EXPECT_EQ(request(record, 0).outcome, Outcome::completed);
    EXPECT_EQ(end_ms(record, 0), 13'000);
  }
}

// --- max-requests

ArbiterSpec recycling(std::uint32_t requests) {
  ArbiterSpec arbiter = harakiri(seconds(1000));
  arbiter.timeout.reset();
  arbiter.max_requests = requests;
  return arbiter;
}

// The process ends with its second reply, at 20 ms, and the main process sees that within a second.
TEST(UwsgiMaxRequests, EndTheProcessAfterTheReply) {
  BlueprintBuilder builder;
  const ServiceId service = builder.leader_followers({.threads = 1, .arbiter = recycling(2)});
  for (const std::int64_t ms : {0, 10, 20}) {
    builder.request(at_ms(ms), service, {cpu_step(kMs * 10)});
  }
  const Blueprint blueprint = builder.build();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RunRecord record = logged(blueprint, seconds(10), seed);
    EXPECT_EQ(end_ms(record, 1), 20);
    EXPECT_GE(end_ms(record, 2), 20 + 50 + 10);
    EXPECT_LE(end_ms(record, 2), 20 + 1000 + 50 + 10);
    EXPECT_EQ(of_service(record).restarts, 1u);
    EXPECT_EQ(of_service(record).timeouts, 0u);
  }
}

// A process younger than that goes on, until the first request after that is over.
TEST(UwsgiMaxRequests, DoNotEndAYoungProcess) {
  BlueprintBuilder builder;
  const ServiceId service =
      builder.leader_followers({.threads = 1, .arbiter = recycling(2), .youngest = seconds(10)});
  for (const std::int64_t ms : {0, 10, 5000, 10'005, 12'000}) {
    builder.request(at_ms(ms), service, {cpu_step(kMs * 10)});
  }
  const RunRecord record = logged(builder.build(), milliseconds(12'500));
  EXPECT_EQ(end_ms(record, 2), 5010);
  EXPECT_EQ(end_ms(record, 3), 10'015);
  EXPECT_EQ(of_service(record).restarts, 1u);
}

// One of its threads is busy for 5 s. It accepts no more, though the other thread is free.
TEST(UwsgiMaxRequests, LetTheOtherThreadsFinish) {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.leader_followers({.threads = 2, .arbiter = recycling(1)});
  builder.request(at_ms(0), service, {wait_step(seconds(5))});
  builder.request(at_ms(10), service, {cpu_step(kMs * 10)});
  builder.request(at_ms(30), service, {cpu_step(kMs * 10)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 0), 5000);
  EXPECT_EQ(end_ms(record, 1), 20);
  EXPECT_GT(end_ms(record, 2), 5000 + 50 + 10);
}

// And has no more mercy than that.
TEST(UwsgiMaxRequests, KillWhoDoesNotFinish) {
  BlueprintBuilder builder(2);
  const ServiceId service =
      builder.leader_followers({.threads = 2, .arbiter = recycling(1), .patience = seconds(3)});
  builder.request(at_ms(0), service, {wait_step(seconds(5))});
  builder.request(at_ms(10), service, {cpu_step(kMs * 10)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(request(record, 0).outcome, Outcome::reset);
  EXPECT_EQ(end_ms(record, 0), 3020);
}

// The first process is replaced after 2 requests, the second after 5. Each serves every other one.
TEST(UwsgiMaxRequests, DifferBetweenProcesses) {
  BlueprintBuilder builder(2);
  ArbiterSpec arbiter = recycling(2);
  arbiter.max_requests_delta = 3;
  arbiter.replaces = Replaces::never;
  const ServiceId service = builder.leader_followers(
      {.processes = 2, .threads = 1, .one_leader = true, .arbiter = arbiter});
  for (int i = 0; i < 20; ++i) builder.request(at_ms(i * 10), service, {cpu_step(kMs)});
  const RunRecord record = run_to(builder.build(), seconds(1));
  EXPECT_EQ(count_of(record, Outcome::completed), 2u + 5u);
}

// --- mod_wsgi

ArbiterSpec request_timeout(Duration timeout) {
  ArbiterSpec arbiter = harakiri(timeout);
  arbiter.victim = Outcome::error_500;
  return arbiter;
}

LeaderFollowersOptions mod_wsgi(std::uint32_t threads, const ArbiterSpec& arbiter) {
  return {.threads = threads,
          .one_leader = true,
          .arbiter = arbiter,
          .timed = TimedRequests::average,
          .ends_overdue = true,
          .patience = seconds(5)};
}

// Two threads and a timeout of 2 s: one request alone may take 4 s, and a look comes within a
// second of that. Then the process has 5 s to finish: 9 to 10 s after the request began it is over.
TEST(ModWsgiRequestTimeout, IsAnAverageOverAllThreads) {
  BlueprintBuilder builder;
  const ServiceId service = builder.leader_followers(mod_wsgi(2, request_timeout(seconds(2))));
  builder.request(at_ms(1000), service, {wait_step(seconds(100))});
  const Blueprint blueprint = builder.build();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RunRecord record = logged(blueprint, seconds(20), seed);
    EXPECT_EQ(request(record, 0).outcome, Outcome::error_500);
    EXPECT_GT(end_s(record, 0), 1 + 4 + 5);
    EXPECT_LE(end_s(record, 0), 1 + 5 + 5);
    EXPECT_EQ(of_service(record).timeouts, 1u);
    EXPECT_EQ(of_service(record).restarts, 1u);
  }
}

// A second one, which began a second later, makes it (4 s + 1 s + 2 s) / 2: 2.5 s after the first
// began, 1.5 s after the second. What is over within the 5 s that follow is answered.
TEST(ModWsgiRequestTimeout, CountsRequestsTogetherAndLetsThemFinish) {
  BlueprintBuilder builder;
  const ServiceId service = builder.leader_followers(mod_wsgi(2, request_timeout(seconds(2))));
  builder.request(at_ms(1000), service, {wait_step(seconds(100))});
  builder.request(at_ms(2000), service, {wait_step(seconds(5))});
  builder.request(at_ms(2100), service, {cpu_step(kMs)});
  const Blueprint blueprint = builder.build();
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RunRecord record = logged(blueprint, seconds(20), seed);
    EXPECT_EQ(end_s(record, 1), 7);
    EXPECT_GT(end_s(record, 0), 3.5 + 5);
    EXPECT_LE(end_s(record, 0), 4.5 + 5);
    // It accepts no more, and is replaced at the look after its end.
    EXPECT_GT(request(record, 2).end, request(record, 0).end + kBoot);
  }
}

// Short requests never add up, whatever their number.
TEST(ModWsgiRequestTimeout, ForgetsRequestsThatAreOver) {
  BlueprintBuilder builder;
  const ServiceId service = builder.leader_followers(mod_wsgi(1, request_timeout(seconds(2))));
  builder.source(ConstantSource{1e9}, {builder.request_class(service, {wait_step(kMs * 900)})}, 1u);
  EXPECT_EQ(of_service(run_to(builder.build(), seconds(100))).timeouts, 0u);
}

// The second waits for 100 ms, which is too long: its 504 comes when a thread takes it, and the
// application never sees it. The third has waited for 50 ms.
TEST(ModWsgiQueueTimeout, AnswersWhoHasWaitedTooLong) {
  BlueprintBuilder builder;
  LeaderFollowersOptions options = mod_wsgi(1, recycling(0));
  options.queue_timeout = kMs * 80;
  const ServiceId service = builder.leader_followers(options);
  builder.request(at_ms(0), service, {wait_step(kMs * 100)});
  builder.request(at_ms(0), service, {cpu_step(kMs * 500)});
  builder.request(at_ms(50), service, {cpu_step(kMs * 10)});
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(request(record, 1).outcome, Outcome::error_504);
  EXPECT_EQ(end_ms(record, 1), 100);
  EXPECT_EQ(request(record, 2).outcome, Outcome::completed);
  EXPECT_EQ(end_ms(record, 2), 110);
}

// It has served its two, but is busy with the first: it accepts the third meanwhile. When nothing
// is left, at 500 ms, it ends.
TEST(ModWsgiMaximumRequests, GoOnWhileTheProcessIsBusy) {
  BlueprintBuilder builder(2);
  LeaderFollowersOptions options = mod_wsgi(2, recycling(2));
  options.grace = seconds(15);
  const ServiceId service = builder.leader_followers(options);
  builder.request(at_ms(0), service, {wait_step(kMs * 500)});
  for (const std::int64_t ms : {10, 30, 200, 501}) {
    builder.request(at_ms(ms), service, {cpu_step(kMs * 10)});
  }
  const RunRecord record = logged(builder.build(), seconds(10));
  EXPECT_EQ(end_ms(record, 3), 210);
  EXPECT_EQ(of_service(record).restarts, 1u);
  EXPECT_GT(end_ms(record, 4), 500 + 50 + 10);
}

// But for no longer than the grace since its last reply, and the patience after that.
TEST(ModWsgiMaximumRequests, EndABusyProcessAfterItsGrace) {
  BlueprintBuilder builder(2);
  LeaderFollowersOptions options = mod_wsgi(2, recycling(1));
  options.arbiter.victim = Outcome::error_500;
  options.grace = seconds(15);
  const ServiceId service = builder.leader_followers(options);
  builder.request(at_ms(0), service, {wait_step(seconds(100))});
  builder.request(at_ms(0), service, {cpu_step(kMs * 10)});
  const RunRecord record = logged(builder.build(), seconds(30));
  EXPECT_EQ(request(record, 0).outcome, Outcome::error_500);
  EXPECT_EQ(end_ms(record, 0), 10 + 15'000 + 5000);
}

// Room for one connection besides that in the thread. Apache tries again every 125 ms for 2 s, and
// then every second: at 1.5 s there is room for the third, which is served at once at 2 s.
TEST(ModWsgiConnect, IsTriedAgainEveryEighthOfASecond) {
  BlueprintBuilder builder;
  LeaderFollowersOptions options = mod_wsgi(1, recycling(0));
  options.accept_queue_capacity = 1;
  options.connect_timeout = seconds(15);
  const ServiceId service = builder.leader_followers(options);
  builder.request(at_ms(0), service, {wait_step(kMs * 1450)});
  builder.request(at_ms(0), service, {wait_step(kMs * 550)});
  builder.request(at_ms(0), service, {cpu_step(kMs)});
  const RunRecord record = run_to(builder.build(), seconds(10));
  EXPECT_EQ(time_in(record, WaitState::syn_retry), kMs * 1500);
  EXPECT_EQ(count_of(record, Outcome::completed), 3u);
}

TEST(ModWsgiConnect, GivesUpWith503) {
  BlueprintBuilder builder;
  LeaderFollowersOptions options = mod_wsgi(1, recycling(0));
  options.accept_queue_capacity = 1;
  options.connect_timeout = Duration(4'500'000'000);
  const ServiceId service = builder.leader_followers(options);
  builder.request(at_ms(0), service, {wait_step(seconds(1000))});
  builder.request(at_ms(0), service, {cpu_step(kMs)});
  builder.request(at_ms(0), service, {cpu_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(100));
  EXPECT_EQ(request(record, 2).outcome, Outcome::rejected_503);
  // 16 pauses of 125 ms, and then those of a second: the first try after 4.5 s is that after 5 s.
  EXPECT_EQ(end_ms(record, 2), 5000);
}

// --- cheaper

// Four processes of which one is there at first, and requests of 100 s. It is found busy at four
// looks, more than three; then another one boots, and so on: 4 s from one to the next, but while
// one boots that is not busy.
TEST(CheaperProcesses, AreStartedWhenAllAreBusy) {
  BlueprintBuilder builder(8);
  ArbiterSpec arbiter = recycling(0);
  const ServiceId service = builder.leader_followers(
      {.processes = 4, .threads = 1, .arbiter = arbiter, .cheaper = CheaperSpec{}});
  for (int i = 0; i < 6; ++i) builder.request(at_ms(0), service, {wait_step(seconds(100))});
  const Blueprint blueprint = builder.build();
  EXPECT_TRUE(blueprint.is_random());
  const auto waiting_at = [&](Duration horizon) {
    World world(blueprint, 1, 0);
    Recorder recorder(blueprint, {Instant(), Instant() + horizon, 1000, {}});
    while (world.events.next_instant() < Instant() + horizon) step(world, blueprint, recorder);
    return world.services[service].accept_queue.size();
  };
  EXPECT_EQ(waiting_at(milliseconds(2999)), 5u);
  EXPECT_EQ(waiting_at(milliseconds(4100)), 4u);
  EXPECT_EQ(waiting_at(milliseconds(7000)), 4u);
  EXPECT_EQ(waiting_at(milliseconds(8100)), 3u);
  EXPECT_EQ(waiting_at(seconds(90)), 2u);
}

// Those that end are not replaced, and what comes then finds the one that is left.
TEST(CheaperProcesses, AreEndedOneByOneWhenIdle) {
  BlueprintBuilder builder(1);
  const ServiceId service =
      builder.leader_followers({.processes = 4,
                                .threads = 1,
                                .overhead = overhead({{ServerPhase::spurious_wake, 1}}),
                                .arbiter = recycling(0),
                                .cheaper = CheaperSpec{CheaperAlgorithm::backlog, 1, 2, 3}});
  // At the first look five of six wait, more than two, and three processes are started.
  for (int i = 0; i < 6; ++i) builder.request(at_ms(0), service, {wait_step(seconds(2))});
  // At each look fewer than two wait, and one is ended: by then one is left, which alone wakes up.
  builder.request(at_ms(20'000), service, {wait_step(kMs)});
  const RunRecord record = logged(builder.build(), seconds(30));
  EXPECT_EQ(count_of(record, Outcome::completed), 7u);
  EXPECT_EQ(of_service(record).restarts, 0u);
  EXPECT_EQ(end_ms(record, 6), 20'002);
  EXPECT_LT(end_ms(record, 5), 6000);
}

}  // namespace
}  // namespace cotenant

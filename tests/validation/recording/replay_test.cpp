// SPDX-License-Identifier: Apache-2.0
//
// A recording becomes the scenario that it was; what cannot be replayed is named.
#include "validation/recording/replay.h"

#include <gtest/gtest.h>

#include "models/cpu/cpu.h"
#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "scenarios/parameters.h"
#include "tests/validation/recording/recording.h"

namespace cotenant {
namespace {

const Setup& setup_of(const Scenario& scenario) { return scenario.setups.at(0).second; }

const Group& group(const Scenario& scenario, const std::string& name) {
  for (const auto& [key, value] : setup_of(scenario).groups) {
    if (key == name) return value;
  }
  ADD_FAILURE() << "no group " << name;
  return setup_of(scenario).groups.at(0).second;
}

const GunicornSync& server_of(const Scenario& scenario) {
  return std::get<GunicornSync>(scenario.application.at(0).second.server);
}

TEST(Replay, IsTheRecordedSetup) {
  const Scenario scenario = replay_of(read_good(with_experiment(
      R"("workers": 1},
  "srv_cg": {})",
      R"("workers": 4, "backlog": 64},
  "srv_cg": {"shares": 256, "quota_us": 20000, "burst_us": 5000})")));
  EXPECT_EQ(server_of(scenario).workers, 4);
  EXPECT_EQ(server_of(scenario).backlog, 64);
  EXPECT_EQ(server_of(scenario).overhead, Overhead());  // the preset, unchanged
  EXPECT_EQ(setup_of(scenario).machine.cores, 1);
  const Group& service = group(scenario, "srv");
  EXPECT_EQ(service.cpu_shares, 256);  // the recorded machine had cgroup v1
  ASSERT_TRUE(service.cpu_max);
  EXPECT_EQ(service.cpu_max->quota, milliseconds(20));
  EXPECT_EQ(service.cpu_max->period, milliseconds(100));
  EXPECT_EQ(service.cpu_max->burst, milliseconds(5));
  EXPECT_FALSE(service.cpu_max->phase.fixed);  // random
  const Placement& placement = setup_of(scenario).services.at(0).second;
  EXPECT_EQ(placement.scheduling.group, "srv");
  EXPECT_TRUE(placement.reads_cpu_clock);
}

TEST(Replay, UsesTheMostFaithfulScheduler) {
  const std::string name = setup_of(replay_of(read_good(small_recording()))).machine.scheduler;
  EXPECT_EQ(name, scheduler_kind_named("eevdf") ? "eevdf" : "fluid");
}

TEST(Replay, HasTheRecordedArrivalsAndDemandsInTheOrderOfWork) {
  RecordingFiles files = small_recording();
  files.requests =
      "sched_us,done_us,lat_us,err,path\n"
      "5,9,4,0,/w?cpu2=1.000&sleep=2.000\n7,9,2,0,/w?ncpu=0.500\n";
  const Scenario scenario = replay_of(read_good(files));
  const auto& arrivals = std::get<ReplayArrivals>(*scenario.workload.arrivals);
  EXPECT_EQ(arrivals.file, "requests.csv.gz");
  EXPECT_EQ(arrivals.time_column, "sched_us");
  const auto& steps = scenario.workload.requests.at(0).second.steps;
  ASSERT_EQ(steps.size(), 3u);
  const auto parameter = [](const DurationLaw& law) {
    return std::get<RecordedLaw>(law.kind).parameter;
  };
  EXPECT_EQ(parameter(std::get<CpuStep>(steps[0]).cpu), "ncpu");
  EXPECT_EQ(parameter(std::get<SleepStep>(steps[1]).sleep), "sleep");
  EXPECT_EQ(parameter(std::get<CpuStep>(steps[2]).cpu), "cpu2");
  EXPECT_EQ(scenario.workload.clients.timeout, seconds(4));
}

// A sleep that blocks is a wait, and in an event loop one that keeps it from anything else.
TEST(Replay, BlocksTheLoopWhereTheApplicationDid) {
  for (const bool loop : {false, true}) {
    RecordingFiles files = with_experiment(
        R"("kind": "gunicorn-sync")", loop ? R"("kind": "uvicorn")" : R"("kind": "gunicorn-sync")");
    files.requests = "sched_us,done_us,lat_us,err,path\n5,9,4,0,/w?cpu=1.000&bsleep=2.000\n";
    const Scenario scenario = replay_of(read_good(files));
    const auto& steps = scenario.workload.requests.at(0).second.steps;
    ASSERT_EQ(steps.size(), 2u);
    EXPECT_EQ(std::get<WaitStep>(steps[1]).blocking, loop);
  }
}

TEST(Replay, LastsUntilTheLastClientHasGivenUp) {
  const Scenario scenario = replay_of(read_good(small_recording()));
  EXPECT_EQ(scenario.study.duration, seconds(7));  // 3 s of load and a timeout of 4 s
  EXPECT_EQ(scenario.study.warmup, seconds(1));
}

TEST(Replay, StartsAtTheWholeSecondBeforeItsFirstArrival) {
  RecordingFiles files = small_recording();
  files.requests = "sched_us,done_us,lat_us,err,path\n2300000,2400000,100000,0,/w?cpu=1.000\n";
  const Bundle bundle = read_good(files);
  EXPECT_EQ(start_of_replay(bundle), seconds(2));
  EXPECT_EQ(replay_of(bundle).study.duration, seconds(5));
  EXPECT_EQ(replay_of(bundle).study.warmup, Duration(0));
}

TEST(Replay, HasTheNeighborsInTheirGroups) {
  const Scenario scenario = replay_of(
      read_good(with_experiment(R"("neighbours": [])",
                                R"("neighbours": [{"cg": {"shares": 4096}, "args": "--threads 4"},
         {"cg": {"quota_us": 10000}, "args": "--threads 2 --on 10 --off 20"}])")));
  EXPECT_EQ(group(scenario, "nb0").cpu_shares, 4096);
  EXPECT_EQ(group(scenario, "nb1").cpu_max->quota, milliseconds(10));
  const Named<Neighbor>& neighbors = setup_of(scenario).neighbors;
  ASSERT_EQ(neighbors.size(), 3u);
  EXPECT_EQ(neighbors[0].second.scheduling.group, "nb0");
  EXPECT_EQ(neighbors[0].second.threads, 4);
  EXPECT_FALSE(neighbors[0].second.pattern);
  // Two threads with numbers of their own.
  for (const std::size_t i : {1u, 2u}) {
    EXPECT_EQ(neighbors[i].second.scheduling.group, "nb1");
    EXPECT_EQ(neighbors[i].second.threads, 1);
    EXPECT_TRUE(std::holds_alternative<RecordedBursts>(*neighbors[i].second.pattern));
  }
}

TEST(Replay, ScalesEveryCostOfTheServerByOneFactor) {
  const OverheadSpec& preset = overhead_preset(kOverheadPresetOfSync)->overhead;
  const Overhead overhead = server_of(replay_of(read_good(small_recording()), 1.5)).overhead;
  const auto check = [&](ServerPhase phase, const std::optional<PhaseCost>& scaled) {
    ASSERT_TRUE(scaled);
    EXPECT_EQ(scaled->hot.count() * 2, preset[phase].hot.count() * 3);
    EXPECT_EQ(scaled->cold.count() * 2, preset[phase].cold.count() * 3);
  };
  check(ServerPhase::accept, overhead.accept);
  check(ServerPhase::respond, overhead.respond);
  check(ServerPhase::finish, overhead.finish);
  check(ServerPhase::spurious_wake, overhead.spurious_wake);
}

const GunicornGthread& gthread_of(const Scenario& scenario) {
  return std::get<GunicornGthread>(scenario.application.at(0).second.server);
}

RecordingFiles threaded_recording() {
  return with_experiment(R"("kind": "gunicorn-sync", "workers": 1)",
                         R"("kind": "gunicorn-gthread", "workers": 2, "threads": 8)");
}

TEST(Replay, HasTheThreadsAndTheLockOfGthread) {
  const Scenario scenario = replay_of(read_good(threaded_recording()));
  EXPECT_EQ(gthread_of(scenario).workers, 2);
  EXPECT_EQ(gthread_of(scenario).threads, 8);
  EXPECT_EQ(gthread_of(scenario).overhead, GthreadOverhead());
  EXPECT_TRUE(gthread_of(scenario).gil);
}

TEST(Replay, HasTheArbiterOfBothKindsOfWorkers) {
  for (const char* kind : {"gunicorn-sync", "gunicorn-gthread"}) {
    const RecordingFiles files = with_experiment(
        R"("gunicorn-sync", "workers": 1)",
        '"' + std::string(kind) + R"(", "workers": 1, "max_requests": 9, "timeout": 7)");
    const Bundle bundle = read_good(files);
    EXPECT_EQ(why_not_replayed(bundle), "");
    const Scenario scenario = replay_of(bundle);
    const Service& service = scenario.application.at(0).second;
    const auto* sync = std::get_if<GunicornSync>(&service.server);
    const GunicornArbiter& arbiter =
        sync != nullptr ? sync->arbiter : std::get<GunicornGthread>(service.server).arbiter;
    EXPECT_EQ(arbiter.max_requests, 9);
    EXPECT_EQ(arbiter.timeout, seconds(7));
    EXPECT_TRUE(arbiter.preload);
  }
}

// What the application does outside of the lock, and its log, which it writes there.
TEST(Replay, HasTheWorkOutsideOfTheLock) {
  RecordingFiles files = threaded_recording();
  files.requests = "sched_us,done_us,lat_us,err,path\n5,9,4,0,/w?cpu=1.000&ncpu=2.000\n";
  const Scenario scenario = replay_of(read_good(files));
  const auto& steps = scenario.workload.requests.at(0).second.steps;
  ASSERT_EQ(steps.size(), 3u);
  EXPECT_TRUE(std::get<CpuStep>(steps[0]).gil);
  EXPECT_FALSE(std::get<CpuStep>(steps[1]).gil);
  EXPECT_FALSE(std::get<CpuStep>(steps[2]).gil);
}

TEST(Replay, ScalesEveryCostOfGthreadByOneFactor) {
  const OverheadSpec& preset = overhead_preset("gunicorn-20.1-gthread")->overhead;
  const GthreadOverhead overhead =
      gthread_of(replay_of(read_good(threaded_recording()), 3)).overhead;
  const auto check = [&](ServerPhase phase, const std::optional<PhaseCost>& scaled) {
    ASSERT_TRUE(scaled);
    EXPECT_EQ(scaled->hot.count(), preset[phase].hot.count() * 3);
    EXPECT_EQ(scaled->cold.count(), preset[phase].cold.count() * 3);
  };
  check(ServerPhase::accept, overhead.accept);
  check(ServerPhase::hand_over, overhead.hand_over);
  check(ServerPhase::start, overhead.start);
  check(ServerPhase::respond, overhead.respond);
  check(ServerPhase::finish, overhead.finish);
  check(ServerPhase::spurious_wake, overhead.spurious_wake);
}

TEST(Replay, LetsClosedUsersWaitAndThinkAsTheyDid) {
  const Scenario scenario =
      replay_of(read_good(with_experiment(R"("mode": "open")", R"("mode": "closed")")));
  const auto& arrivals = std::get<ReplayArrivals>(*scenario.workload.arrivals);
  EXPECT_EQ(arrivals.user_column, "cls");
  EXPECT_EQ(arrivals.done_column, "done_us");
  const Checked<Scenario> again = decode(encode(scenario));
  ASSERT_TRUE(again.ok()) << render(again.diagnostics(), "replay");
  EXPECT_EQ(*again, scenario);
}

// All arrivals are in the recording, whatever made them.
TEST(Replay, TakesBurstsForAnOpenLoad) {
  const Scenario scenario = replay_of(read_good(
      with_experiment(R"("mode": "open")", R"("mode": "bursts", "rates": [[10, 5], [90, 1]])")));
  EXPECT_TRUE(std::get<ReplayArrivals>(*scenario.workload.arrivals).user_column.empty());
}

TEST(Replay, IsAScenarioThatCanBeWrittenAndRead) {
  const Scenario scenario = replay_of(read_good(with_experiment(
      R"("neighbours": [])",
      R"("neighbours": [{"cg": {}, "args": "--threads 1 --on 10 --off 20 --dist exp"}])")));
  const Checked<Scenario> again = decode(encode(scenario));
  ASSERT_TRUE(again.ok()) << render(again.diagnostics(), "replay");
  EXPECT_EQ(*again, scenario);
}

TEST(Replay, HasTheLoopsOfUvicornAndScalesTheirCosts) {
  const RecordingFiles files = with_experiment(R"("kind": "gunicorn-sync", "workers": 1)",
                                               R"("kind": "uvicorn", "workers": 3,
                                                  "limit_concurrency": 20)");
  const Scenario scenario = replay_of(read_good(files), 1.5);
  const Uvicorn& server = std::get<Uvicorn>(scenario.application.at(0).second.server);
  EXPECT_EQ(server.workers, 3);
  EXPECT_EQ(server.limit_concurrency, 20);
  const OverheadSpec& preset = overhead_preset(LoopOverhead().preset)->overhead;
  const auto check = [&](ServerPhase phase, const std::optional<PhaseCost>& scaled) {
    ASSERT_TRUE(scaled);
    EXPECT_EQ(scaled->hot.count() * 2, preset[phase].hot.count() * 3);
    EXPECT_EQ(scaled->cold.count() * 2, preset[phase].cold.count() * 3);
  };
  check(ServerPhase::wake, server.overhead.wake);
  check(ServerPhase::accept, server.overhead.accept);
  check(ServerPhase::connect, server.overhead.connect);
  check(ServerPhase::start, server.overhead.start);
  check(ServerPhase::respond, server.overhead.respond);
  check(ServerPhase::finish, server.overhead.finish);
}

TEST(Replay, KeepsConnectionsAsTheLoadGeneratorDid) {
  const auto kept = [](const std::string& mode) {
    const Bundle bundle = read_good(with_experiment(R"("mode": "open")", mode));
    return replay_of(bundle).workload.clients.keep_alive;
  };
  EXPECT_FALSE(kept(R"("mode": "open")"));
  EXPECT_FALSE(kept(R"("mode": "open", "keepalive": false)"));
  EXPECT_GT(kept(R"("mode": "open", "keepalive": true)")->connections, 1000);
}

struct Unmodeled {
  std::string part, replacement, why;
};

class NotReplayed : public ::testing::TestWithParam<Unmodeled> {};

TEST_P(NotReplayed, NamesWhatIsNotModeled) {
  const auto& [part, replacement, why] = GetParam();
  const Bundle bundle = read_good(with_experiment(part, replacement));
  EXPECT_NE(why_not_replayed(bundle).find(why), std::string::npos) << why_not_replayed(bundle);
}

INSTANTIATE_TEST_SUITE_P(
    All, NotReplayed,
    ::testing::Values(Unmodeled{R"("neighbours": [])",
                                R"("neighbours": [{"cg": {}, "args": "--disk file"}])", "--disk"},
                      Unmodeled{R"("exp": "E3")", R"("kind": "micro")", "no server"}));

TEST(NotReplayed, NamesWorkThatIsNotModeled) {
  RecordingFiles files = small_recording();
  files.requests = "sched_us,done_us,lat_us,err,path\n5,9,4,0,/w?cpu=1.000&net=1\n";
  EXPECT_EQ(why_not_replayed(read_good(files)), "its requests do \"net\", which is not modeled");
}

TEST(NotReplayed, IsEmptyForWhatCanBe) {
  EXPECT_EQ(why_not_replayed(read_good(small_recording())), "");
}

}  // namespace
}  // namespace cotenant

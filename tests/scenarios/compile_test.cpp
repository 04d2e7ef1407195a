// SPDX-License-Identifier: Apache-2.0
//
// Scenario -> Blueprint: numbers that depend on kernel rules, the order of ids, and what recordings
// must agree with.
#include "scenarios/compile.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "scenarios/compile_machine.h"
#include "scenarios/decode.h"

namespace cotenant {
namespace {

std::string scenario_text(const std::string& arrivals, const std::string& setup) {
  return R"({"format": 1, "name": "test", "workload": {"arrivals": )" + arrivals +
         R"(, "requests": {"page": {"steps": [{"cpu": "5ms"}]}}},
            "application": {"web": {"server": "gunicorn-sync", "workers": 2, "overhead": "none"}},
            "setups": {"only": )" +
         setup + R"(}, "study": {"duration": "10s"}})";
}

Blueprint compiled(const std::string& arrivals, const std::string& setup) {
  const Checked<Scenario> scenario = decode(scenario_text(arrivals, setup));
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  Checked<std::vector<Blueprint>> blueprints = compile(*scenario, ".");
  EXPECT_TRUE(blueprints.ok()) << render(blueprints.diagnostics(), "test");
  return std::move(blueprints).value().front();
}

constexpr const char* kPoisson = R"({"kind": "poisson", "rate": "50/s"})";
constexpr const char* kPlain = R"({"machine": {"cores": 1}})";

TEST(Compile, AnAcceptQueueHoldsOneMoreThanTheLesserLimit) {
  // 2048 by default, and somaxconn is larger; a lower somaxconn wins.
  EXPECT_EQ(compiled(kPoisson, kPlain).services[ServiceId(0)].accept_queue_capacity, 2049u);
  const Blueprint limited = compiled(kPoisson, R"({"machine": {"cores": 1, "somaxconn": 128}})");
  EXPECT_EQ(limited.services[ServiceId(0)].accept_queue_capacity, 129u);
}

TEST(Compile, WeightsFollowTheKernel) {
  const Blueprint blueprint = compiled(kPoisson, R"({
      "machine": {"cores": 1},
      "groups": {"child": {"parent": "tenant"}, "tenant": {"cpu_weight": 250}},
      "services": {"web": {"group": "child", "nice": 5}}})");
  // The parent comes first whatever the order in the file; weight 250 is 2.5 nice-0 tasks; nice 5
  // is 335.
  ASSERT_EQ(blueprint.machines[kHardware].cpu.groups.size(), 3u);
  EXPECT_EQ(blueprint.machines[kHardware].group_names[GroupId(1)], "tenant");
  EXPECT_EQ(blueprint.machines[kHardware].cpu.groups[GroupId(1)].weight, 2560);
  EXPECT_EQ(blueprint.machines[kHardware].cpu.groups[GroupId(2)].parent, GroupId(1));
  EXPECT_EQ(blueprint.machines[kHardware].cpu.tasks[TaskId(0)].weight, 335);
  EXPECT_EQ(blueprint.machines[kHardware].cpu.tasks[TaskId(0)].group, GroupId(2));
}

TEST(Compile, ASetupMayChangeTheNumberOfWorkers) {
  const Blueprint blueprint =
      compiled(kPoisson, R"({"machine": {"cores": 1}, "services": {"web": {"workers": 7}}})");
  EXPECT_EQ(blueprint.workers.size(), 7u);
  EXPECT_EQ(blueprint.machines[kHardware].cpu.tasks.size(), 7u);
}

TEST(Compile, OnlyConstantsAreNotRandom) {
  EXPECT_TRUE(compiled(kPoisson, kPlain).is_random());
  // Linux's schedulers have ticks, whose phase is.
  const char* ideal = R"({"machine": {"cores": 1, "scheduler": "fluid"}})";
  EXPECT_FALSE(compiled(R"({"kind": "constant", "rate": "50/s"})", ideal).is_random());
  EXPECT_TRUE(compiled(R"({"kind": "constant", "rate": "50/s"})", kPlain).is_random());
  const char* random_phase = R"({"machine": {"cores": 1, "scheduler": "fluid"},
      "groups": {"box": {"cpu_max": {"quota": "50ms"}}}, "services": {"web": {"group": "box"}}})";
  EXPECT_TRUE(compiled(R"({"kind": "constant", "rate": "50/s"})", random_phase).is_random());
}

TEST(Compile, AProfileSwingsAsItsBurstinessAsks) {
  const Blueprint blueprint = compiled(
      R"({"kind": "profile", "points": [["0s", "100/s"], ["9s", "100/s"]], "burstiness": 26,
          "burst_length": "1s"})",
      kPlain);
  const auto& profile = std::get<ProfileSource>(blueprint.sources[SourceId(0)].kind);
  // 1 + m d^2 L = 26 with m = 100/s and L = 1 s: d = 0.5.
  EXPECT_DOUBLE_EQ(profile.swing, 0.5);
}

TEST(Compile, ARecordingMustNotNameUnknownClasses) {
  const auto directory = std::filesystem::path(testing::TempDir()) / "compile_unknown_class";
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "r.csv") << "at,kind\n1,pege\n2,pege\n";
  const Checked<Scenario> scenario = decode(scenario_text(
      R"({"kind": "replay", "file": "r.csv", "time_column": "at", "time_unit": "ms",
          "class_column": "kind"})",
      kPlain));
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  const auto blueprints = compile(*scenario, directory);
  ASSERT_FALSE(blueprints.ok());
  ASSERT_EQ(blueprints.diagnostics().size(), 1u);
  EXPECT_EQ(blueprints.diagnostics()[0].message,
            "the recording has requests of class \"pege\", which the scenario does not describe");
  EXPECT_EQ(blueprints.diagnostics()[0].nearest, "page");
  std::filesystem::remove_all(directory);
}

// The members of a setup in braces.
Blueprint blueprint_of(const std::string& setup) { return compiled(kPoisson, "{" + setup + "}"); }

TEST(Compile, SharesOfContainersDependOnTheRuntime) {
  // linux.md 1.2: 1024 shares were a weight of 39 and are one of 100; 102 were 4 and are 17.
  EXPECT_EQ(linear_weight_of_shares(2), 1);
  EXPECT_EQ(linear_weight_of_shares(102), 4);
  EXPECT_EQ(linear_weight_of_shares(1024), 39);
  EXPECT_EQ(linear_weight_of_shares(262'144), 10'000);
  EXPECT_EQ(logarithmic_weight_of_shares(2), 1);
  EXPECT_EQ(logarithmic_weight_of_shares(102), 17);
  EXPECT_EQ(logarithmic_weight_of_shares(1024), 100);
  EXPECT_EQ(logarithmic_weight_of_shares(262'144), 10'000);
  // And between them it never falls.
  for (std::int64_t shares = 3; shares < 262'144; shares += 37) {
    EXPECT_LE(logarithmic_weight_of_shares(shares - 1), logarithmic_weight_of_shares(shares));
  }
  const Blueprint blueprint = blueprint_of(R"("machine": {"cores": 2},
      "groups": {"v1": {"cpu_shares": 512}, "old": {"cpu_shares": 1024, "shares_conversion": "linear"},
                 "new": {"cpu_shares": 1024, "shares_conversion": "logarithmic"}})");
  const auto& groups = blueprint.machines[kHardware].cpu.groups;
  EXPECT_EQ(groups[GroupId(1)].weight, 512);
  EXPECT_EQ(groups[GroupId(2)].weight, 39 * 1024 / 100);
  EXPECT_EQ(groups[GroupId(3)].weight, 1024);
}

TEST(Compile, KernelPoliciesAndCpusets) {
  const Blueprint blueprint = blueprint_of(R"("machine": {"cores": 4, "scheduler": "eevdf",
        "kernel": {"hz": 1000, "base_slice": "3ms", "throttling": "queue", "idle_wake": "hardware"}},
      "groups": {"inner": {"parent": "outer"}, "outer": {"cpus": "1,3"}, "idle": {"cpu_idle": true}},
      "services": {"web": {"group": "inner", "policy": "batch", "slice": "2ms"}})");
  const CpuTopology& cpu = blueprint.machines[kHardware].cpu;
  EXPECT_EQ(cpu.kernel.tick, milliseconds(1));
  EXPECT_EQ(cpu.kernel.base_slice, milliseconds(3));
  EXPECT_EQ(cpu.kernel.throttle_level, ThrottleLevel::queue);
  EXPECT_EQ(cpu.kernel.idle_wake.latency_after(seconds(1)), Duration(0));
  const CpuTask& task = cpu.tasks[TaskId(0)];
  EXPECT_EQ(task.policy, SchedulingPolicy::batch);
  EXPECT_EQ(task.slice, milliseconds(2));
  // The inner group has the cores of the outer one.
  ASSERT_FALSE(cpu.groups[task.group].cpus.is_none());
  EXPECT_EQ(cpu.cpusets[cpu.groups[task.group].cpus], (CpuSet{CoreId(1), CoreId(3)}));
  EXPECT_TRUE(cpu.groups[GroupId(3)].idle);
}

TEST(Compile, ThrottlingIsAsOldAsTheScheduler) {
  for (const auto& [scheduler, level] :
       {std::pair("cfs", ThrottleLevel::queue), std::pair("eevdf", ThrottleLevel::task)}) {
    const Blueprint blueprint =
        blueprint_of(R"("machine": {"cores": 1, "scheduler": ")" + std::string(scheduler) + "\"}");
    EXPECT_EQ(blueprint.machines[kHardware].cpu.kernel.throttle_level, level) << scheduler;
  }
}

TEST(Compile, GuestsAreMachinesWhoseCoresAreTasksOfTheHost) {
  const Blueprint blueprint = blueprint_of(R"("machine": {"cores": 4, "scheduler": "eevdf"},
      "groups": {"vms": {}},
      "guests": {"a": {"machine": {"cores": 2, "scheduler": "cfs", "somaxconn": 7}, "group": "vms",
                       "nice": 5, "groups": {"app": {"cpu_max": {"quota": "20ms"}}}},
                 "b": {"machine": {"cores": 1}}},
      "services": {"web": {"guest": "a", "group": "app"}},
      "neighbors": {"inside": {"guest": "b"}, "outside": {}})");
  ASSERT_EQ(blueprint.machines.size(), 3u);
  const MachineSpec& host = blueprint.machines[kHardware];
  const MachineSpec& a = blueprint.machines[MachineId(1)];
  EXPECT_FALSE(host.is_guest());
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.host, kHardware);
  EXPECT_EQ(a.scheduler, SchedulerKind::cfs);
  ASSERT_EQ(a.virtual_cpus.size(), 2u);
  for (const TaskId task : a.virtual_cpus) {
    EXPECT_EQ(host.group_names[host.cpu.tasks[task].group], "vms");
    EXPECT_EQ(host.cpu.tasks[task].weight, 335);
    EXPECT_TRUE(host.cpu.tasks[task].speed_is_followed);
  }
  // The measured latency of a virtual CPU contains the host's part.
  EXPECT_EQ(host.cpu.kernel.idle_wake.latency_after(seconds(1)), Duration(0));
  EXPECT_GT(a.cpu.kernel.idle_wake.latency_after(seconds(1)), Duration(0));
  EXPECT_EQ(blueprint.services[ServiceId(0)].accept_queue_capacity, 8u);
  const TaskRef worker = blueprint.workers[WorkerId(0)].task;
  EXPECT_EQ(worker.machine, MachineId(1));
  EXPECT_TRUE(a.cpu.groups[blueprint.task(worker).group].bandwidth);
  EXPECT_EQ(blueprint.neighbors[NeighborId(0)].task.machine, MachineId(2));
  EXPECT_EQ(blueprint.neighbors[NeighborId(1)].task.machine, kHardware);
  EXPECT_EQ(host.cpu.tasks.size(), 4u);  // three virtual CPUs and a neighbor
}

// Two services of threads: the ids of the second follow those of the first, and a placement changes
// the number of processes, not of threads.
// Servers keep connections that clients keep; gthread leaves room for its threads, and what has no
// room for more closes them all.
TEST(Compile, ConnectionsAreKeptByBothEndsOrNone) {
  const auto compiled = [](const std::string& clients) {
    const Checked<Scenario> scenario =
        decode(R"({"format": 1, "name": "test", "workload": {"requests": {
        "page": {"arrivals": {"kind": "closed", "users": 3, "think": "1s"}, "service": "a",
                 "steps": [{"cpu": "1ms"}]},
        "api": {"arrivals": {"kind": "poisson", "rate": "1/s"}, "service": "b",
                "steps": [{"cpu": "1ms"}]}})" +
               clients + R"(},
      "application": {
        "a": {"server": "gunicorn-gthread", "workers": 1, "threads": 2, "worker_connections": 7},
        "b": {"server": "gunicorn-gthread", "workers": 1, "threads": 2, "worker_connections": 2},
        "c": {"server": "uvicorn", "keep_alive": "9s"},
        "d": {"server": "uvicorn", "keep_alive": "0s"},
        "e": {"server": "gunicorn-sync", "workers": 1}},
      "setups": {"only": {"machine": {"cores": 1}}}})");
    EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
    return compile(*scenario, ".").value().front();
  };
  const Blueprint kept = compiled(R"(, "clients": {"keep_alive": {"connections": 4}})");
  EXPECT_EQ(kept.services[ServiceId(0)].keep_alive->longest, seconds(2));
  EXPECT_EQ(kept.services[ServiceId(0)].keep_alive->most, 5u);
  EXPECT_FALSE(kept.services[ServiceId(1)].keep_alive);
  EXPECT_EQ(kept.services[ServiceId(2)].keep_alive->longest, seconds(9));
  EXPECT_FALSE(kept.services[ServiceId(3)].keep_alive);
  EXPECT_FALSE(kept.services[ServiceId(4)].keep_alive);
  // For each service the clients of open arrivals together, and each user.
  EXPECT_EQ(kept.keepers(), 5u * (1 + 3));
  EXPECT_EQ(kept.keeping_of(kept.keeper_of(ServiceId(1), UserId::none())).most, 4u);
  EXPECT_EQ(kept.keeping_of(kept.keeper_of(ServiceId(0), UserId(2))).most, 1u);
  const Blueprint nobody = compiled("");
  for (const ServiceSpec& service : nobody.services) EXPECT_FALSE(service.keep_alive);
  EXPECT_EQ(nobody.keepers(), 0u);
}

// Each process of nginx keeps what it has to the servers behind it, beside what clients keep.
TEST(Compile, ProxiesKeepConnectionsToTheServersBehindThem) {
  const auto compiled = [](const std::string& clients) {
    const Checked<Scenario> scenario = decode(R"({"format": 1, "name": "test", "workload": {
        "requests": {"page": {"arrivals": {"kind": "poisson", "rate": "1/s"}, "service": "proxy",
                              "steps": [{"cpu": "1ms"}]}})" +
                                              clients + R"(},
      "application": {
        "proxy": {"server": "nginx", "workers": 2, "upstream": {"web": {}}, "upstream_keep_alive": 7},
        "web": {"server": "uvicorn"}},
      "setups": {"only": {"machine": {"cores": 1}}}})");
    EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
    return compile(*scenario, ".").value().front();
  };
  const Blueprint alone = compiled("");
  const Blueprint beside = compiled(R"(, "clients": {"keep_alive": {"connections": 4}})");
  for (const Blueprint* blueprint : {&alone, &beside}) {
    EXPECT_EQ(blueprint->services[ServiceId(1)].keep_alive->longest, seconds(5));
    const KeeperId second = blueprint->keeper_of(ProcessId(1));
    EXPECT_EQ(blueprint->keeping_of(second).most, 7u);
    EXPECT_EQ(blueprint->keeping_of(second).uses, 1000u);
    EXPECT_TRUE(blueprint->keeper_of(ProcessId(2)).is_none());
  }
  EXPECT_TRUE(alone.keeper_of(ServiceId(0), UserId::none()).is_none());
  const KeeperId clients = beside.keeper_of(ServiceId(0), UserId::none());
  EXPECT_FALSE(beside.keeping_of(clients).uses);
  EXPECT_EQ(beside.keeping_of(clients).most, 4u);
}

TEST(Compile, GthreadIsProcessesOfAMainThreadAndAPool) {
  const Checked<Scenario> scenario = decode(R"({"format": 1, "name": "test", "workload": {
      "requests": {"page": {"arrivals": {"kind": "poisson", "rate": "1/s"}, "service": "a",
                            "steps": [{"cpu": "1ms"}, {"cpu": "1ms", "gil": false}]},
                   "api": {"arrivals": {"kind": "poisson", "rate": "1/s"}, "service": "b",
                           "steps": [{"wait": "1ms"}]}}},
      "application": {
        "a": {"server": "gunicorn-gthread", "workers": 5, "threads": 2, "worker_connections": 7,
              "switch_interval": "2ms", "backlog": 9, "overhead": "none"},
        "b": {"server": "gunicorn-gthread", "workers": 1, "threads": 1, "gil": false}},
      "setups": {"only": {"machine": {"cores": 1}, "services": {"a": {"workers": 2}}}}})");
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  const Checked<std::vector<Blueprint>> blueprints = compile(*scenario, ".");
  ASSERT_TRUE(blueprints.ok());
  const Blueprint& blueprint = blueprints->front();
  const ServiceSpec& a = blueprint.services[ServiceId(0)];
  const auto& spec = std::get<GthreadSpec>(a.server);
  EXPECT_EQ(a.accept_queue_capacity, 10u);
  EXPECT_EQ(a.places(), 14u);
  EXPECT_EQ(spec.processes, 2u);
  EXPECT_EQ(spec.threads, 2u);
  EXPECT_TRUE(spec.overhead[ServerPhase::accept].cold.is_zero());
  ASSERT_EQ(blueprint.processes.size(), 3u);
  ASSERT_EQ(blueprint.threads.size(), 2u * 3 + 2);
  EXPECT_EQ(blueprint.processes[ProcessId(0)].gil->switch_interval, milliseconds(2));
  EXPECT_FALSE(blueprint.processes[ProcessId(2)].gil);
  EXPECT_EQ(blueprint.processes[ProcessId(1)].main, ThreadId(3));
  EXPECT_EQ(blueprint.processes[ProcessId(2)].main, ThreadId(6));
  EXPECT_EQ(blueprint.owner(blueprint.threads[ThreadId(3)].task).kind,
            TaskOwner::Kind::gthread_main);
  EXPECT_EQ(blueprint.owner(blueprint.threads[ThreadId(4)].task).kind,
            TaskOwner::Kind::gthread_pool);
  EXPECT_TRUE(blueprint.classes[ClassId(0)].steps[0].gil);
  EXPECT_FALSE(blueprint.classes[ClassId(0)].steps[1].gil);
}

TEST(Compile, UwsgiThreadsAcceptForThemselvesAndShareALockIfThereAreSeveral) {
  const Checked<Scenario> scenario = decode(R"({"format": 1, "name": "n",
      "workload": {"requests": {"r": {"arrivals": {"kind": "constant", "rate": "1/s"},
                   "service": "a", "steps": [{"cpu": "1ms"}]}}},
      "application": {
        "a": {"server": "uwsgi", "workers": 5, "threads": 3, "thunder_lock": true,
              "harakiri": "20s", "max_requests": 100, "max_requests_delta": 7, "backlog": 9,
              "cheaper": {"workers": 1, "step": 2}, "lazy_apps": true, "import": "1s"},
        "b": {"server": "uwsgi"}},
      "setups": {"only": {"machine": {"cores": 1}, "services": {"a": {"workers": 2}}}}})");
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  const Checked<std::vector<Blueprint>> blueprints = compile(*scenario, ".");
  ASSERT_TRUE(blueprints.ok());
  const Blueprint& blueprint = blueprints->front();
  const ServiceSpec& a = blueprint.services[ServiceId(0)];
  const auto& spec = std::get<LeaderFollowersSpec>(a.server);
  EXPECT_EQ(a.accept_queue_capacity, 10u);
  EXPECT_EQ(a.places(), 6u);
  EXPECT_TRUE(spec.one_leader);
  EXPECT_EQ(spec.arbiter.timeout, seconds(20));
  EXPECT_TRUE(spec.arbiter.times_requests);
  EXPECT_EQ(spec.arbiter.max_requests, 100u);
  EXPECT_EQ(spec.arbiter.max_requests_delta, 7u);
  EXPECT_EQ(spec.arbiter.boot, CpuTime(1'006'000'000));
  EXPECT_EQ(spec.arbiter.looks_every, seconds(1));
  EXPECT_EQ(spec.youngest, seconds(10));
  EXPECT_EQ(spec.patience, seconds(60));
  EXPECT_EQ(spec.cheaper->step, 2u);
  ASSERT_EQ(blueprint.threads.size(), 2u * 3 + 1);
  EXPECT_EQ(blueprint.owner(blueprint.threads[ThreadId(4)].task).kind, TaskOwner::Kind::follower);
  EXPECT_TRUE(blueprint.processes[ProcessId(0)].gil);
  EXPECT_FALSE(blueprint.processes[ProcessId(2)].gil);
  const auto& plain = std::get<LeaderFollowersSpec>(blueprint.services[ServiceId(1)].server);
  EXPECT_EQ(blueprint.services[ServiceId(1)].accept_queue_capacity, 101u);
  EXPECT_FALSE(plain.arbiter.timeout);
  EXPECT_FALSE(plain.cheaper);
  // Imported before it forks.
  EXPECT_EQ(plain.arbiter.boot, CpuTime(6'000'000));
}

TEST(Compile, ProcessesOnDemandHaveAQueueAndAColdStart) {
  const Checked<Scenario> scenario = decode(R"({"format": 1, "name": "n",
      "workload": {"requests": {"r": {"arrivals": {"kind": "constant", "rate": "1/s"},
                   "service": "a", "steps": [{"cpu": "1ms"}]}}},
      "application": {
        "a": {"server": "passenger", "max_requests": 9},
        "b": {"server": "fastcgi", "workers": 3, "queue": 7, "idle_time": "0s"},
        "c": {"server": "cgi", "workers": 5, "queue": 0, "import": "25ms"}},
      "setups": {"only": {"machine": {"cores": 1}, "services": {"b": {"workers": 2}}}}})");
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  const Checked<std::vector<Blueprint>> blueprints = compile(*scenario, ".");
  ASSERT_TRUE(blueprints.ok());
  const auto spec = [&](std::uint32_t service) {
    return std::get<OnDemandSpec>(blueprints->front().services[ServiceId(service)].server);
  };
  const auto queue = [&](std::uint32_t service) {
    return blueprints->front().services[ServiceId(service)].accept_queue_capacity;
  };
  EXPECT_EQ(spec(0).workers, 6u);
  EXPECT_EQ(spec(0).least, 1u);
  EXPECT_EQ(spec(0).idle_time, seconds(300));
  EXPECT_EQ(spec(0).arbiter.max_requests, 9u);
  EXPECT_EQ(spec(0).arbiter.boot, CpuTime(152'000'000));
  EXPECT_FALSE(spec(0).one_request);
  EXPECT_EQ(queue(0), 100u);
  EXPECT_EQ(spec(1).workers, 2u);
  EXPECT_EQ(spec(1).least, 0u);
  EXPECT_FALSE(spec(1).idle_time);
  EXPECT_EQ(queue(1), 7u);
  EXPECT_EQ(spec(2).first_worker, WorkerId(6 + 2));
  EXPECT_TRUE(spec(2).one_request);
  EXPECT_EQ(spec(2).arbiter.boot, CpuTime(37'000'000));
  EXPECT_TRUE(spec(2).overhead[ServerPhase::accept].cold.is_zero());
  EXPECT_EQ(queue(2), 0u);
}

std::string with_clients(const std::string& clients) {
  std::string text = scenario_text(R"({"kind": "constant", "rate": "1/s"})",
                                   R"({"machine": {"cores": 1, "scheduler": "fluid"}})");
  const std::string before = R"(, "requests":)";
  return text.replace(text.find(before), before.size(),
                      R"(, "clients": {"retries": )" + clients + "}" + before);
}

Blueprint compiled_clients(const std::string& clients) {
  const Checked<Scenario> scenario = decode(with_clients(clients));
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  return std::move(compile(*scenario, ".")).value().front();
}

TEST(Compile, RetriesFollowAllFailuresAtOnceUnlessSaidOtherwise) {
  const RetrySpec plain = *compiled_clients(R"({"max": 3})").clients.retries;
  EXPECT_EQ(plain.max, 3u);
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    // Who would try again a task whose process died has died with it, one that has expired is not
    // wanted any more, and what is too large stays so.
    const auto outcome = static_cast<Outcome>(i);
    const bool is_final =
        outcome == Outcome::lost || outcome == Outcome::expired || outcome == Outcome::rejected_413;
    EXPECT_EQ(plain.on[i], is_error(outcome) && !is_final) << kOutcomeNames[i];
  }
  Draws draws(1, 1);
  EXPECT_EQ(plain.backoff.base.draw(draws), 0);
  EXPECT_FALSE(plain.budget || plain.deadline);

  const RetrySpec said = *compiled_clients(R"({"max": "unlimited", "on": ["refused", "timed_out"],
      "backoff": {"base": "2s", "cap": "9s", "jitter": "equal"},
      "budget": {"ratio": 0.1, "burst": 4}, "deadline": "1min"})")
                              .clients.retries;
  EXPECT_FALSE(said.max);
  EXPECT_TRUE(said.on[static_cast<std::size_t>(Outcome::refused)]);
  EXPECT_FALSE(said.on[static_cast<std::size_t>(Outcome::error_500)]);
  EXPECT_EQ(said.backoff.base.draw(draws), 2e9);
  EXPECT_EQ(said.backoff.factor, 2);
  EXPECT_EQ(said.backoff.cap, seconds(9));
  EXPECT_EQ(said.backoff.jitter, Jitter::equal);
  EXPECT_EQ(said.budget->earned * 10, kRetryToken);
  EXPECT_EQ(said.budget->burst, 4 * kRetryToken);
  EXPECT_EQ(said.deadline, seconds(60));
}

TEST(Compile, ChanceInPausesIsRandom) {
  EXPECT_FALSE(compiled_clients(R"({"max": 1, "backoff": {"base": "1s"}})").is_random());
  EXPECT_TRUE(
      compiled_clients(R"({"max": 1, "backoff": {"base": "1s", "jitter": "full"}})").is_random());
}

Blueprint served_by(const std::string& server) {
  const Checked<Scenario> scenario = decode(R"({"format": 1, "name": "test", "workload": {
      "arrivals": {"kind": "constant", "rate": "1/s"}, "requests": {"page": {"steps": [{"cpu": "1ms"}]}}},
      "application": {"web": {)" + server + R"(}},
      "setups": {"only": {"machine": {"cores": 1, "scheduler": "fluid"}}}})");
  EXPECT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  return compile(*scenario, ".").value().front();
}

const ArbiterSpec& arbiter_in(const Blueprint& blueprint) {
  return blueprint.services[ServiceId(0)].arbiter();
}

TEST(Compile, AllOfGunicornsWorkersHaveTheSameArbiter) {
  for (const std::string kind :
       {R"("gunicorn-sync")", R"("gunicorn-gthread", "threads": 2)", R"("gunicorn-uvicorn")"}) {
    const std::string server = R"("workers": 2, "server": )" + kind;
    const Blueprint usual = served_by(server);
    EXPECT_EQ(arbiter_in(usual).timeout, seconds(30));
    EXPECT_EQ(arbiter_in(usual).max_requests, 0u);
    EXPECT_EQ(arbiter_in(usual).boot, CpuTime(milliseconds(146).count()));
    const Blueprint other = served_by(server + R"(, "timeout": "0s", "max_requests": 9,
        "max_requests_jitter": 3, "import": "1s", "preload": true)");
    EXPECT_FALSE(arbiter_in(other).timeout);
    EXPECT_EQ(arbiter_in(other).max_requests, 9u);
    EXPECT_EQ(arbiter_in(other).max_requests_jitter, 3u);
    EXPECT_EQ(arbiter_in(other).boot, CpuTime(milliseconds(6).count()));
    EXPECT_EQ(arbiter_in(other).replaces, Replaces::at_once);
    EXPECT_TRUE(other.is_random());
  }
}

// What a sync worker can still say when it is killed depends on the version; others cannot.
TEST(Compile, VictimsOfATimeoutSeeWhatTheKindOfWorkerLetsThem) {
  const std::string recent = R"(, "workers": 1, "version": "22.0")";
  EXPECT_EQ(arbiter_in(served_by(R"("server": "gunicorn-sync", "workers": 1)")).victim,
            Outcome::reset);
  EXPECT_EQ(arbiter_in(served_by(R"("server": "gunicorn-sync")" + recent)).victim,
            Outcome::error_500);
  EXPECT_EQ(arbiter_in(served_by(R"("server": "gunicorn-uvicorn")" + recent)).victim,
            Outcome::reset);
}

TEST(Compile, UvicornLooksAfterItsWorkersByVersion) {
  const std::string two = R"("server": "uvicorn", "workers": 2, "limit_max_requests": 5)";
  const Blueprint old = served_by(two);
  EXPECT_EQ(arbiter_in(old).replaces, Replaces::never);
  EXPECT_EQ(arbiter_in(old).max_requests, 5u);
  EXPECT_FALSE(arbiter_in(old).timeout);
  const Blueprint recent = served_by(two + R"(, "version": "0.30", "import": "1s")");
  EXPECT_EQ(arbiter_in(recent).replaces, Replaces::when_it_looks);
  EXPECT_EQ(arbiter_in(recent).boot, CpuTime(milliseconds(1055).count()));
}

// When a loop that is blocked had last reported is chance; threads and sync workers that hang do so
// until they are found.
TEST(Compile, ATimeoutOfEventLoopsIsRandom) {
  EXPECT_FALSE(
      served_by(R"("server": "gunicorn-gthread", "workers": 1, "threads": 2, "gil": false)")
          .is_random());
  EXPECT_FALSE(served_by(R"("server": "uvicorn", "gil": false)").is_random());
  EXPECT_TRUE(served_by(R"("server": "gunicorn-uvicorn", "gil": false)").is_random());
}

TEST(Compile, UvicornIsProcessesOfALoopAndAPoolIfAnyHandlerNeedsIt) {
  const Checked<Scenario> scenario = decode(R"({"format": 1, "name": "test", "workload": {
      "requests": {"page": {"arrivals": {"kind": "poisson", "rate": "1/s"}, "service": "a",
                            "handler": "sync", "steps": [{"cpu": "1ms"}]},
                   "api": {"arrivals": {"kind": "poisson", "rate": "1/s"}, "service": "b",
                           "steps": [{"wait": "1ms", "blocking": true}, {"wait": "1ms"},
                                     {"sleep": "1ms"}]}}},
      "application": {
        "a": {"server": "uvicorn", "thread_pool": 2, "switch_interval": "2ms",
              "limit_concurrency": 7, "overhead": "none"},
        "b": {"server": "uvicorn", "workers": 5, "gil": false}},
      "setups": {"only": {"machine": {"cores": 1}, "services": {"b": {"workers": 2}}}}})");
  ASSERT_TRUE(scenario.ok()) << render(scenario.diagnostics(), "test");
  const Checked<std::vector<Blueprint>> blueprints = compile(*scenario, ".");
  ASSERT_TRUE(blueprints.ok());
  const Blueprint& blueprint = blueprints->front();
  const ServiceSpec& a = blueprint.services[ServiceId(0)];
  const auto& loop_a = std::get<LoopSpec>(a.server);
  const auto& loop_b = std::get<LoopSpec>(blueprint.services[ServiceId(1)].server);
  EXPECT_EQ(a.limit_concurrency, 7u);
  EXPECT_FALSE(a.places());
  EXPECT_EQ(loop_a.threads, 2u);
  EXPECT_TRUE(loop_a.overhead[ServerPhase::wake].cold.is_zero());
  EXPECT_EQ(loop_b.processes, 2u);
  EXPECT_EQ(loop_b.threads, 0u);
  EXPECT_FALSE(loop_b.overhead[ServerPhase::connect].cold.is_zero());
  ASSERT_EQ(blueprint.processes.size(), 3u);
  ASSERT_EQ(blueprint.threads.size(), 3u + 2);
  EXPECT_EQ(blueprint.processes[ProcessId(0)].gil->switch_interval, milliseconds(2));
  EXPECT_FALSE(blueprint.processes[ProcessId(1)].gil);
  const auto kind_of = [&](std::uint32_t thread) {
    return blueprint.owner(blueprint.threads[ThreadId(thread)].task).kind;
  };
  EXPECT_EQ(kind_of(0), TaskOwner::Kind::event_loop);
  EXPECT_EQ(kind_of(1), TaskOwner::Kind::loop_pool);
  EXPECT_EQ(kind_of(3), TaskOwner::Kind::event_loop);
  const auto& steps = blueprint.classes[ClassId(1)].steps;
  EXPECT_TRUE(blueprint.classes[ClassId(0)].in_thread);
  EXPECT_FALSE(blueprint.classes[ClassId(1)].in_thread);
  EXPECT_TRUE(steps[0].blocking);
  EXPECT_FALSE(steps[1].blocking);
  EXPECT_EQ(steps[1].kind, StepSpec::Kind::wait);
  EXPECT_EQ(steps[2].kind, StepSpec::Kind::sleep);
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// The checks must object to what is wrong: worlds that run on something else than what they are
// judged by (a scheduler that ignores a limit, a queue one too long), and records and snapshots
// that are falsified in one number.
#include <gtest/gtest.h>

#include <functional>

#include "tests/support/blueprint_builder.h"
#include "tests/support/walk.h"

namespace cotenant {
namespace {

Blueprint honest() {
  BlueprintBuilder builder(2);
  const GroupId group =
      builder.group(1024, Bandwidth{CpuTime(5'000'000), milliseconds(10), CpuTime(0)});
  const ServiceId service =
      builder.service({.workers = 3, .accept_queue_capacity = 4, .group = group});
  builder.poisson(150, builder.request_class(service, {cpu_step(law::Exponential{5e6})}));
  return builder.build();
}

Walked walk_on(const Blueprint& blueprint, const Blueprint* judged_by = nullptr) {
  WalkOptions options;
  options.horizon = Instant() + seconds(2);
  options.judged_by = judged_by;
  return walk(blueprint, options);
}

TEST(HonestWorld, RaisesNoComplaint) {
  const Blueprint blueprint = honest();
  EXPECT_TRUE(walk_on(blueprint).complaints.empty());
}

struct Wrong {
  const char* what;
  std::function<void(Blueprint&)> change;
};

TEST(WrongWorlds, AreFoundOut) {
  const Blueprint right = honest();
  const Wrong wrongs[] = {
      {"a scheduler without limits",
       [](Blueprint& b) { b.machines[kHardware].cpu.groups[GroupId(1)].bandwidth.reset(); }},
      {"a limit that is refilled twice as often",
       [](Blueprint& b) {
         b.machines[kHardware].cpu.groups[GroupId(1)].bandwidth->period = milliseconds(5);
       }},
      {"a queue that is one too long",
       [](Blueprint& b) { ++b.services[ServiceId(0)].accept_queue_capacity; }},
      {"a limit on concurrency that nobody set",
       [](Blueprint& b) { b.services[ServiceId(0)].limit_concurrency = 2; }},
      {"clients that give up unasked", [](Blueprint& b) { b.clients.timeout = milliseconds(20); }},
  };
  for (const Wrong& wrong : wrongs) {
    Blueprint blueprint = right;
    wrong.change(blueprint);
    EXPECT_FALSE(walk_on(blueprint, &right).complaints.empty()) << wrong.what;
  }
}

// Clients who try again: a server that answers 503 now and then, and an application that fails.
Blueprint with_retries() {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.workers = 2, .limit_concurrency = 3});
  builder.poisson(
      150, builder.request_class(service, {cpu_step(law::Exponential{5e6}), error_step(0.1)}));
  builder.client_timeout(milliseconds(30));
  builder.retries(retries_after(milliseconds(3), 2, 2));
  return builder.build();
}

TEST(HonestRetries, RaiseNoComplaint) {
  const Walked walked = walk_on(with_retries());
  EXPECT_TRUE(walked.complaints.empty());
  EXPECT_GT(walked.attempts, walked.arrivals + 50);
}

TEST(WrongRetries, AreFoundOut) {
  const Blueprint right = with_retries();
  const Wrong wrongs[] = {
      {"clients that try again unasked", [](Blueprint& b) { b.clients.retries->max = 3; }},
      {"clients that give up too early", [](Blueprint& b) { b.clients.retries->max = 1; }},
      {"clients that never try again", [](Blueprint& b) { b.clients.retries.reset(); }},
      {"a budget that nobody set",
       [](Blueprint& b) {
         b.clients.retries->budget = RetryBudget{0, kRetryToken};
       }},
      {"a deadline that nobody set",
       [](Blueprint& b) { b.clients.retries->deadline = milliseconds(4); }},
  };
  for (const Wrong& wrong : wrongs) {
    Blueprint blueprint = right;
    wrong.change(blueprint);
    EXPECT_FALSE(walk_on(blueprint, &right).complaints.empty()) << wrong.what;
  }
  Blueprint only_errors = right;
  only_errors.clients.timeout.reset();
  only_errors.services[ServiceId(0)].limit_concurrency.reset();
  Blueprint resigned = only_errors;
  resigned.clients.retries->on[static_cast<std::size_t>(Outcome::error_500)] = false;
  EXPECT_TRUE(walk_on(only_errors).complaints.empty());
  EXPECT_FALSE(walk_on(resigned, &only_errors).complaints.empty()) << "clients that accept errors";
  Blueprint limited = right;
  limited.clients.retries->budget = RetryBudget{kRetryToken / 100, kRetryToken};
  EXPECT_TRUE(walk_on(limited).complaints.empty());
  EXPECT_FALSE(walk_on(right, &limited).complaints.empty()) << "clients without a budget";
  Blueprint flawless = right;
  for (ClassSpec& each : flawless.classes) each.steps.pop_back();
  EXPECT_FALSE(walk_on(right, &flawless).complaints.empty()) << "an application that fails unasked";
}

// Without a limit in the way, a core too many shows in the speeds, and one too few, too.
TEST(WrongWorlds, WithAnotherNumberOfCoresAreFoundOut) {
  Blueprint right = honest();
  right.machines[kHardware].cpu.groups[GroupId(1)].bandwidth.reset();
  for (const std::uint32_t cores : {1u, 3u}) {
    Blueprint blueprint = right;
    blueprint.machines[kHardware].cpu.cores = cores;
    EXPECT_FALSE(walk_on(blueprint, &right).complaints.empty()) << cores;
  }
}

TEST(FalsifiedRecords, AreFoundOut) {
  const Blueprint blueprint = honest();
  const Walked walked = walk_on(blueprint);
  const auto complaints_about = [&](const std::function<void(RunRecord&)>& falsify) {
    RunRecord record = walked.record;
    falsify(record);
    Complaints complaints;
    check_counts(record, complaints);
    check_outcomes(record, blueprint, complaints);
    check_usage(record, blueprint, complaints);
    check_little(record, walked.sojourns, complaints);
    return complaints.size();
  };
  const ClassId id(0);
  EXPECT_EQ(complaints_about([](RunRecord&) {}), 0u);
  // A lost request, one counted twice, and one whose nanosecond nobody accounts for.
  EXPECT_GT(complaints_about([&](RunRecord& r) { ++r.classes[id].arrivals; }), 0u);
  EXPECT_GT(complaints_about([&](RunRecord& r) { r.classes[id].latency.record(Duration(1)); }), 0u);
  EXPECT_GT(complaints_about([&](RunRecord& r) {
              ++r.classes[id].outcomes[static_cast<std::size_t>(Outcome::refused)];
            }),
            0u);
  EXPECT_GT(complaints_about([&](RunRecord& r) { ++r.classes[id].attempts[0]; }), 0u);
  EXPECT_GT(complaints_about([&](RunRecord& r) { --r.classes[id].attempts[0]; }), 0u);
  EXPECT_GT(complaints_about([&](RunRecord& r) {
              WaitTimes times{};
              times[0] = Duration(1);
              r.attribution.record(Duration(1), times);
            }),
            0u);
  EXPECT_GT(complaints_about([](RunRecord& r) {
              r.in_system = SlicedIntegral(Instant(), r.in_system.slice(), 1000);
            }),
            0u);
  EXPECT_GT(complaints_about([](RunRecord& r) {
              r.machines[kHardware].groups[GroupId(1)].usage += CpuTime(1 << 30);
            }),
            0u);
  EXPECT_GT(complaints_about([](RunRecord& r) {
              r.machines[kHardware].groups[GroupId(1)].nr_throttled += 1000;
            }),
            0u);
  EXPECT_GT(complaints_about(
                [](RunRecord& r) { r.machines[kHardware].groups[kRootGroup].usage = CpuTime(1); }),
            0u);
  EXPECT_GT(complaints_about([](RunRecord& r) { r.machines[kHardware].steal = Duration(1); }), 0u);
}

// A guest beside a neighbor: what it used and what was stolen from it, taken too high.
TEST(FalsifiedRecords, OfGuestsAreFoundOut) {
  BlueprintBuilder builder;
  const MachineId guest = builder.guest(1);
  builder.neighbor(SpinPattern{}, 1, kRootGroup, guest);
  builder.neighbor(SpinPattern{});
  const Blueprint blueprint = builder.build();
  const RunRecord honest = run_to(blueprint, seconds(1));
  const auto complaints_about = [&](const std::function<void(MachineRecord&)>& falsify) {
    RunRecord record = honest;
    falsify(record.machines[guest]);
    Complaints complaints;
    check_usage(record, blueprint, complaints);
    return complaints.size();
  };
  EXPECT_EQ(complaints_about([](MachineRecord&) {}), 0u);
  EXPECT_GT(complaints_about([](MachineRecord& r) { r.steal += milliseconds(1); }), 0u);
  EXPECT_GT(complaints_about([](MachineRecord& r) { r.steal = Duration(-1); }), 0u);
  // More than its host gave it, though less than a core.
  EXPECT_GT(complaints_about([](MachineRecord& r) {
              r.groups[kRootGroup].usage += CpuTime(600'000'000);
              r.steal = Duration(0);
            }),
            0u);
}

TEST(LittlesLaw, MissesNotOneNanosecond) {
  const Walked walked = walk_on(honest());
  for (const int error : {-1, 1}) {
    Complaints complaints;
    check_little(walked.record, walked.sojourns + error, complaints);
    EXPECT_EQ(complaints.size(), 1u);
  }
}

TEST(WrongServices, AreFoundOut) {
  const ServiceCounts right{3, 0, 0, 3, 2, 4, 5, 5};
  const auto complaints_about = [](const ServiceCounts& counts) {
    Complaints complaints;
    check_service(counts, complaints);
    return complaints.size();
  };
  EXPECT_EQ(complaints_about(right), 0u);
  for (const auto member :
       {&ServiceCounts::idle_phase, &ServiceCounts::idle_listed, &ServiceCounts::with_request,
        &ServiceCounts::queued, &ServiceCounts::in_service, &ServiceCounts::at_server}) {
    ServiceCounts wrong = right;
    ++(wrong.*member);
    EXPECT_GT(complaints_about(wrong), 0u);
  }
  ServiceCounts short_queue = right;
  short_queue.queue_capacity = 1;
  EXPECT_GT(complaints_about(short_queue), 0u);
}

TEST(WrongMemory, IsFoundOut) {
  const auto complaints_about = [](const MemoryCounts& counts) {
    Complaints complaints;
    check_memory(counts, complaints);
    return complaints.size();
  };
  const MemoryCounts right{.charged = Bytes(50),
                           .limit = Bytes(50),
                           .main = Bytes(20),
                           .processes = Bytes(30),
                           .held = Bytes(30),
                           .cached = Bytes(5),
                           .in_swap = Bytes(5),
                           .swapped = Bytes(5),
                           .swap_max = Bytes(5)};
  EXPECT_EQ(complaints_about(right), 0u);
  for (const auto member :
       {&MemoryCounts::charged, &MemoryCounts::processes, &MemoryCounts::held,
        &MemoryCounts::cached, &MemoryCounts::in_swap, &MemoryCounts::swapped}) {
    MemoryCounts wrong = right;
    wrong.*member += Bytes(1);
    EXPECT_GT(complaints_about(wrong), 0u);
  }
  MemoryCounts above = right;
  above.limit = Bytes(49);
  EXPECT_GT(complaints_about(above), 0u);
  MemoryCounts full = right;
  full.swap_max = Bytes(4);
  EXPECT_GT(complaints_about(full), 0u);
}

// One that is asleep, with three connections that all have tasks: one in the pool, one waiting for
// its only thread, one elsewhere.
TEST(WrongLoops, AreFoundOut) {
  const auto complaints_about = [](const LoopCounts& counts) {
    Complaints complaints;
    check_loop(counts, complaints);
    return complaints.size();
  };
  const LoopCounts right{true, 0, 0, 0, 3, 3, 0, 1, 1, 1, 1, 0};
  EXPECT_EQ(complaints_about(right), 0u);
  for (const auto member :
       {&LoopCounts::ready, &LoopCounts::listed, &LoopCounts::event_loop, &LoopCounts::tasks,
        &LoopCounts::calls, &LoopCounts::in_pool, &LoopCounts::threads, &LoopCounts::idle_listed}) {
    LoopCounts wrong = right;
    ++(wrong.*member);
    EXPECT_GT(complaints_about(wrong), 0u);
  }
}

// A hub that takes more connections than it has greenlets for.
TEST(WrongWorlds, WithMoreGreenletsThanTheirsAreFoundOut) {
  const auto with_greenlets = [](std::uint32_t greenlets) {
    BlueprintBuilder builder(2);
    LoopOptions options{.processes = 2, .threads = 0, .gil = std::nullopt};
    options.hub = HubSpec{greenlets, 1};
    const ServiceId service = builder.event_loop(options);
    builder.poisson(150, builder.request_class(service, {wait_step(law::Exponential{40e6})}));
    return builder.build();
  };
  const Blueprint right = with_greenlets(3);
  EXPECT_TRUE(walk_on(right).complaints.empty());
  const Blueprint wrong = with_greenlets(4);
  EXPECT_TRUE(walk_on(wrong).complaints.empty());
  EXPECT_FALSE(walk_on(wrong, &right).complaints.empty());
  // Or leaves connections in the accept queue beside one.
  EXPECT_FALSE(walk_on(right, &wrong).complaints.empty());
}

// More threads in the pool than there are is a limit that is not kept.
TEST(WrongWorlds, WithALargerPoolThanTheirsAreFoundOut) {
  const auto with_threads = [](std::uint32_t threads) {
    BlueprintBuilder builder(2);
    const ServiceId service = builder.event_loop({.threads = threads});
    const ClassId id = builder.request_class(service, {wait_step(law::Exponential{20e6})});
    builder.in_thread(id);
    builder.poisson(150, id);
    return builder.build();
  };
  const Blueprint right = with_threads(3);
  EXPECT_TRUE(walk_on(right).complaints.empty());
  Blueprint wrong = with_threads(4);
  EXPECT_FALSE(walk_on(wrong, &right).complaints.empty());
}

TEST(WrongProcesses, AreFoundOut) {
  const auto complaints_about = [](const ProcessCounts& counts) {
    Complaints complaints;
    check_process(counts, complaints);
    return complaints.size();
  };
  // Four of at most four connections, one of them in the queue and one idle; one thread is idle,
  // another on its way; one has the lock, which another waits for.
  const ProcessCounts right{4, 4, 1, 1, 2, 1, 1, 1, 1, 1, 1, true};
  EXPECT_EQ(complaints_about(right), 0u);
  for (const auto member :
       {&ProcessCounts::connections, &ProcessCounts::queued, &ProcessCounts::parked,
        &ProcessCounts::served, &ProcessCounts::idle_phase, &ProcessCounts::idle_listed,
        &ProcessCounts::holding}) {
    ProcessCounts wrong = right;
    ++(wrong.*member);
    EXPECT_GT(complaints_about(wrong), 0u);
  }
  ProcessCounts dead = right;
  dead.is_gone = true;
  EXPECT_GT(complaints_about(dead), 0u);
  ProcessCounts lower_limit = right;
  lower_limit.limit = 3;
  EXPECT_GT(complaints_about(lower_limit), 0u);
  ProcessCounts forgotten = right;
  forgotten.fetching = 0;
  EXPECT_GT(complaints_about(forgotten), 0u);
  ProcessCounts lost_wake_up = right;
  lost_wake_up.lock_is_held = false;
  lost_wake_up.holding = 0;
  EXPECT_EQ(complaints_about(lost_wake_up), 0u) << "the one that comes will take it";
  lost_wake_up.coming = 0;
  EXPECT_GT(complaints_about(lost_wake_up), 0u);
}

// Two processes of three threads each, which take turns to accept or do not.
Blueprint with_leaders(bool take_turns) {
  BlueprintBuilder builder(2);
  OverheadSpec overhead;
  overhead.phases.fill(always(CpuTime(100'000)));
  const ServiceId service = builder.leader_followers(
      {.processes = 2, .threads = 3, .one_leader = take_turns, .overhead = overhead});
  builder.poisson(600, builder.request_class(service, {wait_step(law::Exponential{10e6})}));
  return builder.build();
}

TEST(WrongLeaders, AreFoundOut) {
  const auto fewer_threads = [](Blueprint blueprint) {
    --std::get<LeaderFollowersSpec>(blueprint.services[ServiceId(0)].server).threads;
    return blueprint;
  };
  for (const bool take_turns : {false, true}) {
    const Blueprint right = with_leaders(take_turns);
    EXPECT_TRUE(walk_on(right).complaints.empty());
    const Blueprint other = with_leaders(!take_turns);
    EXPECT_FALSE(walk_on(right, &other).complaints.empty()) << take_turns;
    const Blueprint smaller = fewer_threads(right);
    EXPECT_FALSE(walk_on(right, &smaller).complaints.empty()) << take_turns;
  }
}

// Two processes with pools, a database, and a lock in it; with a pgbouncer or without.
Blueprint with_database(bool has_bouncer) {
  BlueprintBuilder builder(4);
  const ServiceId web =
      builder.gthread({.processes = 2, .threads = 5, .connections = 5, .gil = std::nullopt});
  PostgresOptions options{.backends = 5, .connect = CpuTime(1'000'000)};
  if (has_bouncer) options.bouncer_size = 3;
  options.bouncer_clients = 5;
  const ServiceId database = builder.postgres(options);
  const std::uint32_t read = builder.operation(database, {wait_step(law::Exponential{20e6})});
  const std::uint32_t write = builder.operation(database, {wait_step(law::Exponential{2e6})});
  builder.lock(write, builder.lock_of(database));
  builder.pools(web, database, {.size = 2, .overflow = 2, .timeout = milliseconds(30)});
  const StepSpec calls = builder.call_step(
      {{.operation = read, .timeout = milliseconds(40)}, {.operation = write, .count = 2}});
  builder.poisson(150, builder.request_class(web, {calls}));
  return builder.build();
}

TEST(WrongDatabaseConnections, AreFoundOut) {
  const Wrong wrongs[] = {
      {"a database that accepts too many",
       [](Blueprint& b) { --std::get<PostgresSpec>(b.services[ServiceId(1)].server).backends; }},
      {"pools that lend too many", [](Blueprint& b) { --b.pools[PoolId(0)].overflow; }},
      {"pools that lend too few", [](Blueprint& b) { ++b.pools[PoolId(0)].overflow; }},
      {"pools that keep too many",
       [](Blueprint& b) {
         b.pools[PoolId(0)] = {ServiceId(1), 1, 3, milliseconds(30)};
       }},
      {"a lock that nobody wanted",
       [](Blueprint& b) { b.classes[ClassId(2)].lock = LockId::none(); }},
      {"a lock that is not taken", [](Blueprint& b) { b.classes[ClassId(1)].lock = LockId(0); }},
  };
  const Blueprint right = with_database(false);
  EXPECT_TRUE(walk_on(right).complaints.empty());
  for (const Wrong& wrong : wrongs) {
    Blueprint judge = right;
    wrong.change(judge);
    EXPECT_FALSE(walk_on(right, &judge).complaints.empty()) << wrong.what;
  }
}

// Calls of two services, one of them over connections of a pool.
TEST(WrongPorts, AreFoundOut) {
  const auto complaints_about = [](const PortCounts& counts) {
    Complaints complaints;
    check_ports(counts, complaints);
    return complaints.size();
  };
  EXPECT_EQ(complaints_about({3, 3, 3}), 0u);
  EXPECT_EQ(complaints_about({3, 4, 4}), 1u);
  EXPECT_EQ(complaints_about({3, 3, 2}), 1u);

  Blueprint right = with_database(false);
  right.machines[kHardware].local_ports = 4;
  EXPECT_TRUE(walk_on(right).complaints.empty());
  Blueprint judge = right;
  --judge.machines[kHardware].local_ports;
  EXPECT_FALSE(walk_on(right, &judge).complaints.empty());
}

// Of a process, and of its pools.
TEST(WrongDescriptors, AreFoundOut) {
  Blueprint right = with_database(false);
  const auto count = [&](auto& processes) {
    for (auto& process : processes) {
      process.descriptors = right.descriptors.push_back(100);
      for (std::uint32_t p = 0; p < process.pools.count; ++p) {
        right.pools[PoolId(process.pools.first.index() + p)].descriptors = process.descriptors;
      }
    }
  };
  count(right.workers);
  count(right.processes);
  EXPECT_TRUE(walk_on(right).complaints.empty());
  Blueprint judge = right;
  for (std::uint32_t& most : judge.descriptors) most = 5;
  EXPECT_FALSE(walk_on(right, &judge).complaints.empty());
}

TEST(WrongBouncers, AreFoundOut) {
  const Wrong wrongs[] = {
      {"one that lends too many", [](Blueprint& b) { --b.pools[PoolId(0)].size; }},
      {"one that lends too few", [](Blueprint& b) { ++b.pools[PoolId(0)].size; }},
      {"one that accepts too many",
       [](Blueprint& b) {
         --std::get<PostgresSpec>(b.services[ServiceId(1)].server).bouncer_clients;
       }},
  };
  const Blueprint right = with_database(true);
  EXPECT_TRUE(walk_on(right).complaints.empty());
  for (const Wrong& wrong : wrongs) {
    Blueprint judge = right;
    wrong.change(judge);
    EXPECT_FALSE(walk_on(right, &judge).complaints.empty()) << wrong.what;
  }
}

// Two on requests and one idle.
TEST(WrongConnections, AreFoundOut) {
  const auto complaints_about = [](const ConnectionCounts& counts) {
    Complaints complaints;
    check_connections(counts, complaints);
    return complaints.size();
  };
  const ConnectionCounts right{3, 2, 1, 1};
  EXPECT_EQ(complaints_about(right), 0u);
  for (const auto member :
       {&ConnectionCounts::connections, &ConnectionCounts::idle, &ConnectionCounts::parked}) {
    ConnectionCounts wrong = right;
    ++(wrong.*member);
    EXPECT_GT(complaints_about(wrong), 0u);
  }
}

// Clients that keep what they may not, or more, and servers that do.
TEST(WrongKeepAlive, IsFoundOut) {
  const auto with_shared = [](std::optional<std::uint32_t> shared) {
    BlueprintBuilder builder(2);
    const ServiceId service = builder.gthread(
        {.threads = 4, .connections = 10, .keep_alive = KeepAliveSpec{seconds(1), 6}});
    builder.poisson(200, builder.request_class(service, {wait_step(law::Exponential{20e6})}));
    if (shared) builder.keep_connections(*shared);
    return builder.build();
  };
  const Blueprint right = with_shared(2);
  EXPECT_TRUE(walk_on(right).complaints.empty());
  for (const auto shared : {std::optional<std::uint32_t>(4), std::optional<std::uint32_t>(1)}) {
    const Blueprint other = with_shared(shared);
    EXPECT_TRUE(walk_on(other).complaints.empty());
    EXPECT_EQ(walk_on(other, &right).complaints.empty(), *shared < 2) << *shared;
  }
  const Blueprint nobody = with_shared(std::nullopt);
  EXPECT_FALSE(walk_on(right, &nobody).complaints.empty());
}

// Sessions that request something else, one request too many, or leave and stay when they should
// not.
TEST(WrongSessions, AreFoundOut) {
  const auto with_script = [](const std::vector<std::size_t>& script, bool ends_on_failure) {
    BlueprintBuilder builder;
    const ServiceId service = builder.service({.workers = 2});
    const std::vector<ClassId> ids = {
        builder.request_class(service, {cpu_step(law::Exponential{2e6})}),
        builder.request_class(service, {cpu_step(milliseconds(1)), error_step(0.2)})};
    SessionSpec spec{SessionScript{}, Sampler(law::Exponential{20e6}), ends_on_failure};
    SessionScript& course = std::get<SessionScript>(spec.course);
    for (const std::size_t each : script) course.classes.push_back(ids[each]);
    builder.sessions(builder.source(ModulatedSource{{{40 / 1e9, 0}}}, ids), spec);
    return builder.build();
  };
  const Blueprint right = with_script({0, 1, 0}, true);
  const Walked honest = walk_on(right);
  EXPECT_TRUE(honest.complaints.empty());
  EXPECT_GT(honest.record.sessions.lost, 5u);
  EXPECT_GT(honest.record.sessions.durations.count(), 20u);
  for (const Blueprint& wrong : {with_script({0, 1, 0, 0}, true), with_script({0, 1, 1}, true),
                                 with_script({0, 1, 0}, false)}) {
    EXPECT_TRUE(walk_on(wrong).complaints.empty());
    EXPECT_FALSE(walk_on(wrong, &right).complaints.empty());
  }
  const Blueprint patient = with_script({0, 1, 0}, false);
  EXPECT_FALSE(walk_on(right, &patient).complaints.empty());
}

// Connections that stay open where clients keep none, and with processes that end all the time.
TEST(WrongWebSockets, AreFoundOut) {
  const auto with_websocket = [](bool is_websocket) {
    BlueprintBuilder builder;
    LoopOptions options{.processes = 2};
    options.arbiter.max_requests = 20;
    options.arbiter.boot = CpuTime(1'000'000);
    const ServiceId service = builder.event_loop(options);
    const ClassId id = builder.request_class(service, {cpu_step(law::Exponential{2e6})});
    SessionSpec spec{SessionMix{GeometricCount(5)}, Sampler(law::Exponential{20e6}), false};
    if (is_websocket) spec.websocket = WebSocketSpec{Sampler(law::Exponential{10e6})};
    builder.sessions(builder.poisson(30, id), spec);
    return builder.build();
  };
  const Blueprint right = with_websocket(true);
  const Walked honest = walk_on(right);
  EXPECT_TRUE(honest.complaints.empty());
  EXPECT_GT(honest.reuses, 100u);
  EXPECT_GT(honest.record.sessions.reconnects, 5u);
  const Blueprint without = with_websocket(false);
  EXPECT_TRUE(walk_on(without).complaints.empty());
  EXPECT_FALSE(walk_on(right, &without).complaints.empty());
}

TEST(WrongAccounts, AreFoundOut) {
  WaitTimes before{};
  before[0] = Duration(5);
  WaitTimes account = before;
  account[1] = Duration(7);
  const auto complaints_about = [&](const WaitTimes& times, std::int64_t age) {
    Complaints complaints;
    check_account(before, times, Duration(age), complaints);
    return complaints.size();
  };
  EXPECT_EQ(complaints_about(account, 12), 0u);
  EXPECT_GT(complaints_about(account, 13), 0u);
  WaitTimes shrunk = account;
  shrunk[0] = Duration(3);
  EXPECT_GT(complaints_about(shrunk, 10), 0u);
  WaitTimes negative = account;
  negative[2] = Duration(-1);
  EXPECT_GT(complaints_about(negative, 11), 0u);
}

TEST(WrongSpeeds, AreFoundOut) {
  const auto complaints_about = [](const CpuSpeeds& speeds) {
    Complaints complaints;
    check_speeds(speeds, complaints);
    return complaints.size();
  };
  constexpr Speed kHalf = kFullSpeed / 2;
  const std::vector<Speed> one_core = {kFullSpeed};
  const std::vector<Speed> two_cores = {kFullSpeed, kFullSpeed};
  EXPECT_EQ(complaints_about({{kFullSpeed, kHalf, kHalf}, {0}, two_cores, true}), 0u);
  EXPECT_GT(complaints_about({{kFullSpeed, kHalf, kHalf}, {0}, one_core, true}), 0u);
  EXPECT_GT(complaints_about({{kFullSpeed + 1}, {}, two_cores, true}), 0u);
  EXPECT_GT(complaints_about({{kFullSpeed}, {1}, two_cores, true}), 0u);
  EXPECT_GT(complaints_about({{kHalf, kHalf}, {}, two_cores, true}), 0u)
      << "half of the machine is idle";
  EXPECT_EQ(complaints_about({{kHalf, kHalf}, {}, two_cores, false}), 0u)
      << "a limit may explain it";
}

// Services that call each other: what is judged by another scenario must be found out.
Blueprint with_calls() {
  BlueprintBuilder builder(4);
  const ServiceId web = builder.service({.workers = 3});
  const ServiceId database = builder.service({.workers = 2});
  const std::uint32_t read = builder.operation(database, {cpu_step(law::Exponential{3e6})});
  const StepSpec calls = builder.call_step(
      {{.operation = read, .count = 2}, {.operation = read, .hedge_after = milliseconds(5)}});
  builder.poisson(60, builder.request_class(web, {cpu_step(milliseconds(2)), calls}));
  return builder.build();
}

TEST(HonestCalls, RaiseNoComplaint) {
  const Walked walked = walk_on(with_calls());
  EXPECT_TRUE(walked.complaints.empty());
  EXPECT_GT(walked.record.operations.front().calls.arrivals, 100u);
}

// Two workers of Celery with tasks enough to fill what they may reserve, some of which crash.
Blueprint with_tasks() {
  BlueprintBuilder builder(4);
  const ServiceId celery = builder.celery({.instances = 2,
                                           .concurrency = 2,
                                           .prefetch_multiplier = 1,
                                           .acks_late = true,
                                           .time_limit = milliseconds(60)});
  builder.poisson(
      250, builder.request_class(celery, {wait_step(law::Exponential{15e6}), crash_step(0.01)}));
  return builder.build();
}

TEST(HonestTasks, RaiseNoComplaint) {
  const Walked walked = walk_on(with_tasks());
  EXPECT_TRUE(walked.complaints.empty());
  EXPECT_GT(count_of(walked.record, Outcome::lost), 0u);
  EXPECT_GT(count_of(walked.record, Outcome::error_500), 0u);
}

// Half of the tasks are urgent, and a fifth of them expires.
Blueprint with_urgent_tasks() {
  BlueprintBuilder builder(4);
  const ServiceId celery = builder.celery(
      {.concurrency = 2, .prefetch_multiplier = 1, .acks_late = true, .urgencies = 2});
  for (const std::uint32_t urgency : {0u, 1u}) {
    const ClassId id = builder.request_class(celery, {wait_step(law::Exponential{15e6})});
    builder.task(id) = {urgency, 0, Sampler(law::Exponential{100e6})};
    builder.poisson(65, id);
  }
  return builder.build();
}

// A poller with more to do than it takes at a visit.
Blueprint with_polled_tasks() {
  BlueprintBuilder builder(4);
  const ServiceId poller = builder.poller({.workers = 2,
                                           .queues = 2,
                                           .takes = Takes::gated,
                                           .limit = 3,
                                           .visit = law::Exponential{20e6},
                                           .pause = law::Exponential{50e6}});
  for (const std::uint32_t queue : {0u, 1u}) {
    const ClassId id =
        builder.request_class(poller, {wait_step(law::Exponential{10e6}), crash_step(0.01)});
    builder.task(id) = {0, queue, Sampler(law::Exponential{1e9})};
    builder.poisson(50, id);
  }
  return builder.build();
}

TEST(HonestQueues, RaiseNoComplaint) {
  for (const Blueprint& blueprint : {with_urgent_tasks(), with_polled_tasks()}) {
    const Walked walked = walk_on(blueprint);
    EXPECT_TRUE(walked.complaints.empty()) << walked.complaints.front();
    EXPECT_GT(count_of(walked.record, Outcome::expired), 0u);
    EXPECT_GT(count_of(walked.record, Outcome::completed), 150u);
  }
}

void expire_later(Blueprint& blueprint) {
  for (ClassSpec& each : blueprint.classes) each.task.expires = Sampler(law::Constant{10e9});
}

TEST(WrongQueues, AreFoundOut) {
  const Blueprint urgent = with_urgent_tasks(), polled = with_polled_tasks();
  const auto find_out = [](const Blueprint& right, const Wrong& wrong) {
    Blueprint blueprint = right;
    wrong.change(blueprint);
    EXPECT_FALSE(walk_on(blueprint, &right).complaints.empty()) << wrong.what;
  };
  find_out(urgent, {"no priorities", [](Blueprint& b) {
                      for (ClassSpec& each : b.classes) each.task.urgency = 0;
                    }});
  find_out(urgent, {"the other way round", [](Blueprint& b) {
                      for (ClassSpec& each : b.classes) each.task.urgency = 1 - each.task.urgency;
                    }});
  find_out(urgent, {"a later expiry", expire_later});
  find_out(polled, {"a later expiry, of a poller", expire_later});
  find_out(polled, {"a larger limit", [](Blueprint& b) {
                      std::get<PollerSpec>(b.services[ServiceId(0)].server).limit = 4;
                    }});
}

CelerySpec& celery_of(Blueprint& blueprint) {
  return std::get<CelerySpec>(blueprint.services[ServiceId(0)].server);
}

TEST(WrongTasks, AreFoundOut) {
  const Blueprint right = with_tasks();
  const Wrong wrongs[] = {
      {"a message too many", [](Blueprint& b) { ++celery_of(b).prefetch; }},
      {"acknowledged too early", [](Blueprint& b) { celery_of(b).acks_late = false; }},
  };
  for (const Wrong& wrong : wrongs) {
    Blueprint blueprint = right;
    wrong.change(blueprint);
    EXPECT_FALSE(walk_on(blueprint, &right).complaints.empty()) << wrong.what;
  }
}

}  // namespace
}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// A run in steady state allocates nothing, however many requests pass.
#include <gtest/gtest.h>

#include <cstdint>

#include "tests/support/allocations.h"
#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

// A server at about 80 %, 1000 requests a second, with client timeouts that are all cancelled and
// the overhead of the server itself. At most 30 requests at once and bounded demands: so the
// longest queue and the longest latency have been seen in the warm-up.
Blueprint web_server(SchedulerKind scheduler) {
  BlueprintBuilder builder(1, scheduler);
  const PhaseCpu cost{CpuTime(10'000), CpuTime(20'000)};
  const ServiceId service =
      builder.service({.workers = 3,
                       .limit_concurrency = 30,
                       .overhead = {{cost, cost, cost, cost}, milliseconds(5)}});
  builder.poisson(1000, builder.request_class(service, {cpu_step(law::Uniform{0, 1.3e6})}));
  builder.client_timeout(seconds(10));
  return builder.build();
}

// Three places for what would need four, so that every third request is refused and tried again.
Blueprint refusing_server() {
  BlueprintBuilder builder;
  const ServiceId service = builder.service({.workers = 2, .limit_concurrency = 3});
  builder.poisson(
      1000, builder.request_class(service, {cpu_step(law::Uniform{0, 2.2e6}), error_step(0.01)}));
  builder.client_timeout(milliseconds(5));
  RetrySpec retries = retries_after(milliseconds(1), 3);
  retries.backoff.jitter = Jitter::full;
  retries.budget = RetryBudget{kRetryToken / 2, 100 * kRetryToken};
  builder.retries(retries);
  return builder.build();
}

// The same for an event loop and its pool. All that is ever ready in the loop has been seen.
Blueprint event_loop() {
  BlueprintBuilder builder(2);
  const PhaseCpu cost{CpuTime(5'000), CpuTime(10'000)};
  OverheadSpec overhead;
  overhead.phases.fill(cost);
  overhead.cold_after = milliseconds(5);
  const ServiceId service =
      builder.event_loop({.threads = 3, .limit_concurrency = 30, .overhead = overhead});
  const ClassId asynchronous = builder.request_class(
      service,
      {cpu_step(law::Uniform{0, 0.5e6}), wait_step(milliseconds(2)), sleep_step(milliseconds(3))});
  const ClassId synchronous = builder.request_class(service, {wait_step(milliseconds(2))});
  builder.in_thread(synchronous);
  builder.source(ModulatedSource{{{1000 / 1e9, 0}}}, {asynchronous, synchronous});
  builder.client_timeout(seconds(10));
  return builder.build();
}

// Two processes whose pools overflow, a pgbouncer, a lock, and calls that are given up. Twelve
// threads at most ask for something, so that the longest queue has been seen.
Blueprint database() {
  BlueprintBuilder builder(4);
  const ServiceId web = builder.gthread({.processes = 2,
                                         .threads = 6,
                                         .connections = 15,
                                         .accept_queue_capacity = 5,
                                         .gil = std::nullopt});
  const ServiceId database = builder.postgres(
      {.connect = CpuTime(100'000), .bouncer_size = 3, .bouncer_timeout = milliseconds(8)});
  const std::uint32_t write = builder.operation(database, {wait_step(law::Uniform{0, 4e6})});
  builder.lock(write, builder.lock_of(database));
  builder.pools(web, database, {.size = 1, .overflow = 2, .timeout = milliseconds(10)});
  const StepSpec call = builder.call_step({{.operation = write, .timeout = milliseconds(12)}});
  const ClassId id = builder.request_class(web, {call});
  builder.poisson(400, id);
  builder.client_timeout(seconds(10));
  return builder.build();
}

// Connections that are opened, reused, hung up by a pool of four and closed by the server, of a
// loop and of threads.
Blueprint keeping_servers() {
  BlueprintBuilder builder(2);
  const KeepAliveSpec keep_alive{milliseconds(3), 5};
  const ServiceId loop = builder.event_loop({.threads = 0, .keep_alive = keep_alive});
  const ServiceId threads =
      builder.gthread({.threads = 3, .connections = 8, .keep_alive = keep_alive});
  builder.source(ModulatedSource{{{1000 / 1e9, 0}}},
                 {builder.request_class(loop, {cpu_step(law::Uniform{0, 0.8e6})}),
                  builder.request_class(threads, {cpu_step(law::Uniform{0, 0.8e6})})});
  builder.client_timeout(seconds(10));
  builder.keep_connections(4);
  return builder.build();
}

// A request each 10 ms, each of which sends a task of 12 ms; some of these crash and come back,
// some are killed. Queues stay shorter than what they can hold at first.
Blueprint background_tasks() {
  BlueprintBuilder builder(4);
  const ServiceId web = builder.service({.workers = 2});
  const ServiceId celery = builder.celery({.instances = 2,
                                           .concurrency = 2,
                                           .prefetch_multiplier = 1,
                                           .acks_late = true,
                                           .reject_on_worker_lost = true,
                                           .time_limit = milliseconds(20),
                                           .max_tasks_per_child = 50,
                                           .boot = CpuTime(1'000'000)});
  const std::uint32_t email = builder.operation(
      celery,
      {wait_step(law::Uniform{8e6, 16e6}), crash_step(0.01), wait_step(law::Uniform{0, 5e6})});
  const ClassId page = builder.request_class(
      web, {cpu_step(milliseconds(1)), builder.send_step({.operation = email})});
  builder.source(ConstantSource{10e6}, {page});
  return builder.build();
}

// Sessions of two requests, each with a connection of its own. Rows of sessions and what is known
// of their keepers are used again.
Blueprint sessions() {
  BlueprintBuilder builder(2);
  const ServiceId service = builder.gthread(
      {.threads = 4, .connections = 40, .keep_alive = KeepAliveSpec{milliseconds(30), 30}});
  const ClassId id = builder.request_class(service, {cpu_step(law::Uniform{0, 1e6})});
  const SourceId source = builder.source(ConstantSource{1e6}, {id});
  builder.sessions(source, {SessionMix{2u}, Sampler(law::Uniform{0, 20e6}), true});
  builder.client_timeout(seconds(10));
  builder.keep_connections();
  return builder.build();
}

// A request each 10 ms, each of which sends a task of 12 ms to one of two queues, whose pollers
// look every 5 ms, and an urgent one to a Celery, which sometimes takes so long that it is
// delivered again.
Blueprint queued_tasks() {
  BlueprintBuilder builder(4);
  const ServiceId web = builder.service({.workers = 2});
  const ServiceId poller = builder.poller({.workers = 3,
                                           .queues = 2,
                                           .takes = Takes::gated,
                                           .visit = law::Constant{1e6},
                                           .pause = law::Constant{5e6}});
  const ServiceId celery = builder.celery({.concurrency = 3,
                                           .prefetch_multiplier = 1,
                                           .acks_late = true,
                                           .urgencies = 2,
                                           .visibility_timeout = milliseconds(14)});
  const std::uint32_t mail = builder.operation(poller, {wait_step(law::Uniform{8e6, 16e6})});
  const std::uint32_t log = builder.operation(poller, {crash_step(0.01)});
  const std::uint32_t report = builder.operation(celery, {wait_step(law::Uniform{4e6, 16e6})});
  builder.task_of(mail).queue = 1;
  builder.task_of(report) = {1, 0, Sampler(law::Constant{100e6})};
  const ClassId page = builder.request_class(
      web, {cpu_step(milliseconds(1)), builder.send_step({.operation = mail}),
            builder.send_step({.operation = log}), builder.send_step({.operation = report})});
  builder.source(ConstantSource{10e6}, {page});
  return builder.build();
}

class Server {
 public:
  explicit Server(const Blueprint& blueprint)
      : blueprint_(blueprint),
        world_(blueprint, 1, 0),
        recorder_(blueprint, {Instant(), Instant() + seconds(10'000), 1000, {}}) {}

  void serve(std::uint64_t requests) {
    const std::uint64_t until = arrivals() + requests;
    while (arrivals() < until) step(world_, blueprint_, recorder_);
  }
  Bytes memory() const { return world_.memory(); }

 private:
  std::uint64_t arrivals() const { return world_.sources[SourceId(0)].next_ordinal; }

  const Blueprint& blueprint_;
  World world_;
  Recorder recorder_;
};

TEST(Allocations, TheCounterCounts) {
  const std::uint64_t before = allocations_so_far();
  const Blueprint blueprint = web_server(SchedulerKind::fluid);
  EXPECT_GT(allocations_so_far(), before);
}

TEST(Allocations, AreNoneInSteadyState) {
  for (const Blueprint& blueprint :
       {web_server(SchedulerKind::fluid), web_server(SchedulerKind::fifo), refusing_server()}) {
    Server server(blueprint);
    // 300 s pass before, 100 s are measured. Timers may allocate once more when the clock reaches
    // the next power of two nanoseconds, which it does at 275 s and at 550 s.
    server.serve(300'000);
    const std::uint64_t before = allocations_so_far();
    server.serve(100'000);
    EXPECT_EQ(allocations_so_far(), before);
  }
}

// Processes of threads and of loops that end and begin all the time.
Blueprint mortal_processes() {
  BlueprintBuilder builder(2);
  ArbiterSpec arbiter;
  arbiter.max_requests = 200;
  arbiter.max_requests_jitter = 50;
  arbiter.boot = CpuTime(1'000'000);
  const ServiceId threads =
      builder.gthread({.processes = 2, .threads = 3, .connections = 20, .arbiter = arbiter});
  const ServiceId loops =
      builder.event_loop({.processes = 2, .limit_concurrency = 30, .arbiter = arbiter});
  builder.source(ModulatedSource{{{500 / 1e9, 0}}},
                 {builder.request_class(threads, {cpu_step(law::Uniform{0, 1e6})}),
                  builder.request_class(
                      loops, {cpu_step(law::Uniform{0, 1e6}), sleep_step(milliseconds(2))})});
  return builder.build();
}

// Threads that accept for themselves, in processes that end, are killed, started and stopped.
Blueprint adapting_processes() {
  BlueprintBuilder builder(2);
  ArbiterSpec arbiter;
  arbiter.timeout = seconds(1);
  arbiter.times_requests = true;
  arbiter.max_requests = 500;
  arbiter.boot = CpuTime(1'000'000);
  arbiter.replaces = Replaces::when_it_looks;
  const ServiceId service =
      builder.leader_followers({.processes = 4,
                                .threads = 2,
                                .accept_queue_capacity = 20,
                                .gil = GilSpec{milliseconds(5), CpuTime(1)},
                                .arbiter = arbiter,
                                .cheaper = CheaperSpec{CheaperAlgorithm::backlog, 1, 5, 1}});
  builder.poisson(500, builder.request_class(
                           service, {cpu_step(law::Uniform{0, 3e6}), wait_step(milliseconds(4))}));
  builder.client_timeout(milliseconds(100));
  return builder.build();
}

// Processes that are started and end all the time.
Blueprint processes_on_demand() {
  BlueprintBuilder builder(2);
  ArbiterSpec arbiter;
  arbiter.boot = CpuTime(2'000'000);
  arbiter.max_requests = 100;
  const ServiceId kept = builder.on_demand(
      {.workers = 4, .least = 1, .queue = 10, .idle_time = milliseconds(10), .arbiter = arbiter});
  const ServiceId cgi =
      builder.on_demand({.workers = 5, .queue = 10, .one_request = true, .arbiter = arbiter});
  builder.source(ModulatedSource{{{400 / 1e9, 0}}},
                 {builder.request_class(kept, {cpu_step(law::Uniform{0, 3e6})}),
                  builder.request_class(cgi, {cpu_step(law::Uniform{0, 1e6})})});
  builder.client_timeout(seconds(10));
  return builder.build();
}

TEST(Allocations, AreNoneInTheSteadyStateOfProcessesWithThreads) {
  for (const Blueprint& blueprint : {event_loop(), keeping_servers(), mortal_processes(),
                                     adapting_processes(), processes_on_demand(), sessions()}) {
    Server server(blueprint);
    server.serve(300'000);
    const std::uint64_t before = allocations_so_far();
    server.serve(100'000);
    EXPECT_EQ(allocations_so_far(), before);
  }
}

// From 300 s to 500 s: between two powers of two.
TEST(Allocations, AreNoneInTheSteadyStateOfTasks) {
  for (const Blueprint& blueprint : {background_tasks(), queued_tasks()}) {
    Server server(blueprint);
    server.serve(30'000);
    const std::uint64_t before = allocations_so_far();
    server.serve(20'000);
    EXPECT_EQ(allocations_so_far(), before);
  }
}

// From 750 s to 1000 s: between two powers of two.
TEST(Allocations, AreNoneInTheSteadyStateOfADatabase) {
  const Blueprint blueprint = database();
  Server server(blueprint);
  server.serve(300'000);
  const std::uint64_t before = allocations_so_far();
  server.serve(100'000);
  EXPECT_EQ(allocations_so_far(), before);
}

// Memory follows the most that was ever in the system, not what has passed through it. At 70 % of
// bounded demands the record of a million requests is set early.
TEST(Allocations, MemoryDoesNotGrowWithRequests) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  const ClassId id = builder.request_class(service, {cpu_step(microseconds(700))});
  builder.source(ConstantSource{1e6}, {id}, 4u);  // four at once, at 280 %: a queue that overflows
  builder.client_timeout(seconds(2));
  const Blueprint blueprint = builder.build();
  Server server(blueprint);
  server.serve(20'000);
  const Bytes memory = server.memory();
  server.serve(980'000);
  EXPECT_EQ(server.memory(), memory);
}

}  // namespace
}  // namespace cotenant

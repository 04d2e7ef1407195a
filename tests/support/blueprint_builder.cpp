// SPDX-License-Identifier: Apache-2.0
#include "tests/support/blueprint_builder.h"

#include <algorithm>
#include <memory>
#include <string>

namespace cotenant {

BlueprintBuilder::BlueprintBuilder(std::uint32_t cores, SchedulerKind scheduler) {
  result_.setup = "test";
  add_machine(cores, scheduler);
}

GroupId BlueprintBuilder::group(std::int64_t weight, std::optional<Bandwidth> bandwidth,
                                GroupId parent, MachineId machine) {
  return result_.machines[machine].add_group("group", {parent, weight, bandwidth}, Duration(0));
}

MachineId BlueprintBuilder::guest(std::uint32_t cores, SchedulerKind scheduler,
                                  GroupId host_group) {
  const MachineId id = add_machine(cores, scheduler);
  MachineSpec& spec = result_.machines[id];
  spec.name = "guest" + std::to_string(id.index());
  spec.host = kHardware;
  CpuTask task;
  task.group = host_group;
  task.speed_is_followed = true;
  const TaskOwner owner{TaskOwner::Kind::virtual_cpu, id.index()};
  for (std::uint32_t core = 0; core < cores; ++core) {
    spec.virtual_cpus.push_back(result_.machines[kHardware].add_task(task, owner));
  }
  return id;
}

void BlueprintBuilder::neighbor(const CompiledPattern& pattern, std::uint32_t threads,
                                GroupId group, MachineId machine) {
  CpuTask task;
  task.group = group;
  for (std::uint32_t t = 0; t < threads; ++t) {
    const std::uint32_t id = result_.neighbors.size();
    const TaskOwner owner{TaskOwner::Kind::neighbor, id};
    const TaskRef ref{machine, result_.machines[machine].add_task(task, owner)};
    result_.neighbors.push_back({"neighbor/" + std::to_string(id), ref, pattern});
  }
}

void BlueprintBuilder::local_ports(std::uint32_t ports, TimeWaitReuse reuse, MachineId machine) {
  result_.machines[machine].local_ports = ports;
  result_.machines[machine].time_wait_reuse = reuse;
}

KernelParameters& BlueprintBuilder::kernel(MachineId machine) {
  return result_.machines[machine].cpu.kernel;
}

ServiceId BlueprintBuilder::service(const ServiceOptions& options) {
  ServiceSpec spec;
  spec.name = "service" + std::to_string(result_.services.size());
  spec.accept_queue_capacity = options.accept_queue_capacity;
  spec.limit_concurrency = options.limit_concurrency;
  spec.server = SyncSpec{WorkerId(result_.workers.size()), options.workers, options.overhead,
                         options.arbiter};
  spec.machine = options.machine;
  const ServiceId id = result_.services.push_back(spec);
  CpuTask task;
  task.group = options.group;
  task.weight = options.weight;
  for (std::uint32_t w = 0; w < options.workers; ++w) {
    const TaskOwner owner{TaskOwner::Kind::worker, result_.workers.size()};
    result_.workers.push_back(
        {id, {options.machine, result_.machines[options.machine].add_task(task, owner)}});
  }
  return id;
}

ServiceId BlueprintBuilder::gthread(const GthreadOptions& options) {
  const GthreadSpec server{ProcessId(result_.processes.size()),
                           options.processes,
                           options.threads,
                           options.connections,
                           options.overhead,
                           options.arbiter};
  add_processes(options, TaskOwner::Kind::gthread_main, TaskOwner::Kind::gthread_pool);
  const ServiceId id = add_service(server, options.accept_queue_capacity);
  result_.services[id].keep_alive = options.keep_alive;
  return id;
}

ServiceId BlueprintBuilder::event_loop(const LoopOptions& options) {
  const LoopSpec server{ProcessId(result_.processes.size()),
                        options.processes,
                        options.threads,
                        options.overhead,
                        options.arbiter,
                        {},
                        options.hub,
                        options.counts_when_read,
                        options.stops_at_once,
                        options.grace,
                        options.accept_retry};
  add_processes(options, TaskOwner::Kind::event_loop, TaskOwner::Kind::loop_pool);
  const ServiceId id = add_service(server, options.accept_queue_capacity);
  result_.services[id].limit_concurrency = options.limit_concurrency;
  result_.services[id].keep_alive = options.keep_alive;
  return id;
}

ServiceId BlueprintBuilder::leader_followers(const LeaderFollowersOptions& options) {
  const LeaderFollowersSpec server{ProcessId(result_.processes.size()),
                                   options.processes,
                                   options.threads,
                                   options.one_leader,
                                   options.overhead,
                                   options.arbiter,
                                   options.timed,
                                   options.ends_overdue,
                                   options.youngest,
                                   options.grace,
                                   options.patience,
                                   options.queue_timeout,
                                   options.cheaper};
  LeaderFollowersOptions others = options;
  --others.threads;
  add_processes(others, TaskOwner::Kind::follower, TaskOwner::Kind::follower);
  const ServiceId id = add_service(server, options.accept_queue_capacity);
  result_.services[id].connect_timeout = options.connect_timeout;
  return id;
}

ServiceId BlueprintBuilder::on_demand(const OnDemandOptions& options) {
  const WorkerId first = add_workers(options.workers, TaskOwner::Kind::instance);
  return add_service(OnDemandSpec{first, options.workers, options.least, options.one_request,
                                  options.idle_time, options.overhead, options.arbiter},
                     options.queue);
}

ServiceId BlueprintBuilder::external(const ExternalOptions& options) {
  const ServiceId id = add_service(ExternalSpec{options.rate_limit}, 0);
  result_.services[id].machine = MachineId::none();
  result_.services[id].limit_concurrency = options.limit_concurrency;
  return id;
}

ServiceId BlueprintBuilder::redis(std::uint32_t max_clients) {
  const WorkerId thread = add_workers(1, TaskOwner::Kind::redis);
  return add_service(RedisSpec{thread, max_clients}, max_clients);
}

ServiceId BlueprintBuilder::postgres(const PostgresOptions& options) {
  const ServiceId service(result_.services.size());
  PostgresSpec server{add_workers(options.backends, TaskOwner::Kind::backend),
                      options.backends,
                      options.connect,
                      options.recovery,
                      PoolId::none(),
                      options.bouncer_clients};
  if (options.bouncer_size) {
    server.bouncer =
        result_.pools.push_back({service, *options.bouncer_size, 0, options.bouncer_timeout});
  }
  return add_service(server, 0);
}

ServiceId BlueprintBuilder::celery(const CeleryOptions& options) {
  CelerySpec server;
  server.first_child =
      add_workers(options.instances * options.concurrency, TaskOwner::Kind::celery_child);
  server.instances = options.instances;
  server.concurrency = options.concurrency;
  server.prefetch = options.prefetch_multiplier * options.concurrency;
  server.acks_late = options.acks_late;
  server.reject_on_worker_lost = options.reject_on_worker_lost;
  server.time_limit = options.time_limit;
  server.max_tasks_per_child = options.max_tasks_per_child;
  server.task_cpu = options.task_cpu;
  server.boot = options.boot;
  server.urgencies = options.urgencies;
  server.visibility_timeout = options.visibility_timeout;
  return add_service(server, 0);
}

ServiceId BlueprintBuilder::poller(const PollerOptions& options) {
  PollerSpec server;
  server.first_worker = add_workers(options.workers, TaskOwner::Kind::poller);
  server.workers = options.workers;
  server.queues = options.queues;
  server.first_again = options.first_again;
  server.takes = options.takes;
  server.limit = options.limit;
  server.visit_cpu = Sampler(options.visit_cpu);
  server.visit = Sampler(options.visit);
  if (options.pause) server.pause = Sampler(*options.pause);
  server.every = options.every;
  server.task_cpu = options.task_cpu;
  server.boot = options.boot;
  return add_service(server, 0);
}

TaskSpec& BlueprintBuilder::task(ClassId id) { return result_.classes[id].task; }

TaskSpec& BlueprintBuilder::task_of(std::uint32_t operation) { return operations_[operation].task; }

void BlueprintBuilder::pools(ServiceId service, ServiceId database, const PoolOptions& options) {
  const auto add = [&](auto& processes) {
    for (auto& process : processes) {
      if (process.service != service) continue;
      const PoolSpec pool{database, options.size, options.overflow, options.timeout, kHardware};
      process.pools = {result_.pools.push_back(pool), 1};
    }
  };
  add(result_.workers);
  add(result_.processes);
}

void BlueprintBuilder::descriptors(ServiceId service, std::uint32_t left) {
  const auto count = [&](auto& processes) {
    for (auto& process : processes) {
      if (process.service != service) continue;
      process.descriptors = result_.descriptors.push_back(left);
      if (process.pools.count > 0) {
        result_.pools[process.pools.first].descriptors = process.descriptors;
      }
    }
  };
  count(result_.workers);
  count(result_.processes);
}

void BlueprintBuilder::memory(ServiceId service, const ProcessMemorySpec& spec) {
  while (result_.memory.services.size() <= service.index()) {
    result_.memory.services.push_back({});
  }
  result_.memory.services[service] = spec;
  for (std::uint32_t w = 0; w < result_.workers.size(); ++w) {
    WorkerSpec& worker = result_.workers[WorkerId(w)];
    if (worker.service != service) continue;
    worker.resident = add_resident(service, worker.task);
    result_.memory.residents[worker.resident].worker = WorkerId(w);
  }
  for (std::uint32_t p = 0; p < result_.processes.size(); ++p) {
    ProcessSpec& process = result_.processes[ProcessId(p)];
    if (process.service != service) continue;
    process.resident = add_resident(service, result_.threads[process.main].task);
    result_.memory.residents[process.resident].process = ProcessId(p);
  }
}

void BlueprintBuilder::memory_limit(Bytes max, GroupId group) { limits_.push_back({group, max}); }

void BlueprintBuilder::reload_on_rss(ServiceId service, Bytes bytes) {
  std::get<LeaderFollowersSpec>(result_.services[service].server).reload_on_rss = bytes;
}

void BlueprintBuilder::lock(std::uint32_t operation, LockId lock) {
  operations_[operation].lock = lock;
}

LockId BlueprintBuilder::lock_of(ServiceId database) {
  return result_.locks.push_back({"lock", database});
}

void BlueprintBuilder::in_thread(ClassId id) { result_.classes[id].in_thread = true; }

ClassId BlueprintBuilder::request_class(ServiceId service, std::vector<StepSpec> steps) {
  const std::string name = "class" + std::to_string(result_.classes.size());
  ClassSpec spec{name, service, std::move(steps)};
  const auto& server = result_.services[service].server;
  spec.is_task =
      std::holds_alternative<CelerySpec>(server) || std::holds_alternative<PollerSpec>(server);
  return result_.classes.push_back(std::move(spec));
}

std::uint32_t BlueprintBuilder::operation(ServiceId service, std::vector<StepSpec> steps) {
  const std::string name = "operation" + std::to_string(operations_.size());
  operations_.push_back({name, service, std::move(steps), false, true});
  return static_cast<std::uint32_t>(operations_.size() - 1);
}

StepSpec BlueprintBuilder::call_step(const std::vector<CallOptions>& calls) {
  StepSpec step{StepSpec::Kind::call, {}};
  step.calls = {CallSpecId(result_.calls.size()), static_cast<std::uint32_t>(calls.size())};
  for (const CallOptions& options : calls) {
    const std::string name = "call" + std::to_string(result_.calls.size());
    CallSpec call;
    call.name = name;
    call.operation = ClassId(options.operation);
    call.sender = {options.timeout, options.retries};
    call.count = options.count;
    call.parallel = options.parallel;
    call.probability = options.probability;
    call.failure_is_ignored = options.failure_is_ignored;
    call.is_sent = options.is_sent;
    call.hedge_after = options.hedge_after;
    result_.calls.push_back(std::move(call));
  }
  return step;
}

StepSpec BlueprintBuilder::send_step(CallOptions options) {
  options.is_sent = true;
  options.parallel = true;
  return call_step({options});
}

SourceId BlueprintBuilder::source(SourceKind kind, std::vector<ClassId> classes, BatchSize batch) {
  const std::string name = "source" + std::to_string(result_.sources.size());
  // A replayed source is of no classes of its own: each row says its class.
  const std::vector<double> shares(std::max<std::size_t>(classes.size(), 1), 1.0);
  SourceSpec spec{name, std::move(kind), batch, classes, DiscreteChoice(shares), 0};
  spec.first_user = result_.users;
  result_.users += users_of(spec.kind);
  return result_.sources.push_back(std::move(spec));
}

void BlueprintBuilder::sessions(SourceId source, SessionSpec spec) {
  result_.sources[source].sessions = std::move(spec);
}

SourceId BlueprintBuilder::poisson(double per_second, ClassId request_class) {
  return source(ModulatedSource{{{per_second / 1e9, 0}}}, {request_class});
}

ClassId BlueprintBuilder::request(Instant at, ServiceId service, std::vector<StepSpec> steps) {
  if (replay_.is_none()) replay_ = source(ReplaySource{}, {});
  const ClassId id = request_class(service, std::move(steps));
  trace_.arrivals.push_back(at);
  trace_.classes.push_back(id);
  return id;
}

void BlueprintBuilder::recorded(std::vector<std::vector<Duration>> columns) {
  trace_.columns = std::move(columns);
}

void BlueprintBuilder::client_timeout(Duration timeout) { result_.clients.timeout = timeout; }

void BlueprintBuilder::retries(const RetrySpec& retries) { result_.clients.retries = retries; }

void BlueprintBuilder::keep_connections(std::uint32_t shared) {
  result_.shared_connections = shared;
}

Blueprint BlueprintBuilder::build() const {
  Blueprint blueprint = result_;
  if (!replay_.is_none()) {
    blueprint.sources[replay_].kind = ReplaySource{std::make_shared<const Trace>(trace_)};
  }
  const std::uint32_t first = blueprint.classes.size();
  add_limits(blueprint);
  for (const ClassSpec& operation : operations_) blueprint.classes.push_back(operation);
  for (CallSpec& call : blueprint.calls) call.operation = ClassId(first + call.operation.index());
  return blueprint;
}

ResidentId BlueprintBuilder::add_resident(ServiceId service, TaskRef task) {
  return result_.memory.residents.push_back(
      {task.machine, result_.task(task).group, service, {}, {}, 0});
}

void BlueprintBuilder::add_limits(Blueprint& blueprint) const {
  for (const MachineSpec& machine : blueprint.machines) {
    auto& groups = blueprint.memory.groups;
    groups.push_back({});
    const MachineId id(groups.size() - 1);
    for (const CpuGroup& group : machine.cpu.groups) groups[id].push_back({group.parent});
  }
  for (const auto& [group, max] : limits_) blueprint.memory.groups[kHardware][group].max = max;
  while (blueprint.memory.services.size() < blueprint.services.size()) {
    blueprint.memory.services.push_back({});
  }
}

template <class Server>
ServiceId BlueprintBuilder::add_service(const Server& server, std::uint32_t accept_queue_capacity) {
  ServiceSpec spec;
  spec.name = "service" + std::to_string(result_.services.size());
  spec.accept_queue_capacity = accept_queue_capacity;
  spec.server = server;
  return result_.services.push_back(spec);
}

WorkerId BlueprintBuilder::add_workers(std::uint32_t count, TaskOwner::Kind kind) {
  const ServiceId service(result_.services.size());
  const WorkerId first(result_.workers.size());
  CpuTask task;
  task.group = kRootGroup;
  for (std::uint32_t w = 0; w < count; ++w) {
    const TaskOwner owner{kind, result_.workers.size()};
    result_.workers.push_back(
        {service, {kHardware, result_.machines[kHardware].add_task(task, owner)}});
  }
  return first;
}

template <class Options>
void BlueprintBuilder::add_processes(const Options& options, TaskOwner::Kind main,
                                     TaskOwner::Kind pool) {
  const ServiceId service(result_.services.size());
  CpuTask task;
  task.group = kRootGroup;
  for (std::uint32_t p = 0; p < options.processes; ++p) {
    const ProcessId process = result_.processes.push_back(
        {service, ThreadId(result_.threads.size()), options.gil, options.threads == 0});
    for (std::uint32_t t = 0; t <= options.threads; ++t) {
      const TaskOwner owner{t == 0 ? main : pool, result_.threads.size()};
      result_.threads.push_back(
          {process, {kHardware, result_.machines[kHardware].add_task(task, owner)}});
    }
  }
}

MachineId BlueprintBuilder::add_machine(std::uint32_t cores, SchedulerKind scheduler) {
  MachineSpec machine;
  machine.scheduler = scheduler;
  machine.cpu.cores = cores;
  machine.add_group("", {GroupId::none(), 1024, std::nullopt}, Duration(0));
  return result_.machines.push_back(std::move(machine));
}

PhaseCpu always(CpuTime cost) { return {cost, cost}; }
RunRecord run_to(const Blueprint& blueprint, Duration horizon, std::uint64_t seed) {
  RunOptions options;
  options.seed = seed;
  options.recorder.horizon = Instant() + horizon;
  return run(blueprint, options);
}

std::uint64_t count_of(const RunRecord& record, Outcome outcome) {
  std::uint64_t sum = 0;
  for (const ClassRecord& of_class : record.classes) {
    sum += of_class.outcomes[static_cast<std::size_t>(outcome)];
  }
  return sum;
}

std::uint64_t attempts_that(Outcome outcome, const RunRecord& record) {
  std::uint64_t sum = 0;
  for (const ClassRecord& of_class : record.classes) {
    sum += of_class.attempts[static_cast<std::size_t>(outcome)];
  }
  return sum;
}

bool ended_as(const RunRecord& record, ClassId id, Outcome outcome) {
  return record.classes[id].outcomes[static_cast<std::size_t>(outcome)] == 1;
}

Duration latency_of(const RunRecord& record, ClassId id) {
  const Histogram& latency = record.classes[id].latency;
  return latency.count() == 1 ? latency.max() : Duration(-1);
}

}  // namespace cotenant

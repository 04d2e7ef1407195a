// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "scenarios/application.h"
#include "scenarios/apply_parameters.h"
#include "scenarios/compile_arbiter.h"
#include "scenarios/compile_clients.h"
#include "scenarios/compile_connections.h"
#include "scenarios/compile_laws.h"
#include "scenarios/compile_machine.h"
#include "scenarios/compile_memory.h"
#include "scenarios/compile_neighbor.h"
#include "scenarios/compile_probes.h"
#include "scenarios/compile_proxy.h"
#include "scenarios/compile_retries.h"
#include "scenarios/compile_workload.h"
#include "scenarios/computers.h"
#include "scenarios/containers.h"
#include "scenarios/descriptors.h"
#include "scenarios/document.h"
#include "scenarios/on_plan.h"
#include "scenarios/overhead_phases.h"
#include "scenarios/parameters.h"
#include "scenarios/python_lock.h"
#include "scenarios/quantity.h"
#include "scenarios/replicas.h"
#include "scenarios/restart_policies.h"
#include "scenarios/software.h"

namespace cotenant {
namespace {

// The preset's costs, and what is said instead of some of them.
template <class AnyOverhead>
OverheadSpec resolve(const AnyOverhead& overhead) {
  const OverheadPreset* preset = overhead_preset(overhead.preset);
  COTENANT_ASSERT(preset);
  OverheadSpec spec = preset->overhead;
  for_each_phase(overhead, [&](ServerPhase phase, const std::optional<PhaseCost>& cost) {
    if (cost) spec.phases[static_cast<std::size_t>(phase)] = {cost->hot, cost->cold};
  });
  if (overhead.cold_after) spec.cold_after = *overhead.cold_after;
  return spec;
}

// A new Python, and the import.
template <class Server>
ArbiterSpec arbiter_of_instances(const Server& server) {
  ArbiterSpec arbiter;
  if constexpr (requires { server.max_requests; }) {
    arbiter.max_requests = static_cast<std::uint32_t>(server.max_requests);
  }
  arbiter.boot = kInterpreterCpu + CpuTime(server.import_cpu.count());
  return arbiter;
}

std::optional<CheaperSpec> compile_cheaper(const std::optional<CheaperWorkers>& said) {
  if (!said) return std::nullopt;
  return CheaperSpec{
      said->algorithm == "spare" ? CheaperAlgorithm::spare : CheaperAlgorithm::backlog,
      static_cast<std::uint32_t>(said->workers), static_cast<std::uint32_t>(said->overload),
      static_cast<std::uint32_t>(said->step)};
}

// To the nanosecond: that is 0.1 % at a million requests per second.
TokenBucket compile_bucket(const RateLimit& limit) {
  const auto interval = static_cast<std::int64_t>(1e9 / limit.rate.per_second + 0.5);
  return {Duration(interval), static_cast<std::uint32_t>(limit.burst)};
}

// The lock that the threads of a process share.
template <class Server>
std::optional<GilSpec> resolve_gil(const Server& server) {
  if (!shares_a_lock(server)) return std::nullopt;
  return GilSpec{server.switch_interval, kGilTake, kTimerSlack, kGilWake};
}

// That of nginx is one of requests that it passes on.
template <class Server>
constexpr bool has_limit_of_the_service = requires(const Server& server) {
  server.limit_concurrency;
}
&&!std::is_same_v<Server, Nginx>;

// BaseServer.max_accept (gevent/baseserver.py).
constexpr std::uint32_t kGeventAccepts = 100;

class SetupCompiler {
 public:
  SetupCompiler(const Scenario& scenario, const std::string& name, const Setup& setup,
                const CompiledWorkload& workload, const std::filesystem::path& directory)
      : scenario_(scenario), setup_(setup), directory_(directory) {
    blueprint_.setup = name;
    blueprint_.classes = workload.classes;
    blueprint_.sources = workload.sources;
    blueprint_.users = workload.users;
    blueprint_.calls = workload.calls;
    blueprint_.upstreams = workload.upstreams;
    blueprint_.locks = workload.locks;
    const Clients& clients = scenario.workload.clients;
    blueprint_.clients.timeout = clients.timeout;
    blueprint_.router = compile_router(setup.router);
    blueprint_.links = compile_links(clients);
    if (clients.retries) blueprint_.clients.retries = compile_retries(*clients.retries);
    if (clients.keep_alive) {
      const std::int64_t shared = clients.keep_alive->connections.value_or(0);
      blueprint_.shared_connections = static_cast<std::uint32_t>(shared);
    }
  }

  Checked<Blueprint> compile() {
    for_each_hosting(setup_, [&](const std::string& name, const Hosting& hosting) {
      add_hardware(name, hosting);
    });
    if (!setup_.nodes.empty()) blueprint_.network_rtt = setup_.network_rtt;
    for (const auto& [name, service] : scenario_.application) add_service(name, service);
    add_files();
    for_each_hosting(setup_, [&](const std::string& node, const Hosting& hosting) {
      for (const auto& [name, neighbor] : hosting.neighbors) add_neighbor(node, name, neighbor);
    });
    if (!problems_.empty()) return std::move(problems_);
    return std::move(blueprint_);
  }

 private:
  // A computer, and the guests on it.
  void add_hardware(const std::string& node, const Hosting& hosting) {
    const MachineId id(blueprint_.machines.size());
    MachineSpec spec = compile_machine(hosting.machine, hosting.groups, !hosting.guests.empty());
    spec.name = node;
    blueprint_.machines.push_back(std::move(spec));
    add_limits(hosting.machine, hosting.groups);
    for (const auto& [name, guest] : hosting.guests) {
      add_guest(computer_name(node, name), id, guest);
    }
  }

  void add_guest(const std::string& name, MachineId host, const Guest& guest) {
    MachineSpec& hardware = blueprint_.machines[host];
    MachineSpec spec = compile_machine(guest.machine, guest.groups, false);
    spec.name = name;
    spec.host = host;
    CpuTask task = compile_task(guest.scheduling, hardware);
    task.speed_is_followed = true;
    const TaskOwner owner{TaskOwner::Kind::virtual_cpu, blueprint_.machines.size()};
    for (std::uint32_t core = 0; core < spec.cpu.cores; ++core) {
      spec.virtual_cpus.push_back(hardware.add_task(task, owner));
    }
    blueprint_.machines.push_back(std::move(spec));
    add_limits(guest.machine, guest.groups);
  }

  // Of the machine that was added last.
  void add_limits(const Machine& machine, const Named<Group>& groups) {
    if (machine.log_daemon) add_log_daemon(*machine.log_daemon);
    const MachineId last(blueprint_.machines.size() - 1);
    blueprint_.memory.groups.push_back(compile_limits(blueprint_.machines[last], machine, groups));
    blueprint_.memory.swappiness.push_back(machine.swap ? machine.swap->swappiness
                                                        : kDefaultSwappiness);
  }

  void add_log_daemon(const LogDaemon& daemon) {
    const MachineId last(blueprint_.machines.size() - 1);
    MachineSpec& machine = blueprint_.machines[last];
    Scheduling scheduling;
    scheduling.group = daemon.group;
    const TaskOwner owner{TaskOwner::Kind::log_daemon, last.index()};
    machine.log_daemon = {machine.add_task(compile_task(scheduling, machine), owner),
                          static_cast<std::uint32_t>(daemon.queue),
                          static_cast<std::uint32_t>(daemon.batch), daemon.sync};
  }

  MachineId machine_named(const std::string& computer) const {
    for (std::uint32_t m = 0; m < blueprint_.machines.size(); ++m) {
      if (blueprint_.machines[MachineId(m)].name == computer) return MachineId(m);
    }
    COTENANT_ASSERT(false && "check() knows the nodes and guests");
    return kHardware;
  }
  MachineId machine_of(const Placement& placement) const {
    return machine_named(computer_name(placement.node, placement.guest));
  }

  void add_service(const std::string& name, const Service& service) {
    static const Placement kUnplaced;
    const Placement* placed = find_named(setup_.services, name);
    const Placement& placement = placed ? *placed : kUnplaced;
    const Machine& machine = computer_of(setup_, placed).value().machine;

    ServiceSpec spec;
    spec.name = name;
    spec.machine = std::holds_alternative<External>(service.server) ? MachineId::none()
                                                                    : machine_of(placement);
    spec.front = front_of(service);
    std::visit([&](const auto& server) { listen(spec, server, machine); }, service.server);
    // Where nobody keeps connections to servers, no server does.
    if (blueprint_.shared_connections || blueprint_.proxies_keep() || keeps_for_calls(scenario_)) {
      spec.keep_alive =
          std::visit([](const auto& server) { return keep_alive_of(server); }, service.server);
    }
    if (placement.entry_processes) {
      spec.entry_processes = static_cast<std::uint32_t>(*placement.entry_processes);
    }
    const ServiceId id(blueprint_.services.size());
    std::visit([&](const auto& server) { spec.server = add_server(id, server, placement); },
               service.server);
    if (!service.kept.empty()) add_kept(id, service);
    if (service.memory && has_processes(service)) may_die(spec);
    if (placement.restart) spec.restart = compile_restart(*placement.restart);
    if (placement.idle_stop) stop_when_idle(spec, *placement.idle_stop);
    if (placement.probes) {
      compile_probes(blueprint_, spec, id, *placement.probes);
      may_die(spec);
    }
    if (service.gc) add_heaps(id, *service.gc);
    if (nofile_of(service)) count_descriptors(spec, id, service);
    blueprint_.services.push_back(std::move(spec));
    blueprint_.memory.services.push_back(service.memory ? compile_memory(*service.memory)
                                                        : ProcessMemorySpec());
    if (service.memory) add_residents(id, is_proxy(service) ? kImmune : placement.oom_score_adj);
  }

  // Their pages belong to the group that the tasks of their service are in.
  void add_files() {
    const auto has_files = [](const auto& named) { return named.second.files.has_value(); };
    const Named<Service>& application = scenario_.application;
    if (std::none_of(application.begin(), application.end(), has_files)) return;
    for (std::uint32_t s = 0; s < blueprint_.services.size(); ++s) {
      const auto& [name, service] = application[s];
      const Placement* placed = find_named(setup_.services, name);
      const MachineId machine = blueprint_.services[ServiceId(s)].machine;
      const GroupId group =
          placed && !machine.is_none()
              ? compile_task(placed->scheduling, blueprint_.machines[machine]).group
              : kRootGroup;
      blueprint_.memory.files.push_back(compile_files(service, machine, group));
    }
  }

  static void stop_when_idle(ServiceSpec& spec, const IdleStop& stop) {
    spec.idle_stop = IdleStopSpec{stop.after, stop.start};
    may_die(spec);
  }

  static void may_die(ServiceSpec& spec) {
    std::visit(
        [](auto& server) {
          if constexpr (requires { server.arbiter; }) server.arbiter.may_crash = true;
        },
        spec.server);
  }

  // Of the service that is being added.
  template <class Visit>
  void for_each_process(ServiceId id, Visit visit) {
    const auto visit_own = [&](auto& processes) {
      for (auto& process : processes) {
        if (process.service == id) visit(process);
      }
    };
    visit_own(blueprint_.workers);
    visit_own(blueprint_.processes);
  }

  void add_heaps(ServiceId id, const GarbageCollection& gc) {
    for_each_process(id, [&](auto& process) {
      process.heap = blueprint_.heaps.push_back(compile_collector(gc));
    });
  }

  void add_kept(ServiceId id, const Service& service) {
    for_each_process(id, [&](auto& process) {
      process.kept = {static_cast<std::uint32_t>(blueprint_.kept.size()),
                      static_cast<std::uint32_t>(service.kept.size())};
      for (const auto& [name, kept] : service.kept) {
        const auto to = position_of(scenario_.application, name);
        blueprint_.kept.push_back({ServiceId(static_cast<std::uint32_t>(to.value())),
                                   static_cast<std::uint32_t>(kept.idle), kept.expiry});
      }
    });
  }

  // A sync worker has accepted a connection whenever it connects elsewhere. Without a descriptor
  // gthread processes end.
  void count_descriptors(ServiceSpec& spec, ServiceId id, const Service& service) {
    const std::int64_t accepted = std::holds_alternative<GunicornSync>(service.server) ? 1 : 0;
    const auto left =
        static_cast<std::uint32_t>(*nofile_of(service) - own_descriptors(service) - accepted);
    if (auto* loops = std::get_if<LoopSpec>(&spec.server); loops != nullptr && loops->proxy) {
      loops->proxy->descriptors = left;
      return;
    }
    for_each_process(id, [&](auto& process) {
      process.descriptors = blueprint_.descriptors.push_back(left);
      for (std::uint32_t p = 0; p < process.pools.count; ++p) {
        blueprint_.pools[PoolId(process.pools.first.index() + p)].descriptors = process.descriptors;
      }
    });
    if (std::holds_alternative<GthreadSpec>(spec.server)) may_die(spec);
  }

  // Each process of the service that was added last.
  void add_residents(ServiceId service, std::int64_t oom_score_adj) {
    for (std::uint32_t w = 0; w < blueprint_.workers.size(); ++w) {
      WorkerSpec& worker = blueprint_.workers[WorkerId(w)];
      if (worker.service != service) continue;
      worker.resident = add_resident(service, worker.task, oom_score_adj);
      blueprint_.memory.residents[worker.resident].worker = WorkerId(w);
    }
    for (std::uint32_t p = 0; p < blueprint_.processes.size(); ++p) {
      ProcessSpec& process = blueprint_.processes[ProcessId(p)];
      if (process.service != service) continue;
      process.resident =
          add_resident(service, blueprint_.threads[process.main].task, oom_score_adj);
      blueprint_.memory.residents[process.resident].process = ProcessId(p);
    }
  }

  ResidentId add_resident(ServiceId service, TaskRef task, std::int64_t oom_score_adj) {
    const GroupId group = blueprint_.task(task).group;
    return blueprint_.memory.residents.push_back(
        {task.machine, group, service, {}, {}, oom_score_adj});
  }

  // Whether a request may take the process along that serves it.
  bool may_crash(ServiceId service) const {
    const auto is_crash = [](const StepSpec& step) { return step.kind == StepSpec::Kind::crash; };
    return std::any_of(blueprint_.classes.begin(), blueprint_.classes.end(), [&](const auto& each) {
      return each.service == service && std::any_of(each.steps.begin(), each.steps.end(), is_crash);
    });
  }

  // What all kinds of servers have: a listening socket.
  template <class Server>
  static void listen(ServiceSpec& spec, const Server& server, const Machine& machine) {
    // The kernel accepts until the queue is longer than the limit: one more fits (linux.md section
    // 6).
    spec.accept_queue_capacity =
        static_cast<std::uint32_t>(std::min(server.backlog, machine.somaxconn)) + 1;
    if constexpr (requires { server.socket; }) spec.unix_socket = server.socket == "unix";
    if constexpr (requires { server.connect_timeout; }) {
      spec.connect_timeout = server.connect_timeout;
    }
    if constexpr (has_limit_of_the_service<Server>) {
      if (!server.limit_concurrency) return;
      spec.limit_concurrency = static_cast<std::uint32_t>(*server.limit_concurrency);
    }
  }

  // A router holds the queue.
  template <class Server>
  requires requires(const Server& server) { server.queue; }
  static void listen(ServiceSpec& spec, const Server& server, const Machine&) {
    spec.accept_queue_capacity = static_cast<std::uint32_t>(server.queue);
  }

  // To the others their callers are always connected.
  static void listen(ServiceSpec& spec, const External& server, const Machine&) {
    spec.accept_queue_capacity = 0;
    if (server.limit_concurrency) {
      spec.limit_concurrency = static_cast<std::uint32_t>(*server.limit_concurrency);
    }
  }
  static void listen(ServiceSpec& spec, const Redis& server, const Machine&) {
    spec.accept_queue_capacity = static_cast<std::uint32_t>(server.maxclients);
  }
  static void listen(ServiceSpec& spec, const Postgres& server, const Machine&) {
    spec.accept_queue_capacity = 0;
    spec.unix_socket = server.socket == "unix";
  }
  static void listen(ServiceSpec& spec, const Celery&, const Machine&) {
    spec.accept_queue_capacity = 0;  // its broker's queue grows
  }

  static void listen(ServiceSpec& spec, const Poller&, const Machine&) {
    spec.accept_queue_capacity = 0;  // its own queues grow
  }

  ExternalSpec add_server(ServiceId, const External& server, const Placement&) {
    ExternalSpec spec;
    if (server.rate_limit) spec.rate_limit = compile_bucket(*server.rate_limit);
    return spec;
  }

  RedisSpec add_server(ServiceId service, const Redis& server, const Placement& placement) {
    const WorkerId thread = add_worker(service, TaskOwner::Kind::redis, placement);
    return {thread, static_cast<std::uint32_t>(server.maxclients)};
  }

  PostgresSpec add_server(ServiceId service, const Postgres& server, const Placement& placement) {
    PostgresSpec spec;
    spec.first_backend = WorkerId(blueprint_.workers.size());
    spec.backends = static_cast<std::uint32_t>(usable_connections(server));
    spec.connect = CpuTime(server.connect.count());
    spec.recovery = server.recovery;
    for (std::uint32_t b = 0; b < spec.backends; ++b) {
      add_worker(service, TaskOwner::Kind::backend, placement);
    }
    if (!server.pgbouncer) return spec;
    const PgBouncer& bouncer = *server.pgbouncer;
    spec.bouncer = blueprint_.pools.push_back(
        {service, static_cast<std::uint32_t>(bouncer.pool_size), 0, bouncer.query_wait_timeout});
    spec.bouncer_clients = static_cast<std::uint32_t>(bouncer.max_client_conn);
    return spec;
  }

  CelerySpec add_server(ServiceId service, const Celery& server, const Placement& placement) {
    CelerySpec spec;
    spec.first_child = WorkerId(blueprint_.workers.size());
    spec.instances = static_cast<std::uint32_t>(server.instances);
    spec.concurrency = static_cast<std::uint32_t>(placement.workers.value_or(server.concurrency));
    const auto multiplier = static_cast<std::uint32_t>(server.prefetch_multiplier);
    spec.prefetch =
        multiplier == 0 ? std::numeric_limits<std::uint32_t>::max() : multiplier * spec.concurrency;
    for (const ClassSpec& each : blueprint_.classes) {
      if (each.service == service) spec.urgencies = std::max(spec.urgencies, each.task.urgency + 1);
    }
    spec.acks_late = server.acks_late;
    spec.reject_on_worker_lost = server.reject_on_worker_lost;
    spec.time_limit = server.time_limit;
    spec.visibility_timeout = server.visibility_timeout;
    spec.max_tasks_per_child = static_cast<std::uint32_t>(server.max_tasks_per_child);
    spec.task_cpu = CpuTime(server.task_overhead.count());
    spec.boot = CpuTime(server.boot.count());
    for (std::uint32_t c = 0; c < spec.instances * spec.concurrency; ++c) {
      const WorkerId child = add_worker(service, TaskOwner::Kind::celery_child, placement);
      blueprint_.workers[child].pools = add_pools(service, placement);
    }
    return spec;
  }

  PollerSpec add_server(ServiceId service, const Poller& server, const Placement& placement) {
    PollerSpec spec;
    spec.first_worker = WorkerId(blueprint_.workers.size());
    spec.workers = static_cast<std::uint32_t>(placement.workers.value_or(server.workers));
    spec.queues = static_cast<std::uint32_t>(std::max(server.queues.size(), std::size_t{1}));
    spec.first_again = server.order == "priority";
    spec.takes = takes_of(server);
    spec.limit = server.limit ? static_cast<std::uint32_t>(*server.limit)
                              : std::numeric_limits<std::uint32_t>::max();
    spec.visit_cpu = Sampler(compile_law(server.visit_cpu));
    spec.visit = Sampler(compile_law(server.visit));
    if (server.pause) spec.pause = Sampler(compile_law(*server.pause));
    spec.every = server.every;
    spec.task_cpu = CpuTime(server.task_overhead.count());
    spec.boot = kInterpreterCpu + CpuTime(server.import_cpu.count());
    for (std::uint32_t w = 0; w < spec.workers; ++w) {
      const WorkerId worker = add_worker(service, TaskOwner::Kind::poller, placement);
      blueprint_.workers[worker].pools = add_pools(service, placement);
    }
    return spec;
  }

  static Takes takes_of(const Poller& server) {
    if (server.take == "gated") return Takes::gated;
    return server.take == "exhaustive" ? Takes::exhaustive : Takes::one;
  }

  WorkerId add_worker(ServiceId service, TaskOwner::Kind kind, const Placement& placement) {
    const TaskOwner owner{kind, blueprint_.workers.size()};
    return blueprint_.workers.push_back({service, add_task(placement, owner)});
  }

  // Of one process of the service.
  PoolRange add_pools(ServiceId service, const Placement& placement) {
    const Named<Service>& services = scenario_.application;
    PoolRange range{PoolId(blueprint_.pools.size()), 0};
    for (const auto& entry : services[service.index()].second.pools) {
      const Pool& pool = entry.second;
      const auto found = std::find_if(services.begin(), services.end(), [&](const auto& named) {
        return named.first == entry.first;
      });
      COTENANT_ASSERT(found != services.end());
      blueprint_.pools.push_back({ServiceId(static_cast<std::uint32_t>(found - services.begin())),
                                  static_cast<std::uint32_t>(pool.size),
                                  static_cast<std::uint32_t>(pool.overflow), pool.timeout,
                                  machine_of(placement)});
      ++range.count;
    }
    return range;
  }

  SyncSpec add_server(ServiceId service, const GunicornSync& server, const Placement& placement) {
    SyncSpec spec;
    spec.first_worker = WorkerId(blueprint_.workers.size());
    spec.workers = static_cast<std::uint32_t>(placement.workers.value_or(server.workers));
    spec.overhead = resolve(server.overhead);
    spec.arbiter = arbiter_of(server.arbiter);
    if (server.arbiter.version != "20.1") spec.arbiter.victim = Outcome::error_500;
    spec.arbiter.may_crash = may_crash(service);
    for (std::uint32_t w = 0; w < spec.workers; ++w) {
      const WorkerId worker = add_worker(service, TaskOwner::Kind::worker, placement);
      blueprint_.workers[worker].pools = add_pools(service, placement);
    }
    return spec;
  }

  GthreadSpec add_server(ServiceId service, const GunicornGthread& server,
                         const Placement& placement) {
    GthreadSpec spec;
    spec.first_process = ProcessId(blueprint_.processes.size());
    spec.processes = static_cast<std::uint32_t>(placement.workers.value_or(server.workers));
    spec.threads = static_cast<std::uint32_t>(server.threads);
    spec.connections = static_cast<std::uint32_t>(server.worker_connections);
    spec.overhead = resolve(server.overhead);
    spec.arbiter = arbiter_of(server.arbiter);
    spec.arbiter.may_crash = may_crash(service);
    add_processes({service, {}, resolve_gil(server)}, spec.processes, spec.threads, placement,
                  {TaskOwner::Kind::gthread_main, TaskOwner::Kind::gthread_pool});
    return spec;
  }

  LeaderFollowersSpec add_server(ServiceId service, const Uwsgi& server,
                                 const Placement& placement) {
    LeaderFollowersSpec spec = add_leader_followers(service, server, placement);
    spec.one_leader = server.thunder_lock;
    spec.youngest = server.min_worker_lifetime;
    spec.patience = server.worker_reload_mercy;
    spec.cheaper = compile_cheaper(server.cheaper);
    if (!server.reload_on_rss.is_zero()) spec.reload_on_rss = server.reload_on_rss;
    return spec;
  }

  LeaderFollowersSpec add_server(ServiceId service, const ModWsgi& server,
                                 const Placement& placement) {
    LeaderFollowersSpec spec = add_leader_followers(service, server, placement);
    spec.one_leader = true;
    spec.timed = TimedRequests::average;
    spec.ends_overdue = true;
    spec.grace = server.graceful_timeout;
    spec.patience = server.shutdown_timeout;
    if (!server.queue_timeout.is_zero()) spec.queue_timeout = server.queue_timeout;
    return spec;
  }

  template <class Server>
  LeaderFollowersSpec add_leader_followers(ServiceId service, const Server& server,
                                           const Placement& placement) {
    LeaderFollowersSpec spec;
    spec.first_process = ProcessId(blueprint_.processes.size());
    spec.processes = static_cast<std::uint32_t>(placement.workers.value_or(server.workers));
    spec.threads = static_cast<std::uint32_t>(server.threads);
    spec.overhead = resolve(server.overhead);
    spec.arbiter = arbiter_of(server);
    spec.arbiter.may_crash = may_crash(service);
    add_processes({service, {}, resolve_gil(server)}, spec.processes, spec.threads - 1, placement,
                  {TaskOwner::Kind::follower, TaskOwner::Kind::follower});
    return spec;
  }

  template <class Server>
  requires requires(const Server& server) { server.queue; }
  OnDemandSpec add_server(ServiceId service, const Server& server, const Placement& placement) {
    OnDemandSpec spec;
    spec.first_worker = WorkerId(blueprint_.workers.size());
    spec.workers = static_cast<std::uint32_t>(placement.workers.value_or(server.workers));
    spec.one_request = std::is_same_v<Server, Cgi>;
    if constexpr (requires { server.min_instances; }) {
      spec.least = static_cast<std::uint32_t>(server.min_instances);
    }
    if constexpr (requires { server.idle_time; }) {
      if (!server.idle_time.is_zero()) spec.idle_time = server.idle_time;
    }
    if constexpr (requires { server.overhead; }) spec.overhead = resolve(server.overhead);
    spec.arbiter = arbiter_of_instances(server);
    for (std::uint32_t w = 0; w < spec.workers; ++w) {
      const WorkerId worker = add_worker(service, TaskOwner::Kind::instance, placement);
      blueprint_.workers[worker].pools = add_pools(service, placement);
    }
    return spec;
  }

  // gevent spawns greenlets from a pool; with several workers, one in each turn of the loop.
  LoopSpec add_server(ServiceId service, const GunicornGevent& server, const Placement& placement) {
    LoopSpec spec;
    spec.first_process = ProcessId(blueprint_.processes.size());
    spec.processes = static_cast<std::uint32_t>(placement.workers.value_or(server.workers));
    spec.overhead = resolve(server.overhead);
    spec.arbiter = arbiter_of(server.arbiter);
    spec.hub = HubSpec{static_cast<std::uint32_t>(server.worker_connections),
                       spec.processes > 1 ? 1 : kGeventAccepts};
    spec.arbiter.may_crash = may_crash(service);
    spec.counts_when_read = true;
    spec.grace = server.graceful_timeout;
    spec.accept_retry = {kGeventFirstRetry, kGeventLastRetry, CpuTime(0)};
    add_processes({service, {}, std::nullopt}, spec.processes, 0, placement,
                  {TaskOwner::Kind::event_loop, TaskOwner::Kind::loop_pool});
    return spec;
  }

  LoopSpec add_server(ServiceId service, const Hypercorn& server, const Placement& placement) {
    LoopSpec spec = add_loops(service, server, placement);
    spec.counts_when_read = true;
    spec.stops_at_once = true;
    spec.grace = server.graceful_timeout;
    spec.arbiter.dies_with_any = server.version != "0.13";
    return spec;
  }

  // A single process has no other one that would look after it.
  LoopSpec add_server(ServiceId service, const Uvicorn& server, const Placement& placement) {
    LoopSpec spec = add_loops(service, server, placement);
    spec.arbiter.is_main = spec.processes == 1;
    if (spec.arbiter.is_main) spec.arbiter.replaces = Replaces::never;
    return spec;
  }
  LoopSpec add_server(ServiceId service, const GunicornUvicorn& server,
                      const Placement& placement) {
    return add_loops(service, server, placement);
  }

  // Through a proxy. Elsewhere pings keep nothing open that would be closed without them.
  bool gets_passed_websockets(const std::string& name) const {
    const auto uses_websocket = [](const SourceSpec& source) {
      return source.sessions && source.sessions->websocket;
    };
    return is_behind_proxy(scenario_.application, name) &&
           std::any_of(blueprint_.sources.begin(), blueprint_.sources.end(), uses_websocket);
  }

  // Event loops of asyncio.
  template <class Loops>
  LoopSpec add_loops(ServiceId service, const Loops& server, const Placement& placement) {
    LoopSpec spec;
    spec.first_process = ProcessId(blueprint_.processes.size());
    spec.processes = static_cast<std::uint32_t>(placement.workers.value_or(server.workers));
    // Python starts threads when they are first needed.
    const auto needs_threads = [&](const ClassSpec& each) {
      return each.service == service && each.in_thread;
    };
    if (std::any_of(blueprint_.classes.begin(), blueprint_.classes.end(), needs_threads)) {
      spec.threads = static_cast<std::uint32_t>(server.thread_pool);
    }
    const bool sends_pings = server.ping_interval > Duration(0);
    if (sends_pings && gets_passed_websockets(scenario_.application[service.index()].first)) {
      spec.ping_interval = server.ping_interval;
    }
    spec.overhead = resolve(server.overhead);
    spec.arbiter = arbiter_of(server);
    spec.arbiter.may_crash = may_crash(service);
    spec.accept_retry = accept_retry_of(server);
    add_processes({service, {}, resolve_gil(server)}, spec.processes, spec.threads, placement,
                  {TaskOwner::Kind::event_loop, TaskOwner::Kind::loop_pool});
    return spec;
  }

  LoopSpec add_server(ServiceId service, const Nginx& server, const Placement& placement) {
    LoopSpec spec;
    spec.first_process = ProcessId(blueprint_.processes.size());
    spec.processes = static_cast<std::uint32_t>(placement.workers.value_or(server.workers));
    spec.overhead = resolve(server.overhead);
    spec.overhead.add(ServerPhase::connect, tls_handshake(server.tls));
    spec.proxy = compile_proxy(server, UpstreamId(proxies_++));
    spec.accept_retry = {kNginxRetry, kNginxRetry, CpuTime(0)};
    add_processes({service, {}, std::nullopt}, spec.processes, 0, placement,
                  {TaskOwner::Kind::event_loop, TaskOwner::Kind::loop_pool});
    return spec;
  }

  // Of the first thread of a process, and of the others.
  struct ThreadKinds {
    TaskOwner::Kind main, pool;
  };

  void add_processes(ProcessSpec process, std::uint32_t processes, std::uint32_t threads,
                     const Placement& placement, ThreadKinds kinds) {
    process.one_thread = threads == 0;
    for (std::uint32_t p = 0; p < processes; ++p) {
      process.main = ThreadId(blueprint_.threads.size());
      process.pools = add_pools(process.service, placement);
      const ProcessId id = blueprint_.processes.push_back(process);
      for (std::uint32_t t = 0; t <= threads; ++t) {
        const TaskOwner owner{t == 0 ? kinds.main : kinds.pool, blueprint_.threads.size()};
        blueprint_.threads.push_back({id, add_task(placement, owner)});
      }
    }
  }

  TaskRef add_task(const Placement& placement, TaskOwner owner) {
    const MachineId id = machine_of(placement);
    MachineSpec& machine = blueprint_.machines[id];
    CpuTask task = compile_task(placement.scheduling, machine);
    task.charges_continuously = placement.reads_cpu_clock;
    return {id, machine.add_task(task, owner)};
  }

  void add_neighbor(const std::string& node, const std::string& said, const Neighbor& neighbor) {
    const MachineId id = machine_named(computer_name(node, neighbor.guest));
    const std::string name = node.empty() ? said : node + "/" + said;
    MachineSpec& machine = blueprint_.machines[id];
    const CpuTask task = compile_task(neighbor.scheduling, machine);
    const std::string place = hosting_pointer("/setups" + pointer_token(blueprint_.setup), node) +
                              "/neighbors" + pointer_token(said);
    const auto thread = compile_neighbor(name, neighbor, place, directory_);
    if (!thread) return problems_.add(thread.diagnostics());
    if (!neighbor.memory.is_zero()) {
      blueprint_.memory.holdings.push_back({id, task.group, neighbor.memory});
    }
    for (std::int64_t t = 0; t < neighbor.threads; ++t) {
      const TaskOwner owner{TaskOwner::Kind::neighbor, blueprint_.neighbors.size()};
      NeighborSpec& spec = blueprint_.neighbors[blueprint_.neighbors.push_back(*thread)];
      spec.name = name + "/" + std::to_string(t);
      spec.task = {id, machine.add_task(task, owner)};
    }
  }

  const Scenario& scenario_;
  const Setup& setup_;
  const std::filesystem::path& directory_;
  Blueprint blueprint_;
  Diagnostics problems_;
  std::uint32_t proxies_ = 0;  // so far
};

}  // namespace

Checked<std::vector<Blueprint>> compile(const Scenario& said,
                                        const std::filesystem::path& directory) {
  const Checked<std::optional<ParameterSet>> parameters = parameters_of(said, directory);
  if (!parameters) return parameters.diagnostics();
  if (const auto& set = *parameters) {
    return compile(with_parameters(said, *set, set->values()).scenario, directory);
  }
  const Scenario scenario = in_containers(on_plans(said));
  const Checked<CompiledWorkload> workload = compile_workload(scenario, directory);
  if (!workload) return workload.diagnostics();
  std::vector<Blueprint> blueprints;
  for (const auto& [name, setup] : scenario.setups) {
    if (!is_balanced(setup)) {
      auto blueprint = SetupCompiler(scenario, name, setup, *workload, directory).compile();
      if (!blueprint) return blueprint.diagnostics();
      blueprints.push_back(std::move(*blueprint));
      continue;
    }
    const Scenario balanced = behind_balancer(scenario, name);
    const Checked<CompiledWorkload> passed_on = compile_workload(balanced, directory);
    if (!passed_on) return passed_on.diagnostics();
    const Setup& of_replicas = balanced.setups.front().second;
    auto blueprint = SetupCompiler(balanced, name, of_replicas, *passed_on, directory).compile();
    if (!blueprint) return blueprint.diagnostics();
    blueprints.push_back(std::move(*blueprint));
    blueprints.back().machines[kHardware].is_provided = true;
  }
  return blueprints;
}

}  // namespace cotenant

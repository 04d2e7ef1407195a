// SPDX-License-Identifier: Apache-2.0
#include "tests/support/walk.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "models/server/expiry.h"
#include "models/service/trips.h"
#include "models/step.h"
#include "tests/support/looks.h"
#include "tests/support/whole_run.h"

namespace cotenant {
namespace {

constexpr std::size_t kMaxComplaints = 10;  // one broken invariant breaks many
constexpr std::uint64_t kAnyNumber = std::numeric_limits<std::uint64_t>::max();

class Watcher {
 public:
  Watcher(const World& world, const Blueprint& blueprint, const Blueprint& judged_by)
      : world_(world),
        blueprint_(blueprint),
        judged_by_(judged_by),
        machines_(world.machines.size()) {}

  void look() {
    const Instant now = world_.events.now();
    if (now < last_) complain("time went back");
    if (world_.events.next_instant() < now) complain("something is due in the past");
    pass_time(now);
    look_at_requests(now);
    look_at_services();
    for (std::uint32_t p = 0; p < world_.processes.size(); ++p) look_at_process(ProcessId(p));
    for (std::uint32_t s = 0; s < world_.services.size(); ++s) {
      look_at_leaders(ServiceId(s));
      look_at_celery(ServiceId(s));
      look_at_poller(ServiceId(s));
      look_at_database(ServiceId(s));
    }
    for (std::uint32_t p = 0; p < world_.pools.size(); ++p) look_at_pool(PoolId(p));
    const PortTable& ports = world_.connections.ports();
    for (std::uint32_t p = 0; p < ports.size(); ++p) look_at_ports(PortsId(p));
    complain(descriptor_complaints(world_, blueprint_, judged_by_));
    for (std::uint32_t l = 0; l < world_.locks.size(); ++l) look_at_lock(LockId(l));
    look_at_connections();
    complain(memory_complaints(world_, blueprint_));
    look_at_sessions();
    count_bursts();
    for (std::uint32_t m = 0; m < machines_.size(); ++m) look_at_machine(MachineId(m));
  }

  // What is still in the system counts up to the end.
  Walked finish(RunRecord record) {
    pass_time(record.end);
    for (const ClassRecord& of_class : record.classes) {
      for (std::size_t i = 0; i < kOutcomes; ++i) {
        if (is_error(static_cast<Outcome>(i))) failures_ += of_class.outcomes[i];
      }
    }
    for (const auto& [name, seen] : seen_) {
      if (seen.is_call) continue;
      sojourns_ += (record.end - seen.arrival).count();
      retries_ += seen.attempts - 1;
    }
    std::uint64_t arrivals = 0;
    for (std::uint32_t s = 0; s < world_.sources.size(); ++s) {
      const std::uint64_t numbered = world_.sources[SourceId(s)].next_ordinal;
      (blueprint_.sources[SourceId(s)].sessions ? sessions_begun_ : arrivals) += numbered;
    }
    arrivals += world_.session_requests;
    check_sessions(record.sessions);
    for (const std::uint32_t cycles : world_.user_cycles) arrivals += cycles;
    Walked walked{std::move(record),
                  std::move(complaints_),
                  arrivals,
                  arrivals + retries_,
                  sojourns_,
                  reuses_,
                  {},
                  {}};
    for (const Machine& machine : machines_) {
      walked.speed_integrals.push_back(
          static_cast<std::int64_t>(machine.speed_integral / kFullSpeed));
      walked.bursts.push_back(machine.bursts);
    }
    return walked;
  }

 private:
  // Source, class and number of a request, whatever row it is in. A proxy that asks the next server
  // gives it the same number, and a class of that server.
  using Name = std::tuple<std::uint32_t, std::uint32_t, std::uint64_t>;
  struct Seen {
    Instant arrival;
    std::uint32_t attempts = 1;
    bool is_call = false;  // of another service: only its account is of interest
    bool pausing = false;
    bool present = false;
    WaitState state = WaitState::accept_queue;
    WaitTimes account{};
  };
  struct SeenConnection {
    ProcessId process;
    RequestId request;
  };
  struct Machine {
    Speed speed = 0;  // of all tasks, since last_
    Int128 speed_integral = 0;
    std::int64_t bursts = 0;  // that have ended
  };

  void complain(const std::string& what) {
    if (complaints_.size() >= kMaxComplaints) return;
    complaints_.push_back("at " + std::to_string(world_.events.now().ns()) + " ns: " + what);
  }
  void complain(const Complaints& found) {
    for (const std::string& each : found) complain(each);
  }

  void pass_time(Instant now) {
    for (Machine& machine : machines_) {
      machine.speed_integral +=
          Int128{static_cast<std::int64_t>(machine.speed)} * (now - last_).count();
    }
    last_ = now;
  }

  void look_at_requests(Instant now) {
    for (auto& [name, seen] : seen_) seen.present = false;
    std::vector<TaskOrder> orders(world_.services.size());
    world_.requests.for_each([&](RequestId id, const Request& request) {
      if (request.ended) return;
      const Name name{request.source.index(), request.request_class.index(), request.ordinal};
      Seen& seen = seen_.try_emplace(name, Seen{request.arrival}).first->second;
      if (seen.present) complain("a request is in the table twice");
      seen.is_call = request.is_call();
      // The only server behind a proxy may be asked again.
      if (seen.is_call && seen.arrival != request.arrival) seen.account = {};
      seen.arrival = request.arrival;
      const bool is_task = blueprint_.classes[request.request_class].is_task;
      if (!seen.is_call && !is_task && request.attempts > most_attempts())
        complain("more attempts than allowed");
      seen.present = true;
      if (seen.attempts != request.attempts || seen.pausing != request.pausing()) {
        seen.account = all_in_retry(seen.account);
      }
      seen.attempts = request.attempts;
      seen.pausing = request.pausing();
      const WaitTimes account = account_so_far(world_, id);
      Complaints found;
      check_account(seen.account, account, now - request.arrival, found);
      complain(found);
      seen.account = account;
      look_at_task(id, request, seen.state, orders);
      seen.state = request.state;
    });
    Complaints found;
    for (const TaskOrder& order : orders) check_order(order, found);
    complain(found);
    if (world_.calls.in_use()) look_at_calls();
    std::erase_if(seen_, [&](const auto& entry) {
      if (!entry.second.present) leave(entry.second, now);
      return !entry.second.present;
    });
  }

  // What has become of a task since the last look.
  void look_at_task(RequestId id, const Request& request, WaitState before,
                    std::vector<TaskOrder>& orders) {
    const ClassSpec& judge = judged_by_.classes[request.request_class];
    const auto waits = [](WaitState state) {
      return state == WaitState::broker_queue || state == WaitState::prefetched;
    };
    if (before == WaitState::broker_queue && request.at_server) {
      TaskOrder& order = orders[judge.service.index()];
      const std::uint32_t urgency = judge.task.urgency;
      if (request.state == WaitState::broker_queue) {
        order.left_behind = std::max(order.left_behind, urgency);
      } else {
        order.taken = std::min(order.taken, urgency);
      }
    }
    const bool begins = waits(before) && request.at_server && !waits(request.state);
    if (begins && request.reply != Outcome::expired && has_expired(world_, judged_by_, id)) {
      complain("a task that has expired is begun");
    }
  }

  // Whoever waits for calls waits for something, and nobody waits for who is gone.
  void look_at_calls() {
    world_.requests.for_each([&](RequestId id, const Request& request) {
      const Call& call = world_.calls[id];
      const bool waits = request.state == WaitState::downstream;
      if (!request.ended && waits != (call.open > 0)) complain("a caller waits for nothing");
      if (call.first.is_none() && call.open > 0) complain("nothing comes that a caller waits for");
      if (call.caller.is_none()) return;
      if (request.ended) complain("a call that is over is waited for");
      if (world_.calls[call.caller].open == 0) complain("a call is made for who does not wait");
    });
  }

  std::uint64_t most_attempts() const {
    const std::optional<RetrySpec>& retries = judged_by_.clients.retries;
    if (!retries) return 1;
    return retries->max ? std::uint64_t{*retries->max} + 1 : ~std::uint64_t{0};
  }

  // What an attempt took is time of the state `retry` once it has failed.
  static WaitTimes all_in_retry(const WaitTimes& account) {
    WaitTimes folded{};
    for (const Duration time : account) folded[static_cast<std::size_t>(WaitState::retry)] += time;
    return folded;
  }

  void leave(const Seen& seen, Instant now) {
    if (seen.is_call) return;
    sojourns_ += (now - seen.arrival).count();
    // The last attempt of who was between two of them began and ended in one step.
    retries_ += seen.attempts - (seen.pausing ? 0 : 1);
  }

  void look_at_services() {
    std::vector<ServiceCounts> counts(world_.services.size());
    for (std::uint32_t s = 0; s < counts.size(); ++s) {
      const ServiceState& service = world_.services[ServiceId(s)];
      counts[s].queued = service.accept_queue.size();
      const ServiceSpec& judge = judged_by_.services[ServiceId(s)];
      // Behind the end of the queue of a UNIX socket others wait to connect.
      counts[s].queue_capacity = judge.unix_socket ? kAnyNumber : judge.accept_queue_capacity;
      counts[s].workers = judged_by_.services[ServiceId(s)].places().value_or(kAnyNumber);
      counts[s].in_service = service.in_service;
      counts[s].idle_listed = service.idle.size();
    }
    for (std::uint32_t w = 0; w < world_.workers.size(); ++w) {
      const WorkerState& worker = world_.workers[WorkerId(w)];
      ServiceCounts& of_service = counts[blueprint_.workers[WorkerId(w)].service.index()];
      if (worker.phase == WorkerPhase::idle) ++of_service.idle_phase;
      if (!worker.request.is_none()) ++of_service.with_request;
    }
    for (std::uint32_t p = 0; p < world_.processes.size(); ++p) {
      ServiceCounts& of_service = counts[blueprint_.processes[ProcessId(p)].service.index()];
      const ProcessState& process = world_.processes[ProcessId(p)];
      const ThreadState& main = world_.threads[blueprint_.processes[ProcessId(p)].main];
      const bool accepts = main.phase == ThreadPhase::selecting && process.accepts() &&
                           process.connections < limit_of(ProcessId(p)) && !process.is_deaf;
      if (process.is_deaf && !will_listen(process)) complain("a loop listens no more");
      if (accepts) ++of_service.idle_phase, ++of_service.idle_listed;
      if (could_lead(ProcessId(p))) ++of_service.idle_phase, ++of_service.idle_listed;
      if (process.loop) continue;  // see look_at_loop()
      of_service.with_request += process.queue.size();
      process.readable.for_each([&](ConnectionId id) {
        if (!world_.connections[id].request.is_none()) ++of_service.with_request;
      });
    }
    for (std::uint32_t t = 0; t < world_.threads.size(); ++t) {
      if (world_.threads[ThreadId(t)].python.request.is_none()) continue;
      const ProcessId process = blueprint_.threads[ThreadId(t)].process;
      if (world_.processes[process].loop) continue;
      ++counts[blueprint_.processes[process].service.index()].with_request;
    }
    world_.requests.for_each([&](RequestId, const Request& request) {
      const ServiceId service = blueprint_.classes[request.request_class].service;
      if (request.at_server) ++counts[service.index()].at_server;
    });
    for (std::uint32_t s = 0; s < counts.size(); ++s) {
      const auto& server = blueprint_.services[ServiceId(s)].server;
      // Requests are nowhere while they wait in an event loop: look_at_loop() looks for the others.
      const bool is_elsewhere =
          std::holds_alternative<LoopSpec>(server) || std::holds_alternative<ExternalSpec>(server);
      if (is_elsewhere) counts[s].with_request = counts[s].at_server - counts[s].queued;
      // What its workers have reserved.
      if (const std::optional<CeleryState>& celery = world_.services[ServiceId(s)].celery) {
        counts[s].queue_capacity = kAnyNumber;
        for (const auto& urgent : celery->urgent) counts[s].queued += urgent.size();
        for (const CeleryInstance& instance : celery->instances) {
          counts[s].with_request += instance.reserved.size();
          counts[s].idle_listed += instance.idle.size();
        }
      }
      // A poller that sleeps knows of nothing.
      if (const std::optional<PollerState>& poller = world_.services[ServiceId(s)].poller) {
        counts[s].queue_capacity = kAnyNumber;
        for (const auto& queue : poller->queues) counts[s].queued += queue.size();
        for (const PollerProcess& each : poller->processes) {
          counts[s].with_request += each.taken.size();
        }
        counts[s].idle_phase = 0;
      }
      // An idle backend waits for its own connection: look_at_database() looks for that.
      if (std::holds_alternative<PostgresSpec>(server)) counts[s].idle_phase = 0;
    }
    Complaints found;
    for (const ServiceCounts& each : counts) check_service(each, found);
    complain(found);
  }

  // It has a timer, or that is due.
  static bool will_listen(const ProcessState& process) {
    bool will = !process.listens_again.empty();
    process.loop->for_each([&](const Callback& callback, bool) {
      will = will || callback.kind == Callback::Kind::listen;
    });
    return will;
  }

  // A thread that accepts for itself waits for a connection, or for its turn though nobody leads.
  bool could_lead(ProcessId id) const {
    const ServiceId service = blueprint_.processes[id].service;
    const auto* server = std::get_if<LeaderFollowersSpec>(&judged_by_.services[service].server);
    if (server == nullptr) return false;
    const ProcessState& process = world_.processes[id];
    if (server->one_leader && world_.services[service].leaders > 0) return false;
    return process.accepts() && !process.leads && !process.idle.empty();
  }

  void look_at_leaders(ServiceId id) {
    const auto* server = std::get_if<LeaderFollowersSpec>(&judged_by_.services[id].server);
    if (server == nullptr) return;
    LeaderCounts counts;
    counts.limit = server->one_leader ? 1 : server->processes;
    counts.leaders = world_.services[id].leaders;
    for (std::uint32_t p = 0; p < world_.processes.size(); ++p) {
      if (blueprint_.processes[ProcessId(p)].service != id) continue;
      if (world_.processes[ProcessId(p)].leads) ++counts.leading;
    }
    for (std::uint32_t t = 0; t < world_.threads.size(); ++t) {
      const ProcessId process = blueprint_.threads[ThreadId(t)].process;
      if (blueprint_.processes[process].service != id) continue;
      if (world_.threads[ThreadId(t)].phase == ThreadPhase::waking) ++counts.waking;
    }
    Complaints found;
    check_leaders(counts, found);
    complain(found);
  }

  void look_at_celery(ServiceId id) {
    const std::optional<CeleryState>& celery = world_.services[id].celery;
    if (!celery) return;
    const auto& judge = std::get<CelerySpec>(judged_by_.services[id].server);
    const auto& server = std::get<CelerySpec>(blueprint_.services[id].server);
    for (std::uint32_t i = 0; i < server.instances; ++i) {
      const CeleryInstance& instance = celery->instances[i];
      CeleryCounts counts;
      counts.limit = judge.prefetch;
      counts.unacknowledged = instance.unacknowledged;
      counts.reserved = instance.reserved.size();
      counts.acks_late = judge.acks_late;
      counts.idle_listed = instance.idle.size();
      for (std::uint32_t c = 0; c < server.concurrency; ++c) {
        const WorkerId child(server.first_child.index() + i * server.concurrency + c);
        if (world_.workers[child].phase == WorkerPhase::idle) ++counts.idle_phase;
        if (!world_.workers[child].request.is_none()) ++counts.working;
      }
      Complaints found;
      check_celery(counts, found);
      complain(found);
    }
  }

  void look_at_poller(ServiceId id) {
    const std::optional<PollerState>& poller = world_.services[id].poller;
    if (!poller) return;
    const auto& judge = std::get<PollerSpec>(judged_by_.services[id].server);
    for (std::uint32_t w = 0; w < judge.workers; ++w) {
      const PollerProcess& process = poller->processes[w];
      const WorkerState& worker = world_.workers[WorkerId(judge.first_worker.index() + w)];
      PollerCounts counts;
      counts.is_gated = judge.takes == Takes::gated;
      counts.limit = judge.limit;
      counts.taken = process.taken.size();
      counts.working = !worker.request.is_none();
      counts.sleeps = worker.phase == WorkerPhase::idle || worker.phase == WorkerPhase::gone;
      Complaints found;
      check_poller(counts, found);
      complain(found);
    }
  }

  void look_at_database(ServiceId id) {
    const std::optional<DatabaseState>& database = world_.services[id].database;
    if (!database) return;
    const auto& judge = std::get<PostgresSpec>(judged_by_.services[id].server);
    const auto& server = std::get<PostgresSpec>(blueprint_.services[id].server);
    DatabaseCounts counts;
    counts.limit = judge.backends;
    counts.vacant_listed = database->vacant.size();
    count_backends(world_, server, counts);
    const bool has_bouncer = !server.bouncer.is_none();
    counts.client_limit = judge.bouncer.is_none() ? 0 : judge.bouncer_clients;
    counts.clients = database->bouncer_clients;
    for (std::uint32_t p = 0; p < world_.pools.size(); ++p) {
      if (blueprint_.pools[PoolId(p)].database != id) continue;
      const std::uint64_t idle = world_.pools[PoolId(p)].idle.size();
      const bool is_of_clients = has_bouncer && PoolId(p) != server.bouncer;
      (is_of_clients ? counts.clients_seen : counts.idle_in_pools) += idle;
    }
    world_.requests.for_each([&](RequestId request, const Request& spec) {
      if (!spec.is_call() || blueprint_.classes[spec.request_class].service != id) return;
      const DatabaseConnection& connection = world_.calls[request].connection;
      if (has_bouncer && connection.is_open) ++counts.clients_seen;
      // Lent, but its backend does not know yet.
      const bool is_lent = connection.is_open && !connection.backend.is_none();
      if (is_lent && is_on_its_way(spec)) ++counts.idle_in_pools;
    });
    Complaints found;
    check_database(counts, found);
    complain(found);
  }

  // Held by calls, by connections that are kept, and by pools.
  void look_at_ports(PortsId id) {
    PortCounts counts;
    const MachineId machine(id.index() / blueprint_.services.size());
    counts.limit = judged_by_.machines[machine].local_ports;
    counts.open = world_.connections.ports()[id].open();
    world_.requests.for_each([&](RequestId request, const Request& spec) {
      if (!spec.is_call()) return;
      const Call& call = world_.calls[request];
      if (call.end.ports == id) ++counts.held;
      if (call.connection.is_open && call.connection.end.ports == id) ++counts.held;
    });
    world_.connections.for_each([&](ConnectionId, const Connection& connection) {
      if (connection.end.ports == id) ++counts.held;
    });
    for (std::uint32_t p = 0; p < world_.pools.size(); ++p) {
      const PoolSpec& pool = blueprint_.pools[PoolId(p)];
      if (pool.caller != machine || blueprint_.ports_of(machine, pool.database) != id) continue;
      counts.held += world_.pools[PoolId(p)].idle.size();
    }
    Complaints found;
    check_ports(counts, found);
    complain(found);
  }

  void look_at_pool(PoolId id) {
    // Those who waited for it when its process ended leave at this instant, but at later steps.
    if (world_.events.next_instant() == world_.events.now()) return;
    const PoolState& pool = world_.pools[id];
    const PoolSpec& judge = judged_by_.pools[id];
    const auto& server =
        std::get<PostgresSpec>(blueprint_.services[blueprint_.pools[id].database].server);
    PoolCounts counts;
    counts.size = judge.size;
    counts.most = judge.most();
    counts.open = pool.open;
    counts.idle = pool.idle.size();
    counts.waiting = pool.waiting.size();
    const bool is_bouncer = server.bouncer == id;
    for (std::uint32_t b = 0; is_bouncer && b < server.backends; ++b) {
      const WorkerPhase phase = world_.workers[WorkerId(server.first_backend.index() + b)].phase;
      if (phase != WorkerPhase::idle && phase != WorkerPhase::gone) ++counts.lent;
    }
    world_.requests.for_each([&](RequestId request, const Request& spec) {
      if (!spec.is_call()) return;
      const DatabaseConnection& connection = world_.calls[request].connection;
      if (connection.awaits == id) ++counts.listed;
      if (connection.pool == id && connection.life == pool.life) ++counts.lent;
    });
    Complaints found;
    check_pool(counts, found);
    complain(found);
  }

  void look_at_lock(LockId id) {
    const LockState& lock = world_.locks[id];
    LockCounts counts;
    counts.is_held = !lock.holder.is_none();
    counts.waiting = lock.waiting.size();
    for (std::uint32_t w = 0; w < world_.workers.size(); ++w) {
      const WorkerState& worker = world_.workers[WorkerId(w)];
      if (worker.request.is_none()) continue;
      const Request& request = world_.requests[worker.request];
      if (judged_by_.classes[request.request_class].lock != id) continue;
      if (worker.phase == WorkerPhase::booting) continue;  // it has not asked for it yet
      ++(worker.phase == WorkerPhase::locking ? counts.locking : counts.holding);
    }
    Complaints found;
    check_lock(counts, found);
    complain(found);
  }

  // Each does what its source says, one request at a time.
  void look_at_sessions() {
    if (world_.sessions.live() == 0) return;
    std::map<UserId, std::uint32_t> waiting;
    world_.requests.for_each([&](RequestId, const Request& request) {
      if (request.ended || !blueprint_.is_session(request.user)) return;
      ++waiting[request.user];
      const Session& session = world_.sessions[blueprint_.session_of(request.user)];
      if (!may_request(session, request.request_class)) complain("a session leaves its course");
    });
    for (const auto& [user, requests] : waiting) {
      if (requests > 1) complain("a session has several requests at once");
    }
  }

  // As its last request, which it has counted.
  bool may_request(const Session& session, ClassId request_class) const {
    const SourceSpec& source = judged_by_.sources[session.source];
    if (!source.sessions) return false;
    if (const auto* script = std::get_if<SessionScript>(&source.sessions->course)) {
      return session.turn < script->classes.size() &&
             script->classes[session.turn] == request_class;
    }
    if (const auto* walk = std::get_if<SessionWalk>(&source.sessions->course)) {
      return session.turn < walk->turns.size() &&
             walk->turns[session.turn].request_class == request_class;
    }
    const auto* fixed =
        std::get_if<std::uint32_t>(&std::get<SessionMix>(source.sessions->course).requests);
    return fixed == nullptr || session.requests <= *fixed;
  }

  // Clients leave after each failure, or after none.
  void check_sessions(const SessionRecord& record) {
    if (record.started != sessions_begun_) complain("sessions that nobody has seen begin");
    if (record.lost + record.durations.count() + world_.sessions.live() != record.started) {
      complain("a session has ended unseen, or twice");
    }
    const auto leaves = [](const SourceSpec& source) {
      return source.sessions && source.sessions->ends_on_failure && !source.sessions->websocket;
    };
    const auto& sources = judged_by_.sources;
    const bool has_websockets = may_open_websockets(judged_by_);
    if (!has_websockets && std::none_of(sources.begin(), sources.end(), leaves) &&
        record.lost > 0) {
      complain("a session is lost whose client would have gone on");
    }
    if (std::all_of(sources.begin(), sources.end(), leaves) && record.lost != failures_) {
      complain("a client has gone on who would have left");
    }
  }

  // Of connections.
  std::uint64_t limit_of(ProcessId id) const {
    const ServiceSpec& service = judged_by_.services[judged_by_.processes[id].service];
    if (const auto* team = std::get_if<LeaderFollowersSpec>(&service.server)) return team->threads;
    const auto* loops = std::get_if<LoopSpec>(&service.server);
    if (loops != nullptr && loops->hub) return loops->hub->connections;
    const auto* gthread = std::get_if<GthreadSpec>(&service.server);
    return gthread != nullptr ? gthread->connections : kAnyNumber;
  }

  void look_at_process(ProcessId id) {
    const ProcessState& process = world_.processes[id];
    ProcessCounts counts;
    counts.limit = limit_of(id);
    counts.connections = process.connections;
    counts.queued = process.queue.size();
    counts.parked = process.parked.size;
    counts.idle_listed = process.idle.size();
    counts.lock_is_held = !process.gil.holder().is_none();
    counts.is_gone = process.phase == ProcessPhase::gone;
    for (std::uint32_t t = 0; t < world_.threads.size(); ++t) {
      if (blueprint_.threads[ThreadId(t)].process != id) continue;
      const ThreadState& thread = world_.threads[ThreadId(t)];
      const bool finishing =
          thread.phase == ThreadPhase::finishing || thread.phase == ThreadPhase::closing;
      if (finishing || !thread.python.request.is_none()) ++counts.served;
      if (thread.phase == ThreadPhase::idle) ++counts.idle_phase;
      if (thread.phase == ThreadPhase::fetching) ++counts.fetching;
      if (thread.python.gil == GilUse::holding) ++counts.holding;
      const GilUse use = thread.python.gil;
      if (use == GilUse::coming || use == GilUse::woken) ++counts.coming;
      if (use == GilUse::waiting || use == GilUse::switching) ++counts.waiting;
    }
    Complaints found;
    if (process.loop) {
      check_threads(counts, found);
      check_loop(loop_counts(id, counts), found);
    } else {
      check_process(counts, found);
    }
    complain(found);
  }

  LoopCounts loop_counts(ProcessId id, const ProcessCounts& threads) const {
    const ProcessState& process = world_.processes[id];
    const ThreadId main = blueprint_.processes[id].main;
    const ServiceSpec& service = judged_by_.services[judged_by_.processes[id].service];
    LoopCounts counts;
    counts.asleep = world_.threads[main].phase == ThreadPhase::selecting;
    counts.connections = process.connections;
    counts.limit = limit_of(id);
    counts.tasks = process.loop->tasks;
    counts.calls = process.loop->calls;
    counts.queued = process.queue.size();
    counts.threads = std::get<LoopSpec>(service.server).threads;
    counts.idle_listed = process.idle.size();
    counts.in_pool = threads.served;
    if (!world_.threads[main].python.request.is_none()) --counts.in_pool;
    const ThreadPhase phase = world_.threads[main].phase;
    if (phase == ThreadPhase::finishing || phase == ThreadPhase::closing) --counts.in_pool;
    if (phase == ThreadPhase::keeping) ++counts.replied;
    const auto waits = [&](RequestId request) {
      return !request.is_none() && !world_.requests[request].ended;
    };
    process.loop->for_each([&](const Callback& callback, bool timer) {
      if (!timer) ++counts.ready;
      if (callback.kind == Callback::Kind::keep) ++counts.replied;
      if (waits(callback.request)) ++counts.listed;
    });
    world_.requests.for_each([&](RequestId, const Request& request) {
      const bool is_its =
          request.at_server && !request.ended && request.state == WaitState::event_loop &&
          blueprint_.classes[request.request_class].service == blueprint_.processes[id].service &&
          blueprint_.threads[ThreadId(blueprint_.owner(request.task).id)].process == id;
      if (is_its) ++counts.event_loop;
    });
    return counts;
  }

  void look_at_connections() {
    if (judged_by_.keepers() == 0 && !may_open_websockets(judged_by_) &&
        world_.connections.opened() > 0) {
      return complain("a connection that nobody keeps");
    }
    ConnectionCounts counts;
    std::map<KeeperId, std::uint32_t> unused;
    const std::set<ConnectionId> receiving = used_to_receive(world_);
    world_.connections.for_each([&](ConnectionId id, const Connection& connection) {
      const bool is_looked_at = connection.closing || connection.pings > 0;
      const bool forgotten = connection.keeper.is_none() && !connection.at_server &&
                             connection.request.is_none() && is_looked_at;
      if (!forgotten) ++counts.connections;
      if (connection.idle) ++counts.idle;
      const bool is_free = connection.request.is_none() && receiving.count(id) == 0;
      const bool waits = !connection.keeper.is_none() && is_free;
      const bool is_proxys = !connection.origin.is_none();  // it is in use
      if (waits && connection.idle && !is_proxys) ++unused[connection.keeper];
      if (waits && !connection.idle) complain("a client keeps what the server has closed");
      if (!connection.request.is_none() && world_.requests[connection.request].connection != id) {
        complain("a connection carries a request that is on another one");
      }
      SeenConnection& before = connections_[connection.ordinal];
      const bool has_moved = !before.process.is_none() && before.process != connection.process;
      if (has_moved) complain("a connection has moved to another process");
      const bool sent = connection.idle && !connection.request.is_none();
      if (sent && connection.request != before.request) ++reuses_;
      before = {connection.process, connection.request};
    });
    world_.requests.for_each([&](RequestId id, const Request& request) {
      if (request.connection.is_none()) return;
      ++counts.on_requests;
      const bool is_on_it = world_.connections[request.connection].request == id;
      if (!is_on_it && receiving.count(request.connection) == 0) {
        complain("two requests are on one connection");
      }
    });
    for (const ProcessState& process : world_.processes) {
      counts.parked += process.parked.size + process.websockets.size;
    }
    for (const auto& [keeper, size] : unused) {
      if (size > judged_by_.keeping_of(keeper).most) complain("clients keep more than they may");
      if (size != world_.connections.kept(keeper)) complain("a connection is lost");
    }
    Complaints found;
    check_connections(counts, found);
    complain(found);
  }

  void count_bursts() {
    threads_.resize(world_.threads.size());
    for (std::uint32_t t = 0; t < world_.threads.size(); ++t) {
      const ThreadState& thread = world_.threads[ThreadId(t)];
      const RequestId request = thread.python.request;
      const ThreadLook now{thread,
                           request.is_none() ? std::uint16_t{0} : world_.requests[request].step};
      const bool has_gil = has_lock(ThreadId(t));
      const bool in_loop =
          world_.processes[blueprint_.threads[ThreadId(t)].process].loop.has_value();
      const bool ended =
          wants_cpu(threads_[t].thread, has_gil) && (in_loop || !same_burst(threads_[t], now));
      if (ended) ++machines_[blueprint_.threads[ThreadId(t)].task.machine.index()].bursts;
      threads_[t] = now;
    }
    workers_.resize(world_.workers.size());
    for (std::uint32_t w = 0; w < world_.workers.size(); ++w) {
      const WorkerState& now = world_.workers[WorkerId(w)];
      const bool ended = wants_cpu(workers_[w].phase) && !same_burst(workers_[w], now);
      if (ended) ++machines_[blueprint_.workers[WorkerId(w)].task.machine.index()].bursts;
      workers_[w] = now;
    }
    neighbors_.resize(world_.neighbors.size());
    for (std::uint32_t n = 0; n < world_.neighbors.size(); ++n) {
      const NeighborState& now = world_.neighbors[NeighborId(n)];
      const bool ended = wants_cpu(neighbors_[n].phase) && !same_burst(neighbors_[n], now);
      if (ended) ++machines_[blueprint_.neighbors[NeighborId(n)].task.machine.index()].bursts;
      neighbors_[n] = now;
    }
  }

  bool has_lock(ThreadId id) const {
    return blueprint_.processes[blueprint_.threads[id].process].gil.has_value();
  }

  bool wants_cpu_now(MachineId machine, TaskId task) const {
    const TaskOwner owner = blueprint_.owner({machine, task});
    switch (owner.kind) {
      case TaskOwner::Kind::worker:
      case TaskOwner::Kind::redis:
      case TaskOwner::Kind::backend:
      case TaskOwner::Kind::instance:
      case TaskOwner::Kind::celery_child:
      case TaskOwner::Kind::poller:
        return wants_cpu(world_.workers[WorkerId(owner.id)].phase);
      case TaskOwner::Kind::neighbor:
        return wants_cpu(world_.neighbors[NeighborId(owner.id)].phase);
      case TaskOwner::Kind::gthread_main:
      case TaskOwner::Kind::gthread_pool:
      case TaskOwner::Kind::event_loop:
      case TaskOwner::Kind::loop_pool:
      case TaskOwner::Kind::follower:
        return wants_cpu(world_.threads[ThreadId(owner.id)], has_lock(ThreadId(owner.id)));
      case TaskOwner::Kind::log_daemon:
        return false;
      case TaskOwner::Kind::virtual_cpu:
        break;
    }
    const MachineSpec& guest = blueprint_.machines[MachineId(owner.id)];
    const auto& state = world_.machines[MachineId(owner.id)].virtual_cpus;
    for (std::uint32_t c = 0; c < state.size(); ++c) {
      if (guest.virtual_cpus[CoreId(c)] == task) return state[CoreId(c)].wanted;
    }
    return false;
  }

  std::vector<Speed> supply_of(MachineId id) const {
    const MachineSpec& judge = judged_by_.machines[id];
    std::vector<Speed> cores(judge.cpu.cores, kFullSpeed);
    if (!judge.is_guest()) return cores;
    for (std::uint32_t c = 0; c < cores.size(); ++c) {
      cores[c] = world_.machines[id].virtual_cpus[CoreId(c)].supply;
    }
    return cores;
  }

  void look_at_machine(MachineId id) {
    const MachineSpec& judge = judged_by_.machines[id];
    CpuSpeeds speeds;
    speeds.of_cores = supply_of(id);
    speeds.work_conserving = !imitates_linux(judge.scheduler) && !has_quotas(judge);
    Machine& machine = machines_[id.index()];
    machine.speed = 0;
    for (std::uint32_t t = 0; t < blueprint_.machines[id].cpu.tasks.size(); ++t) {
      const Speed speed = world_.machines[id].cpu.speed(TaskId(t));
      machine.speed += speed;
      (wants_cpu_now(id, TaskId(t)) ? speeds.of_runnable : speeds.of_blocked).push_back(speed);
    }
    // A task that has just got what it wanted is reported at this instant, but at its next step.
    if (world_.events.next_instant() == world_.events.now()) return;
    Complaints found;
    check_speeds(speeds, found);
    complain(found);
  }

  const World& world_;
  const Blueprint& blueprint_;
  const Blueprint& judged_by_;
  Complaints complaints_;
  Int128 sojourns_ = 0;
  std::uint64_t retries_ = 0;
  std::map<Name, Seen> seen_;
  std::vector<WorkerState> workers_;
  std::vector<ThreadLook> threads_;
  std::vector<NeighborState> neighbors_;
  std::vector<Machine> machines_;
  std::map<std::uint64_t, SeenConnection> connections_;  // by ordinal
  std::uint64_t reuses_ = 0;
  std::uint64_t sessions_begun_ = 0;
  std::uint64_t failures_ = 0;  // of clients' requests
  Instant last_;
};

}  // namespace

Walked walk(const Blueprint& blueprint, const WalkOptions& options) {
  const Blueprint& judged_by = options.judged_by ? *options.judged_by : blueprint;
  World world(blueprint, options.seed, options.replication, options.tie_salt);
  Recorder recorder(blueprint, {Instant(), options.horizon, 1000, options.ingredients});
  recorder.warmup_reached(world, blueprint);
  Watcher watcher(world, blueprint, judged_by);
  watcher.look();
  while (world.events.next_instant() < options.horizon) {
    step(world, blueprint, recorder);
    watcher.look();
  }
  world.events.advance_to(options.horizon);
  Walked walked = watcher.finish(recorder.finish(world, blueprint, StopReason::horizon_reached));
  check_run(walked, judged_by);
  return walked;
}

}  // namespace cotenant

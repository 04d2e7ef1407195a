// SPDX-License-Identifier: Apache-2.0
#include "models/step.h"

#include <string>

#include "models/disk/file_io.h"
#include "models/disk/swap.h"
#include "models/machine/guests.h"
#include "models/neighbor/neighbor.h"
#include "models/python/thread.h"
#include "models/server/arbiter.h"
#include "models/server/celery.h"
#include "models/server/external.h"
#include "models/server/gthread.h"
#include "models/server/idle_stop.h"
#include "models/server/leader_followers.h"
#include "models/server/loop_pool.h"
#include "models/server/loop_server.h"
#include "models/server/memory.h"
#include "models/server/on_demand.h"
#include "models/server/outage.h"
#include "models/server/poller.h"
#include "models/server/postgres.h"
#include "models/server/probes.h"
#include "models/server/process.h"
#include "models/server/redis.h"
#include "models/server/server.h"
#include "models/server/sync_workers.h"
#include "models/service/calls.h"
#include "models/service/connections.h"
#include "models/service/trips.h"
#include "models/workload/client.h"
#include "models/workload/pings.h"
#include "models/workload/sessions.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

// How often the budget and the wish to cancel are looked at: often enough that a run ends within
// milliseconds, rarely enough to cost nothing.
constexpr std::uint64_t kCheckEvery = 4096;

inline void on_ran(World& world, const Blueprint& blueprint, TaskRef task,
                   const BurstTimes& times) {
  const TaskOwner owner = blueprint.owner(task);
  switch (owner.kind) {
    case TaskOwner::Kind::worker:
      return on_worker_ran(world, blueprint, WorkerId(owner.id), times, world.effects);
    case TaskOwner::Kind::gthread_main:
      return on_gthread_main_ran(world, blueprint, ThreadId(owner.id), times, world.effects);
    case TaskOwner::Kind::gthread_pool:
      return on_gthread_pool_ran(world, blueprint, ThreadId(owner.id), times, world.effects);
    case TaskOwner::Kind::event_loop:
      return on_loop_ran(world, blueprint, ThreadId(owner.id), times, world.effects);
    case TaskOwner::Kind::loop_pool:
      return on_loop_pool_ran(world, blueprint, ThreadId(owner.id), times, world.effects);
    case TaskOwner::Kind::follower:
      return on_follower_ran(world, blueprint, ThreadId(owner.id), times, world.effects);
    case TaskOwner::Kind::instance:
      return on_instance_ran(world, blueprint, WorkerId(owner.id), times, world.effects);
    case TaskOwner::Kind::redis:
      return on_redis_ran(world, blueprint, WorkerId(owner.id), times, world.effects);
    case TaskOwner::Kind::backend:
      return on_backend_ran(world, blueprint, WorkerId(owner.id), times, world.effects);
    case TaskOwner::Kind::celery_child:
      return on_child_ran(world, blueprint, WorkerId(owner.id), times, world.effects);
    case TaskOwner::Kind::poller:
      return on_poller_ran(world, blueprint, WorkerId(owner.id), times, world.effects);
    case TaskOwner::Kind::neighbor:
      return on_neighbor_ran(world, blueprint, NeighborId(owner.id), world.effects);
    case TaskOwner::Kind::virtual_cpu:
    case TaskOwner::Kind::log_daemon:
      COTENANT_ASSERT(false && "a virtual CPU wants CPU without end, and a log daemon none");
  }
}

// Nothing else is waiting to be delivered, so completions need not queue up as effects.
void on_cpu_due(World& world, const Blueprint& blueprint, MachineId id) {
  MachineState& machine = world.machines[id];
  machine.touched = true;
  machine.cpu.advance(world.events.now(), world.completed);
  for (const Completion& done : world.completed) {
    count_runnable(world, blueprint, {id, done.task}, -1);
    on_ran(world, blueprint, {id, done.task}, done.times);
  }
  world.completed.clear();
}

void on_wait_done(World& world, const Blueprint& blueprint, WorkerId id, Effects& effects) {
  switch (blueprint.owner(blueprint.workers[id].task).kind) {
    case TaskOwner::Kind::redis:
      return on_redis_waited(world, blueprint, id, effects);
    case TaskOwner::Kind::backend:
      return on_backend_waited(world, blueprint, id, effects);
    case TaskOwner::Kind::instance:
      return on_instance_waited(world, blueprint, id, effects);
    case TaskOwner::Kind::celery_child:
      return on_child_waited(world, blueprint, id, effects);
    case TaskOwner::Kind::poller:
      return on_poller_waited(world, blueprint, id, effects);
    default:
      return on_worker_waited(world, blueprint, id, effects);
  }
}

void on_thread_slept(World& world, const Blueprint& blueprint, ThreadId id, Effects& effects) {
  switch (blueprint.owner(blueprint.threads[id].task).kind) {
    case TaskOwner::Kind::gthread_pool:
      return on_gthread_slept(world, blueprint, id, effects);
    case TaskOwner::Kind::event_loop:
      return on_loop_slept(world, blueprint, id, effects);
    case TaskOwner::Kind::loop_pool:
      return on_loop_pool_slept(world, blueprint, id, effects);
    case TaskOwner::Kind::follower:
      return on_follower_slept(world, blueprint, id, effects);
    default:
      COTENANT_ASSERT(false && "only threads that serve requests mean to sleep");
  }
}

// The caller goes on, in whatever way it has waited.
void on_calls_done(World& world, const Blueprint& blueprint, RequestId caller, Effects& effects) {
  const TaskOwner owner = blueprint.owner(world.requests[caller].task);
  switch (owner.kind) {
    case TaskOwner::Kind::worker:
    case TaskOwner::Kind::instance:
    case TaskOwner::Kind::celery_child:
    case TaskOwner::Kind::poller:
    case TaskOwner::Kind::redis:
    case TaskOwner::Kind::backend:
      return on_wait_done(world, blueprint, WorkerId(owner.id), effects);
    case TaskOwner::Kind::event_loop:
      return on_loop_calls_done(world, blueprint, caller, effects);
    default:
      return on_thread_slept(world, blueprint, ThreadId(owner.id), effects);
  }
}

void handle(World& world, const Blueprint& blueprint, const Event& event) {
  Effects& effects = world.effects;
  switch (event.kind) {
    case EventKind::cpu_due:
      return on_cpu_due(world, blueprint, MachineId(event.entity));
    case EventKind::wait_done:
      return on_wait_done(world, blueprint, WorkerId(event.entity), effects);
    case EventKind::client_timeout:
      return on_client_timeout(world, blueprint, RequestId(event.entity), effects);
    case EventKind::syn_due:
      return on_syn_due(world, blueprint, RequestId(event.entity), effects);
    case EventKind::source_due:
      return on_source_due(world, blueprint, SourceId(event.entity), effects);
    case EventKind::user_ready:
      return on_user_ready(world, blueprint, UserId(event.entity), effects);
    case EventKind::neighbor_due:
      return on_neighbor_due(world, blueprint, NeighborId(event.entity), effects);
    case EventKind::thread_slept:
      return on_thread_slept(world, blueprint, ThreadId(event.entity), effects);
    case EventKind::arbiter_due:
      return on_arbiter_due(world, blueprint, ServiceId(event.entity), effects);
    case EventKind::worker_forked:
      return on_worker_forked(world, blueprint, WorkerId(event.entity), effects);
    case EventKind::gil_timeout:
      return on_gil_timeout(world, blueprint, ThreadId(event.entity), effects);
    case EventKind::retry_due:
      return on_retry_due(world, blueprint, RequestId(event.entity), effects);
    case EventKind::hedge_due:
      return on_hedge_due(world, blueprint, RequestId(event.entity), effects);
    case EventKind::external_due:
      return on_external_due(world, blueprint, RequestId(event.entity), effects);
    case EventKind::instance_idle:
      return on_instance_idle(world, blueprint, WorkerId(event.entity), effects);
    case EventKind::pool_timeout:
      return on_pool_timeout(world, blueprint, RequestId(event.entity), effects);
    case EventKind::task_overdue:
      return on_time_limit(world, blueprint, RequestId(event.entity), effects);
    case EventKind::task_visible:
      return on_task_visible(world, blueprint, RequestId(event.entity), effects);
    case EventKind::loop_io:
      return on_loop_io(world, blueprint, RequestId(event.entity), effects);
    case EventKind::process_due:
      return on_process_due(world, blueprint, ProcessId(event.entity), effects);
    case EventKind::loop_timer:
      return on_loop_timer(world, blueprint, RequestId(event.entity), effects);
    case EventKind::session_ready:
      return on_session_ready(world, blueprint, SessionId(event.entity), effects);
    case EventKind::websocket_lost:
      return on_websocket_lost(world, blueprint, SessionId(event.entity), effects);
    case EventKind::idle_due:
      return on_idle_due(world, blueprint, ProcessId(event.entity), effects);
    case EventKind::transfer_done:
      return on_transfer_done(world, blueprint, RequestId(event.entity), effects);
    case EventKind::oom_kill:
      return on_oom_kill(world, blueprint, ResidentId(event.entity), effects);
    case EventKind::memory_leaks:
      return on_memory_leaks(world, blueprint, ResidentId(event.entity));
    case EventKind::listen_due:
      return on_listen_due(world, blueprint, ProcessId(event.entity), effects);
    case EventKind::keep_due:
      return on_keep_due(world, blueprint, event.entity, effects);
    case EventKind::disk_due:
      return on_disk_due(world, blueprint, MachineId(event.entity), effects);
    case EventKind::writeback_due:
      return on_writeback_due(world, blueprint, MachineId(event.entity));
    case EventKind::pages_cleaned:
      return on_pages_cleaned(world, blueprint, world.requests[RequestId(event.entity)].task,
                              effects);
    case EventKind::neighbor_cleaned:
      return on_pages_cleaned(world, blueprint, blueprint.neighbors[NeighborId(event.entity)].task,
                              effects);
    case EventKind::log_cleaned: {
      const MachineId machine(event.entity);
      const TaskId daemon = blueprint.machines[machine].log_daemon->task;
      return on_pages_cleaned(world, blueprint, {machine, daemon}, effects);
    }
    case EventKind::service_starts:
      return on_service_starts(world, blueprint, ServiceId(event.entity), effects);
    case EventKind::idle_stop_due:
      return on_idle_stop_due(world, blueprint, ServiceId(event.entity), effects);
    case EventKind::probe_due:
      return on_probe_due(world, blueprint, CallSpecId(event.entity), effects);
    case EventKind::service_ends:
      return on_service_ends(world, blueprint, ServiceId(event.entity), effects);
    case EventKind::trip_done:
      return on_trip_done(world, blueprint, RequestId(event.entity), effects);
    case EventKind::hung_up:
      return on_hung_up(world, blueprint, ConnectionId(event.entity), effects);
    case EventKind::tunnel_due:
      return on_tunnel_due(world, blueprint, ProcessId(event.entity), effects);
    case EventKind::ping_due:
      return on_ping_due(world, blueprint, ConnectionId(event.entity), effects);
    case EventKind::client_ping_due:
      return on_client_ping_due(world, blueprint, SessionId(event.entity), effects);
    case EventKind::stall_over:
      return on_stall_over(world, blueprint, RequestId(event.entity), effects);
  }
}

// Delivers each effect to the domain that it concerns.
struct Delivery {
  World& world;
  const Blueprint& blueprint;
  Recorder& recorder;

  void operator()(const RequestArrived& arrived) {
    recorder.request_arrived(world, arrived.request);
  }
  void operator()(const SessionBegan&) { recorder.session_began(world.events.now()); }
  void operator()(const SessionReconnects&) { recorder.session_reconnects(world.events.now()); }
  void operator()(const SessionEnded& ended) {
    recorder.session_ended(world.events.now(), ended.began, ended.lost);
  }
  void operator()(const Connect& connect) {
    on_connect(world, blueprint, connect.request, world.effects);
  }
  void operator()(const SendRequest& sent) {
    on_request_sent(world, blueprint, sent.request, world.effects);
  }
  void operator()(const HangUp& closed) {
    on_hung_up(world, blueprint, closed.connection, world.effects);
  }
  void operator()(const Ping& ping) { on_ping(world, blueprint, ping.connection, world.effects); }
  void operator()(const Pong& pong) { on_pong(world, blueprint, pong.connection); }
  void operator()(const ClientLeft& left) {
    on_client_left(world, blueprint, left.request, world.effects);
  }
  void operator()(const SynDropped& dropped) {
    on_syn_dropped(world, blueprint, dropped.request, world.effects);
  }
  void operator()(const DemandCpu& demand) {
    count_runnable(world, blueprint, demand.task, 1);
    touch(demand.task.machine).demand(demand.task.task, demand.work, world.events.now());
  }
  void operator()(const WithdrawCpu& withdrawal) {
    count_runnable(world, blueprint, withdrawal.task, -1);
    touch(withdrawal.task.machine).withdraw(withdrawal.task.task, world.events.now());
  }
  void operator()(const ShortenCpu& order) {
    touch(order.task.machine).shorten(order.task.task, order.left, world.events.now());
  }
  void operator()(const WorkDone& done) { on_ran(world, blueprint, done.task, {}); }
  void operator()(const BeginCalls& calls) {
    on_begin_calls(world, blueprint, calls.caller, world.effects);
  }
  void operator()(const CallsDone& calls) {
    on_calls_done(world, blueprint, calls.caller, world.effects);
  }
  void operator()(const NeighborServed& served) {
    on_neighbor_served(world, blueprint, served.neighbor);
  }
  void operator()(const RequestEnded& ended) {
    if (world.calls.in_use()) end_connection(world, blueprint, ended, world.effects);
    const auto pause = is_delivered_again(world, blueprint, ended.request, ended.outcome)
                           ? std::optional(Duration(0))
                           : claim_retry(world, blueprint, ended.request, ended.outcome);
    if (pause) {
      recorder.attempt_failed(world, ended.request, ended.outcome);
      return try_again(world, blueprint, ended.request, *pause, world.effects);
    }
    recorder.request_ended(world, ended.request, ended.outcome);
    if (world.requests[ended.request].is_call()) {
      return on_call_ended(world, blueprint, ended.request, ended.outcome, world.effects);
    }
    on_request_ended(world, blueprint, ended.request, ended.outcome, world.effects);
  }

  Cpu& touch(MachineId machine) {
    world.machines[machine].touched = true;
    return world.machines[machine].cpu;
  }
};

void schedule_cpu(World& world, MachineId id, const Cpu& cpu) {
  world.events.follow(world.slot(id), cpu.next_instant(), order(Phase::cpu),
                      {EventKind::cpu_due, id.index()});
}

void schedule_cpus(World& world) {
  for (std::uint32_t m = 0; m < world.machines.size(); ++m) {
    MachineState& machine = world.machines[MachineId(m)];
    if (!machine.touched) continue;
    schedule_cpu(world, MachineId(m), machine.cpu);
    machine.touched = false;
  }
}

void happen(World& world, const Blueprint& blueprint, Recorder& recorder, const Event& event) {
  recorder.event(world, blueprint, event);
  handle(world, blueprint, event);
  world.effects.deliver_all(Delivery{world, blueprint, recorder});
  if (world.machines.size() > 1) settle_guests(world, blueprint);
  schedule_cpus(world);
}

// Up to, not including, what happens at `until`.
StopReason run_until(World& world, const Blueprint& blueprint, Recorder& recorder, Instant until,
                     const RunOptions& options) {
  while (world.events.is_due_before(until)) {
    happen(world, blueprint, recorder, world.events.pop());
    const std::uint64_t events = world.events.popped_count();
    if (events >= options.budget.events) return StopReason::event_budget;
    if (events % kCheckEvery != 0) continue;
    if (world.memory() > options.budget.memory) return StopReason::memory_budget;
    if (options.cancel && options.cancel->load(std::memory_order_relaxed)) {
      return StopReason::cancelled;
    }
  }
  const bool nothing_left = world.events.empty();
  world.events.advance_to(until);
  return nothing_left ? StopReason::finished : StopReason::horizon_reached;
}

RunRecord run_replication(World& world, const Blueprint& blueprint, const RunOptions& options) {
  Recorder recorder(blueprint, options.recorder);
  StopReason stop = run_until(world, blueprint, recorder, options.recorder.warmup, options);
  if (stop == StopReason::finished || stop == StopReason::horizon_reached) {
    recorder.warmup_reached(world, blueprint);
    stop = run_until(world, blueprint, recorder, options.recorder.horizon, options);
  }
  return recorder.finish(world, blueprint, stop);
}

}  // namespace

// A run whose budget is one event.
void step(World& world, const Blueprint& blueprint, Recorder& recorder) {
  COTENANT_ASSERT(!world.events.empty());
  RunOptions one;
  one.budget.events = world.events.popped_count() + 1;
  run_until(world, blueprint, recorder, Instant::never(), one);
}

RunRecord run(const Blueprint& blueprint, const RunOptions& options) {
  World world(blueprint, options.seed, options.replication, options.tie_salt);
  try {
    return run_replication(world, blueprint, options);
  } catch (const Bug& bug) {
    throw Bug(std::string(bug.what()) + "; setup \"" + blueprint.setup + "\", at " +
              std::to_string(world.events.now().ns()) + " ns, event " +
              std::to_string(world.events.popped_count()) + ", seed " +
              std::to_string(options.seed) + ", replication " +
              std::to_string(options.replication));
  }
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "models/python/thread.h"

#include <optional>

namespace cotenant {
namespace {

// The evaluation loop looks at requests to drop the lock every few bytecodes: once the holder runs,
// at once.
constexpr CpuTime kUntilNoticed{1};

// One thread during one step of the simulation.
struct Acting {
  World& world;
  const Blueprint& blueprint;
  ThreadId id;
  Effects& effects;
  PythonThread& thread = world.threads[id].python;
  const ThreadSpec& spec = blueprint.threads[id];

  const ProcessSpec& process_spec() const { return blueprint.processes[spec.process]; }
  const std::optional<GilSpec>& gil_spec() const { return process_spec().gil; }
  Gil& gil() const { return world.processes[spec.process].gil; }
  Instant now() const { return world.events.now(); }
  Acting other(ThreadId waiter) const { return {world, blueprint, waiter, effects}; }
};

// Its request, if there is one that still has a client.
Request* request_of(const Acting& acting) {
  const RequestId id = acting.thread.request;
  if (id.is_none()) return nullptr;
  Request& request = acting.world.requests[id];
  return request.ended ? nullptr : &request;
}

void account_as(const Acting& acting, WaitState state) {
  if (Request* request = request_of(acting)) enter(*request, state, acting.now());
}

bool run(const Acting& acting) {
  account_as(acting, acting.thread.executing);
  if (acting.thread.work.is_zero()) return true;
  acting.effects.push(DemandCpu{acting.spec.task, acting.thread.work});
  return false;
}

// Before the work, and no part of what a request is said to need.
void add_first(const Acting& acting, CpuTime work) {
  acting.thread.work += work;
  if (Request* request = request_of(acting)) request->burst.before += Duration(work.count());
}

// Nobody else ever holds the lock: to take it is the first part of the work.
bool take_and_run(const Acting& acting) {
  acting.gil().take(acting.id);
  acting.thread.gil = GilUse::holding;
  add_first(acting, acting.gil_spec()->take);
  return run(acting);
}

// Awake, it still has to get a core and look at the lock.
void come(const Acting& acting) {
  acting.thread.gil = GilUse::coming;
  account_as(acting, WaitState::server_cpu);
  acting.effects.push(DemandCpu{acting.spec.task, acting.gil_spec()->take});
}

void set_alarm(const Acting& acting, Duration in) {
  acting.world.events.schedule(acting.world.slot(acting.id), acting.now() + in,
                               order(Phase::server), {EventKind::gil_timeout, acting.id.index()});
}

Duration draw_up_to(Draws& draws, Duration longest) {
  const auto count = static_cast<std::uint64_t>(longest.count());
  if (count == 0) return Duration(0);
  return Duration(static_cast<std::int64_t>(draws.next_below(count + 1)));
}

// What chance has for a thread's wait number k: how late it ends when nobody ends it, and how long
// the thread takes to wake up when somebody does.
struct WaitChance {
  Duration lateness, wake_latency;
};

WaitChance chance_of_wait(const Acting& acting, std::uint64_t k) {
  const GilSpec& spec = *acting.gil_spec();
  if (!spec.is_random()) return {};
  Draws draws = acting.world.chance.lateness[acting.id].at(k);
  const Duration lateness = draw_up_to(draws, spec.timer_slack);
  return {lateness, draw_up_to(draws, spec.wake_latency)};
}

// Whether others may run on one while the thread runs.
bool has_other_cores(const Blueprint& blueprint, const ThreadSpec& thread) {
  const CpuTopology& cpu = blueprint.machines[thread.task.machine].cpu;
  const CpuTask& task = cpu.tasks[thread.task.task];
  const CpuSetId cpus = task.cpus.is_none() ? cpu.groups[task.group].cpus : task.cpus;
  return (cpus.is_none() ? cpu.cores : cpu.cpusets[cpus].size()) > 1;
}

// On another core it takes its time to get there, and whoever runs already may take the lock. On
// the only one it is for the scheduler to decide who runs.
void wake_waiter(const Acting& acting, bool on_other_core) {
  const Duration latency = chance_of_wait(acting, acting.thread.waits - 1).wake_latency;
  if (!on_other_core || latency.is_zero()) {
    acting.world.events.cancel(acting.world.slot(acting.id));
    return come(acting);
  }
  acting.thread.gil = GilUse::woken;
  set_alarm(acting, latency);
}

// What telling another core costs who does it: as much as an idle one needs at least to wake up, or
// nothing where that takes no time (docs/models/gthread.md, "System calls").
CpuTime cost_of_waking(const Acting& acting) {
  const MachineSpec& machine = acting.blueprint.machines[acting.spec.task.machine];
  if (!imitates_linux(machine.scheduler)) return CpuTime(0);
  return CpuTime(machine.cpu.kernel.idle_wake.latency_after(Duration(0)).count());
}

// True when another core was told.
bool release(const Acting& acting) {
  const ThreadId woken = acting.gil().release();
  if (woken.is_none()) return false;
  const bool on_other_core = has_other_cores(acting.blueprint, acting.spec);
  wake_waiter(acting.other(woken), on_other_core);
  return on_other_core;
}

// It was asked to, and goes on when another thread has the lock.
void drop(const Acting& acting) {
  acting.thread.gil = GilUse::switching;
  account_as(acting, WaitState::gil);
  acting.gil().await_switch(acting.id);
  release(acting);
}

void go_on_after_switch(const Acting& acting) {
  if (!acting.thread.outside) return come(acting);
  acting.thread.gil = GilUse::none;
  if (run(acting)) acting.effects.push(WorkDone{acting.spec.task});
}

void wait(const Acting& acting) {
  PythonThread& thread = acting.thread;
  thread.gil = GilUse::waiting;
  thread.interval_over = false;
  thread.switches_seen = acting.gil().switches();
  account_as(acting, WaitState::gil);
  acting.gil().wait(acting.id);
  const Duration lateness = chance_of_wait(acting, thread.waits++).lateness;
  set_alarm(acting, acting.gil_spec()->switch_interval + lateness);
}

// The garbage collector, which does not look, drops it when it is through.
void ask_to_drop(const Acting& acting, ThreadId holder) {
  if (acting.world.threads[holder].python.executing == WaitState::gc) return;
  acting.effects.push(ShortenCpu{acting.blueprint.threads[holder].task, kUntilNoticed});
}

// On a core, it looks at the lock.
bool try_take(const Acting& acting) {
  PythonThread& thread = acting.thread;
  Gil& gil = acting.gil();
  if (gil.take(acting.id)) {
    thread.gil = GilUse::holding;
    thread.interval_over = false;
    const ThreadId waits_for_switch = gil.switched();
    if (!waits_for_switch.is_none()) go_on_after_switch(acting.other(waits_for_switch));
    return run(acting);
  }
  if (thread.interval_over && gil.request_drop(thread.switches_seen)) {
    ask_to_drop(acting, gil.holder());
  }
  wait(acting);
  return false;
}

// Without the lock, and without what telling a waiter costs where that is a part of the work.
bool leave_and_run(const Acting& acting, CpuTime work, WaitState executing, bool pays) {
  PythonThread& thread = acting.thread;
  thread.work = work;
  thread.executing = executing;
  thread.outside = acting.gil_spec().has_value();
  if (thread.gil == GilUse::holding) {
    if (acting.gil().drop_requested()) {
      drop(acting);
      return false;
    }
    thread.gil = GilUse::none;
    if (release(acting) && pays) add_first(acting, cost_of_waking(acting));
  }
  return run(acting);
}

}  // namespace

bool compute(World& world, const Blueprint& blueprint, ThreadId id, CpuTime work,
             WaitState executing, Effects& effects) {
  const Acting acting{world, blueprint, id, effects};
  PythonThread& thread = acting.thread;
  const bool awake = thread.outside;
  thread.work = work;
  thread.executing = executing;
  thread.outside = false;
  if (!acting.gil_spec()) return run(acting);
  if (thread.gil == GilUse::holding) {
    if (!acting.gil().drop_requested()) return run(acting);
    drop(acting);
    return false;
  }
  COTENANT_ASSERT(thread.gil == GilUse::none);
  if (awake) return try_take(acting);
  if (acting.process_spec().one_thread) return take_and_run(acting);
  come(acting);
  return false;
}

bool compute_outside(World& world, const Blueprint& blueprint, ThreadId id, CpuTime work,
                     WaitState executing, Effects& effects) {
  return leave_and_run({world, blueprint, id, effects}, work, executing, false);
}

bool call_kernel(World& world, const Blueprint& blueprint, ThreadId id, CpuTime work,
                 WaitState executing, Effects& effects) {
  return leave_and_run({world, blueprint, id, effects}, work, executing, true);
}

bool may_lose_lock(const World& world, const Blueprint& blueprint, ThreadId id) {
  const ThreadSpec& thread = blueprint.threads[id];
  return world.processes[thread.process].gil.is_waited_for() && has_other_cores(blueprint, thread);
}

void block(World& world, const Blueprint& blueprint, ThreadId id, Effects& effects) {
  const Acting acting{world, blueprint, id, effects};
  acting.thread.outside = false;
  if (acting.thread.gil != GilUse::holding) return;
  acting.thread.gil = GilUse::none;
  release(acting);
}

bool on_thread_ran(World& world, const Blueprint& blueprint, ThreadId id, const BurstTimes& burst,
                   Effects& effects) {
  const Acting acting{world, blueprint, id, effects};
  PythonThread& thread = acting.thread;
  const bool coming = thread.gil == GilUse::coming;
  if (Request* request = request_of(acting)) {
    book_burst(*request, burst, acting.now());
  }
  if (coming) return try_take(acting);
  thread.work -= CpuTime(burst.running.count());
  if (thread.work.is_zero()) return true;
  COTENANT_ASSERT(thread.gil == GilUse::holding && acting.gil().drop_requested());
  drop(acting);
  return false;
}

void on_gil_timeout(World& world, const Blueprint& blueprint, ThreadId id, Effects& effects) {
  const Acting acting{world, blueprint, id, effects};
  if (acting.thread.gil == GilUse::waiting) {
    acting.gil().stop_waiting(id);
    acting.thread.interval_over = true;
  }
  come(acting);
}

}  // namespace cotenant

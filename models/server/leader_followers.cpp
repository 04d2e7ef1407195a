// SPDX-License-Identifier: Apache-2.0
#include "models/server/leader_followers.h"

#include <algorithm>
#include <utility>

#include "models/python/thread.h"
#include "models/server/arbiter.h"
#include "models/server/leader_followers_life.h"
#include "models/server/process.h"
#include "models/server/server_thread.h"

namespace cotenant {
namespace {

const LeaderFollowersSpec& server_of(const ServerThread& thread) {
  return std::get<LeaderFollowersSpec>(thread.service_spec().server);
}

// --- Who accepts

// The thread that has been idle longest.
void wake_leader(const ServerThread& any_of_process) {
  ProcessState& process = any_of_process.process();
  const ServerThread leader = any_of_process.other(process.idle.pop());
  process.leads = true;
  ++leader.service().leaders;
  leader.thread().phase = ThreadPhase::waking;
  leader.thread().paid = leader.cost(ServerPhase::spurious_wake);
  if (leader.run_outside(leader.thread().paid)) leader.go_on_later();
}

bool could_lead(const ProcessState& process) {
  return process.accepts() && !process.leads && !process.idle.empty();
}

// Where processes take turns: the next one that has an idle thread, if nobody leads.
void wake_next_in_turn(const ServerThread& any) {
  ServiceState& service = any.service();
  const LeaderFollowersSpec& server = server_of(any);
  for (std::uint32_t n = 0; n < server.processes && service.leaders == 0; ++n) {
    const std::uint32_t number = service.next_turn;
    const ProcessId id(server.first_process.index() + number);
    service.next_turn = (number + 1) % server.processes;
    if (could_lead(any.world.processes[id]))
      wake_leader(any.other(any.blueprint.processes[id].main));
  }
}

// Somebody has just accepted, or is not there to do it. epoll_wait() of the next one returns at
// once if connections are left.
void pass_turn(const ServerThread& thread) {
  if (thread.service().accept_queue.empty()) return;
  if (server_of(thread).one_leader) return wake_next_in_turn(thread);
  if (could_lead(thread.process())) wake_leader(thread);
}

void stop_leading(const ServerThread& thread) {
  if (std::exchange(thread.process().leads, false)) --thread.service().leaders;
}

// Until it is its turn.
bool follow(const ServerThread& thread) {
  thread.thread().paid = CpuTime(0);
  thread.process().idle.push(thread.id);
  thread.sleep(ThreadPhase::idle);
  return false;
}

// It has waited too long: a reply that says so is all that it gets.
void expire_in_queue(const ServerThread& thread) {
  const std::optional<Duration>& timeout = server_of(thread).queue_timeout;
  Request& request = thread.request();
  if (timeout && thread.now() - request.since > *timeout) request.reply = Outcome::error_504;
}

bool accept(const ServerThread& thread) {
  thread.open_connection();
  thread.take_up(thread.service().accept_queue.pop());
  expire_in_queue(thread);
  thread.thread().phase = ThreadPhase::receiving;
  pass_turn(thread);
  const CpuTime rest = thread.cost(ServerPhase::accept) - std::exchange(thread.thread().paid, {});
  return thread.run_outside(std::max(rest, CpuTime(0)));
}

bool is_anothers_turn(const ServerThread& thread) {
  return thread.process().leads || (server_of(thread).one_leader && thread.service().leaders > 0);
}

// Of a thread that has nothing to do.
bool take_next(const ServerThread& thread) {
  const bool finds_one = thread.process().accepts() && !thread.service().accept_queue.empty();
  return finds_one && !is_anothers_turn(thread) ? accept(thread) : follow(thread);
}

// Of the leader, which is awake: it may be too late.
bool try_accept(const ServerThread& leader) {
  stop_leading(leader);
  const bool finds_one = leader.process().accepts() && !leader.service().accept_queue.empty();
  if (finds_one) return accept(leader);
  follow(leader);
  pass_turn(leader);
  return false;
}

// --- Serving

bool begin_responding(const ServerThread& thread) {
  thread.thread().phase = ThreadPhase::responding;
  return thread.run_outside(thread.cost(ServerPhase::respond));
}

// Goes on with the application, or with the response after its last step.
bool go_on_with_steps(const ServerThread& thread) {
  return thread.steps_are_over() ? begin_responding(thread) : thread.begin_step();
}

bool begin_finishing(const ServerThread& thread) {
  thread.thread().phase = ThreadPhase::finishing;
  thread.reply(thread.request().reply);
  if (thread.run_outside(thread.cost(ServerPhase::finish))) thread.go_on_later();
  return false;
}

// What follows the phase that has just ended. True when the next one ends at once, too.
bool go_on(const ServerThread& thread) {
  ThreadState& state = thread.thread();
  switch (state.phase) {
    case ThreadPhase::waking:
      thread.ran(ServerPhase::spurious_wake);
      return try_accept(thread);
    case ThreadPhase::receiving:
      thread.ran(ServerPhase::accept);
      request_begins(thread);
      if (thread.request().failed()) return begin_responding(thread);
      state.phase = ThreadPhase::starting;
      return thread.run_server(thread.cost(ServerPhase::start));
    case ThreadPhase::starting:
      thread.ran(ServerPhase::start);
      return go_on_with_steps(thread);
    case ThreadPhase::computing:
    case ThreadPhase::sleeping:
      return go_on_with_steps(thread);
    case ThreadPhase::responding:
      thread.ran(ServerPhase::respond);
      return begin_finishing(thread);
    case ThreadPhase::finishing:
      thread.ran(ServerPhase::finish);
      thread.close_connection();
      request_is_over(thread);
      return take_next(thread);
    case ThreadPhase::booting:
      return begin_serving(thread.world, thread.blueprint, thread.spec().process) &&
             take_next(thread);
    default:
      COTENANT_ASSERT(false && "an idle thread has no phase to end");
      return false;
  }
}

void end_phase(const ServerThread& thread) {
  while (go_on(thread)) {
  }
}

void start_process(World& world, const Blueprint& blueprint, ProcessId id,
                   const LeaderFollowersSpec& server) {
  ProcessState& process = world.processes[id];
  process.gil = Gil(server.threads);
  process.idle = BoundedQueue<ThreadId>(server.threads);
  fill_pool(world, blueprint, id);
  begin_life(world, blueprint, id);
  if (begins_stopped(blueprint, id)) {
    process.phase = ProcessPhase::gone;
    world.threads[blueprint.processes[id].main].phase = ThreadPhase::gone;
  } else {
    process.idle.push(blueprint.processes[id].main);
  }
}

}  // namespace

void start_leader_followers(World& world, const Blueprint& blueprint, ServiceId id) {
  const auto& server = std::get<LeaderFollowersSpec>(blueprint.services[id].server);
  for (std::uint32_t p = 0; p < server.processes; ++p) {
    start_process(world, blueprint, ProcessId(server.first_process.index() + p), server);
  }
  if (server.cheaper) look_by(world, id, Instant());
}

// In the order of the processes, as epoll's callbacks are called in a fixed order; which of them
// gets a core first is the scheduler's business.
void wake_leaders(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  const auto& server = std::get<LeaderFollowersSpec>(blueprint.services[id].server);
  for (std::uint32_t p = 0; p < server.processes; ++p) {
    const ProcessId process(server.first_process.index() + p);
    const ServerThread thread{world, blueprint, blueprint.processes[process].main, effects};
    if (server.one_leader) return wake_next_in_turn(thread);
    if (could_lead(thread.process())) wake_leader(thread);
  }
}

bool accepts_for_itself(const Blueprint& blueprint, ProcessId process) {
  const ServiceSpec& service = blueprint.services[blueprint.processes[process].service];
  return std::holds_alternative<LeaderFollowersSpec>(service.server);
}

void pass_turn_on(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  const ServerThread thread{world, blueprint, blueprint.processes[id].main, effects};
  stop_leading(thread);
  pass_turn(thread);
}

void on_follower_ran(World& world, const Blueprint& blueprint, ThreadId id, const BurstTimes& burst,
                     Effects& effects) {
  if (!on_thread_ran(world, blueprint, id, burst, effects)) return;
  end_phase({world, blueprint, id, effects});
}

void on_follower_slept(World& world, const Blueprint& blueprint, ThreadId id, Effects& effects) {
  end_phase({world, blueprint, id, effects});
}

}  // namespace cotenant

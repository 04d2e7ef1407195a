// SPDX-License-Identifier: Apache-2.0
//
// One worker during one step of the simulation: a task that serves one request at a time. What all
// kinds of them need is here, the steps of the application above all; what else a worker does, and
// what it does when nothing is left of a request, is said by each kind. All inline: each kind gets
// one body of its own, which saves 2 % of the instructions of a request.
#pragma once

#include <utility>
#include <variant>

#include "models/blueprint.h"
#include "models/disk/file_io.h"
#include "models/effects.h"
#include "models/server/stay.h"
#include "models/service/calls.h"
#include "models/workload/workload.h"
#include "models/world.h"

namespace cotenant {

// Everything that its transitions need, looked up once.
template <class Server>
struct ActingWorker {
  ActingWorker(World& of, const Blueprint& plan, WorkerId worker_id, Effects& sink)
      : world(of),
        blueprint(plan),
        id(worker_id),
        effects(sink),
        worker(of.workers[worker_id]),
        spec(plan.workers[worker_id]),
        server(std::get<Server>(plan.services[spec.service].server)),
        service(of.services[spec.service]),
        now(of.events.now()) {}

  World& world;
  const Blueprint& blueprint;
  WorkerId id;
  Effects& effects;

  WorkerState& worker;
  const WorkerSpec& spec;
  const Server& server;
  ServiceState& service;
  Instant now;

  Request& request() { return world.requests[worker.request]; }
  const std::vector<StepSpec>& steps() { return blueprint.classes[request().request_class].steps; }
};

// The worker's request runs, or waits to run, from now on.
template <class Server>
void account_as(const ActingWorker<Server>& acting, Request& request, WaitState state) {
  if (!request.ended) enter(request, state, acting.now);
}

// Asks for CPU; true when there is nothing to wait for because the cost is zero.
template <class Server>
bool costs_nothing(ActingWorker<Server>& acting, CpuTime cost) {
  if (cost.is_zero()) return true;
  acting.effects.push(DemandCpu{acting.spec.task, cost});
  return false;
}

// A worker to whom requests cost nothing may empty a whole queue at one instant. It goes on when
// what it has told others has been delivered, so that effects do not pile up.
template <class Server>
void go_on_later(ActingWorker<Server>& acting) {
  acting.effects.push(WorkDone{acting.spec.task});
}

// Takes up a request, which has not begun.
template <class Server>
void take_up(ActingWorker<Server>& acting, RequestId id, WorkerPhase phase) {
  acting.worker.request = id;
  acting.worker.phase = phase;
  acting.worker.step = 0;
  acting.request().task = acting.spec.task;
  account_as(acting, acting.request(), WaitState::server_cpu);
}

// What the worker has computed goes to the account of its request.
template <class Server>
void book_burst(ActingWorker<Server>& acting, const BurstTimes& burst) {
  if (acting.worker.request.is_none()) return;
  Request& request = acting.request();
  if (!request.ended) book_burst(request, burst, acting.now);
}

// Nothing is left to do for the request: it has failed, or that was the last step.
template <class Server>
bool steps_are_over(ActingWorker<Server>& acting) {
  const std::vector<StepSpec>& steps = acting.steps();
  pass_errors(acting.world, steps, acting.request(), acting.worker.step);
  return acting.worker.step == steps.size();
}

// What comes next is a CPU step.
template <class Server>
bool computes_next(ActingWorker<Server>& acting) {
  return !steps_are_over(acting) && acting.steps()[acting.worker.step].kind == StepSpec::Kind::cpu;
}

// What that work takes where the worker runs.
template <class Server>
CpuTime beside_neighbors(const ActingWorker<Server>& acting, CpuTime work) {
  return beside_neighbors(acting.world, acting.blueprint, acting.spec.task, work);
}

// Of the next step, which has one and begins.
template <class Server>
Duration take_demand(ActingWorker<Server>& acting, const Request& request) {
  return demand_of(acting.world, acting.blueprint, request, acting.worker.step++);
}

// Until so much time has passed. True when none has to.
template <class Server>
bool wait_for(ActingWorker<Server>& acting, Duration time, WaitState state) {
  acting.worker.phase = WorkerPhase::waiting;
  account_as(acting, acting.request(), state);
  if (time.is_zero()) return true;
  acting.world.events.schedule(acting.world.slot(acting.id), acting.now + time,
                               order(Phase::server), {EventKind::wait_done, acting.id.index()});
  return false;
}

// The disk does it, or there is nothing to do for it.
template <class Server>
bool wait_for_disk(ActingWorker<Server>& acting) {
  acting.worker.phase = WorkerPhase::waiting;
  return begin_file_io(acting.world, acting.blueprint, acting.worker.request, acting.worker.step++);
}

// Of other services, of the client, or of the disk.
template <class Server>
bool wait_for_others(ActingWorker<Server>& acting, const StepSpec& step) {
  const RequestId id = acting.worker.request;
  if (step.kind == StepSpec::Kind::file) return wait_for_disk(acting);
  ++acting.worker.step;
  if (step.kind != StepSpec::Kind::call) {
    const Duration time = time_of_step(acting.world, acting.blueprint, id, step.kind);
    return wait_for(acting, time, state_of_step(step.kind));
  }
  acting.worker.phase = WorkerPhase::waiting;
  begin_calls(acting.world, acting.blueprint, id, step, acting.effects);
  return false;
}

// It goes on, or waits for the kernel to kill it.
template <class Server>
bool survives(ActingWorker<Server>& acting, bool has_room) {
  if (!has_room) acting.worker.phase = WorkerPhase::waiting;
  return has_room;
}

template <class Server>
bool takes_memory(ActingWorker<Server>& acting) {
  acting.worker.phase = WorkerPhase::waiting;
  account_as(acting, acting.request(), WaitState::cpu);
  return take_memory(acting.world, acting.blueprint, acting.spec.resident, acting.worker.request,
                     acting.worker.step++) == MemoryStep::done;
}

template <class Server>
bool makes_objects(ActingWorker<Server>& acting) {
  acting.worker.phase = WorkerPhase::computing;
  account_as(acting, acting.request(), WaitState::gc);
  ++acting.worker.step;
  return costs_nothing(acting, make_objects(acting.world, acting.spec.heap, acting.worker.request));
}

// Starts the next step of the application. True when it is over at once.
template <class Server>
bool begin_step(ActingWorker<Server>& acting) {
  WorkerState& worker = acting.worker;
  Request& request = acting.request();
  const StepSpec& step = acting.steps()[worker.step];
  if (step.kind >= StepSpec::Kind::call) return wait_for_others(acting, step);
  if (step.kind == StepSpec::Kind::memory) return takes_memory(acting);
  if (step.kind == StepSpec::Kind::objects) return makes_objects(acting);
  const Duration demand = take_demand(acting, request);
  if (step.kind == StepSpec::Kind::cpu) {
    worker.phase = WorkerPhase::computing;
    account_as(acting, request, WaitState::cpu);
    return costs_nothing(acting, beside_neighbors(acting, CpuTime(demand.count())));
  }
  return wait_for(acting, demand, WaitState::wait);
}

// The worker's request leaves the server.
template <class Server>
void leave(ActingWorker<Server>& acting, Outcome outcome) {
  const RequestId id = std::exchange(acting.worker.request, RequestId::none());
  close_connection(acting.world, acting.world.requests[id]);
  leave_server(acting.world, acting.service, id, outcome, acting.effects);
}

// What it computes or waits for is taken from it. Its request has left before, so that its account
// is closed.
template <class Server>
void interrupt(ActingWorker<Server>& acting) {
  if (acting.worker.phase == WorkerPhase::waiting) {
    acting.world.events.cancel(acting.world.slot(acting.id));
  } else {
    acting.effects.push(WithdrawCpu{acting.spec.task});
  }
}

// --- Of servers with work of their own

template <class Server>
CpuTime phase_cost(const ActingWorker<Server>& acting, ServerPhase phase, Duration in = {}) {
  return beside_neighbors(
      acting, acting.server.overhead.cost(phase, acting.worker.code.since(phase, acting.now + in)));
}

template <class Server>
void ran(ActingWorker<Server>& acting, ServerPhase phase) {
  acting.worker.code.ran(phase, acting.now);
}

template <class Server>
bool begin_responding(ActingWorker<Server>& acting) {
  acting.worker.phase = WorkerPhase::responding;
  account_as(acting, acting.request(), WaitState::server_cpu);
  return costs_nothing(acting, phase_cost(acting, ServerPhase::respond));
}

// The next step, which computes, in one burst with what the server's code costs `before` it, and
// with the response if it is the last one. What that costs is known as if the worker ran all the
// time.
template <class Server>
bool begin_computing(ActingWorker<Server>& acting, CpuTime before) {
  Request& request = acting.request();
  account_as(acting, request, WaitState::cpu);
  const Duration demand = take_demand(acting, request);
  const CpuTime application = beside_neighbors(acting, CpuTime(demand.count()));
  request.burst = {Duration(before.count()), Duration(application.count())};
  CpuTime work = before + application;
  acting.worker.phase = WorkerPhase::computing;
  if (steps_are_over(acting)) {
    acting.worker.phase = WorkerPhase::responding;
    work += phase_cost(acting, ServerPhase::respond, Duration(work.count()));
  }
  return costs_nothing(acting, work);
}

// Goes on with the application, or with the response after its last step.
template <class Server>
bool go_on_with_steps(ActingWorker<Server>& acting) {
  if (steps_are_over(acting)) return begin_responding(acting);
  const bool computes = acting.steps()[acting.worker.step].kind == StepSpec::Kind::cpu;
  return computes ? begin_computing(acting, CpuTime(0)) : begin_step(acting);
}

template <class Server>
bool begin_finishing(ActingWorker<Server>& acting) {
  leave(acting, acting.request().reply);
  ++acting.service.served;
  acting.worker.phase = WorkerPhase::finishing;
  if (!costs_nothing(acting, phase_cost(acting, ServerPhase::finish))) return false;
  go_on_later(acting);
  return false;
}

}  // namespace cotenant

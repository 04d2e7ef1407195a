// SPDX-License-Identifier: Apache-2.0
#include "models/server/server_thread.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "models/disk/file_io.h"
#include "models/python/thread.h"
#include "models/server/parking.h"
#include "models/server/process.h"
#include "models/server/stay.h"
#include "models/service/calls.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

CpuTime call_in(const ServerThread& thread, CpuTime phase, CpuTime call) {
  return thread.shares_lock() ? std::min(phase, call) : CpuTime(0);
}

// Event loops first: they ask most often.
const OverheadSpec& overhead_of(const ServiceSpec& spec) {
  const auto* loop = std::get_if<LoopSpec>(&spec.server);
  return loop != nullptr ? loop->overhead : *spec.overhead();
}

}  // namespace

void ServerThread::take_up(RequestId request) const {
  thread().python.request = request;
  world.requests[request].task = spec().task;
}

void ServerThread::put_down(WaitState waits_for) const {
  if (!request().ended) enter(request(), waits_for, now());
  thread().python.request = RequestId::none();
}

CpuTime ServerThread::cost(ServerPhase phase, Duration in) const {
  const OverheadSpec& overhead = overhead_of(service_spec());
  if (overhead[phase].is_constant()) return beside_neighbors(overhead[phase].hot);
  return beside_neighbors(overhead.cost(phase, process().code.since(phase, now() + in)));
}

CpuTime ServerThread::beside_neighbors(CpuTime work) const {
  return cotenant::beside_neighbors(world, blueprint, spec().task, work);
}

void ServerThread::ran(ServerPhase phase) const { process().code.ran(phase, now()); }

bool ServerThread::run_server(CpuTime cost) const {
  return compute(world, blueprint, id, cost, WaitState::server_cpu, effects);
}

bool ServerThread::run_outside(CpuTime cost) const {
  return compute_outside(world, blueprint, id, cost, WaitState::server_cpu, effects);
}

bool ServerThread::shares_lock() const {
  return process_spec().gil.has_value() && !process_spec().one_thread;
}

bool ServerThread::may_lose_lock() const {
  return shares_lock() && cotenant::may_lose_lock(world, blueprint, id);
}

bool ServerThread::call_system(CpuTime cost, CpuTime call) const {
  thread().paid = call_in(*this, cost, call);
  return thread().paid.is_zero() ? run_server(CpuTime(0)) : run_outside(thread().paid);
}

bool ServerThread::receive(CpuTime cost) const { return call_system(cost, kReceiveCall); }

bool ServerThread::send(CpuTime cost) const { return call_system(cost, kSendCall); }

bool ServerThread::run_after_receiving(ServerPhase phase) const {
  return run_server(std::max(cost(phase) - std::exchange(thread().paid, CpuTime(0)), CpuTime(0)));
}

bool ServerThread::run_before_sending(ServerPhase phase, SystemCalls calls) const {
  const CpuTime whole = cost(phase);
  return run_with_calls(whole - call_in(*this, whole, kSendCall), calls);
}

bool ServerThread::run_with_calls(CpuTime cost, SystemCalls calls) const {
  if (calls.count == 0 || !may_lose_lock()) return run_server(cost);
  calls.each = std::min(calls.each, CpuTime(cost.count() / calls.count));
  if (calls.each.is_zero()) return run_server(cost);
  thread().calls = calls;
  return run_server(cost - CpuTime(calls.each.count() * calls.count));
}

// The thread has come back from a call if it is outside of the lock, and takes that.
bool ServerThread::go_on_with_calls() const {
  SystemCalls& calls = thread().calls;
  if (!thread().python.outside) {
    return call_kernel(world, blueprint, id, calls.each, WaitState::server_cpu, effects);
  }
  --calls.count;
  return run_server(CpuTime(0));
}

bool ServerThread::compute_step(const StepSpec& step, CpuTime work) const {
  thread().phase = ThreadPhase::computing;
  const auto run = step.gil ? compute : call_kernel;
  return run(world, blueprint, id, work, WaitState::cpu, effects);
}

bool ServerThread::compute_and_respond(CpuTime work) const {
  const Duration application(work.count());
  thread().phase = ThreadPhase::sending;
  request().burst.application = application;
  return compute(world, blueprint, id, work + cost(ServerPhase::respond, application),
                 WaitState::cpu, effects);
}

bool ServerThread::steps_are_over() const {
  const auto& steps = request_class().steps;
  pass_errors(world, steps, request(), request().step);
  return request().step == steps.size();
}

bool ServerThread::begin_step() const {
  const StepSpec& step = request_class().steps[request().step];
  if (step.kind == StepSpec::Kind::call) {
    ++request().step;
    return call_with_request(step);
  }
  if (step.kind == StepSpec::Kind::crash) return survives_step();
  if (step.kind == StepSpec::Kind::file) return use_file();
  if (step.kind == StepSpec::Kind::memory) return takes_memory();
  if (step.kind == StepSpec::Kind::objects) return makes_objects();
  if (step.kind > StepSpec::Kind::call) return wait_for_client(step.kind);
  const Duration demand = demand_of(world, blueprint, request(), request().step++);
  if (step.kind != StepSpec::Kind::cpu) return sleep_with_request(demand);
  return compute_step(step, beside_neighbors(CpuTime(demand.count())));
}

void ServerThread::sleep(ThreadPhase phase) const {
  thread().phase = phase;
  block(world, blueprint, id, effects);
}

bool ServerThread::wait_for_client(StepSpec::Kind kind) const {
  const RequestId served = thread().python.request;
  ++request().step;
  return sleep_with_request(time_of_step(world, blueprint, served, kind), state_of_step(kind));
}

bool ServerThread::sleep_with_request(Duration time, WaitState state) const {
  thread().phase = ThreadPhase::sleeping;
  if (time.is_zero()) return true;
  if (!request().ended) enter(request(), state, now());
  sleep(ThreadPhase::sleeping);
  world.events.schedule(world.slot(id), now() + time, order(Phase::server),
                        {EventKind::thread_slept, id.index()});
  return false;
}

bool ServerThread::survives_step() const {
  thread().phase = ThreadPhase::computing;
  if (!strikes(world, request_class().steps, request(), request().step++)) return true;
  crash(world, spec().process);
  stop_for_good();
  return false;
}

bool ServerThread::takes_memory() const {
  const RequestId served = thread().python.request;
  thread().phase = ThreadPhase::computing;
  switch (take_memory(world, blueprint, process_spec().resident, served, request().step++)) {
    case MemoryStep::done:
      return true;
    case MemoryStep::waits:
      sleep(ThreadPhase::sleeping);
      return false;
    case MemoryStep::dies:
      stop_for_good();
      break;
  }
  return false;
}

bool ServerThread::makes_objects() const {
  ++request().step;
  thread().phase = ThreadPhase::computing;
  const CpuTime pause = make_objects(world, process_spec().heap, thread().python.request);
  return pause.is_zero() || compute(world, blueprint, id, pause, WaitState::gc, effects);
}

void ServerThread::stop_for_good() const {
  if (!request().ended) enter(request(), WaitState::cpu, now());
  sleep(ThreadPhase::sleeping);
}

bool ServerThread::call_with_request(const StepSpec& step) const {
  begin_calls(world, blueprint, thread().python.request, step, effects);
  sleep(ThreadPhase::sleeping);
  return false;
}

// Python drops its lock around the system call. An event loop does nothing else meanwhile: there is
// no asynchronous way to use a file.
bool ServerThread::use_file() const {
  const RequestId served = thread().python.request;
  thread().phase = ThreadPhase::sleeping;
  if (begin_file_io(world, blueprint, served, request().step++)) return true;
  sleep(ThreadPhase::sleeping);
  return false;
}

void ServerThread::accept() const {
  take_up(service().accept_queue.pop());
  const ConnectionId connection = request().connection;
  if (!connection.is_none()) world.connections[connection].process = spec().process;
}

void ServerThread::open_connection() const {
  ++process().connections;
  occupy_connection(world, blueprint, process_spec().resident);
}

void ServerThread::close_connection() const {
  --process().connections;
  release_connection(world, blueprint, process_spec().resident);
}

bool ServerThread::reply(Outcome outcome) const {
  const RequestId answered = std::exchange(thread().python.request, RequestId::none());
  const ConnectionId connection = world.requests[answered].connection;
  const bool stays = !connection.is_none() && keep_or_close(*this, connection, outcome);
  if (outcome != Outcome::rejected_503 && outcome != Outcome::reset) ++service().served;
  leave_server(world, service(), answered, outcome, effects);
  return stays;
}

void ServerThread::go_on_later() const { effects.push(WorkDone{spec().task}); }

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// One thread of a server during one step of the simulation: what the transitions of all kinds of
// servers with threads need. What the phases are and which follows which is said by each kind.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// System calls of a server in Python, with the time for which each drops the lock, besides what
// waking a waiter takes: measured with CPython 3.11 on loopback connections while nobody waited, on
// a machine half as fast as that of the presets, and halved (docs/models/gthread.md, "System
// calls").
inline constexpr CpuTime kReceiveCall{5'500};
inline constexpr CpuTime kSendCall{18'500};  // wakes the client
inline constexpr SystemCalls kSendHeaders{1, kSendCall};
inline constexpr SystemCalls kAccept{1, CpuTime(9'500)};  // also in vain
// asyncio, between accept() and the request: setblocking(), getsockname() twice, getpeername(),
// epoll_ctl() and a look. A mean.
inline constexpr SystemCalls kConnect{6, CpuTime(2'800)};
inline constexpr SystemCalls kClose{1, CpuTime(9'500)};

struct ServerThread {
  World& world;
  const Blueprint& blueprint;
  ThreadId id;
  Effects& effects;

  // Looks up once what a step asks for many times: these tables do not grow in a run.
  ServerThread(World& in, const Blueprint& of, ThreadId thread, Effects& told)
      : world(in),
        blueprint(of),
        id(thread),
        effects(told),
        thread_(in.threads[thread]),
        spec_(of.threads[thread]),
        process_(in.processes[spec_.process]),
        process_spec_(of.processes[spec_.process]),
        service_(in.services[process_spec_.service]),
        service_spec_(of.services[process_spec_.service]) {}

  ThreadState& thread() const { return thread_; }
  const ThreadSpec& spec() const { return spec_; }
  ProcessState& process() const { return process_; }
  const ProcessSpec& process_spec() const { return process_spec_; }
  ServiceState& service() const { return service_; }
  const ServiceSpec& service_spec() const { return service_spec_; }
  Instant now() const { return world.events.now(); }
  ServerThread other(ThreadId thread) const { return {world, blueprint, thread, effects}; }
  ServerThread main() const { return other(process_spec().main); }

  // The connection that waits longest in the accept queue, which stays with this process for good.
  void accept() const;

  // The process counts it among those that it holds, or does so no longer.
  void open_connection() const;
  void close_connection() const;

  // The request that it works on.
  Request& request() const { return world.requests[thread().python.request]; }
  const ClassSpec& request_class() const { return blueprint.classes[request().request_class]; }
  void take_up(RequestId request) const;
  // It leaves that for something else, and the request waits for that.
  void put_down(WaitState waits_for) const;

  // What the code of a phase costs in a moment, and that it has run.
  CpuTime cost(ServerPhase phase, Duration in = {}) const;
  void ran(ServerPhase phase) const;
  // What that work takes where the thread runs.
  CpuTime beside_neighbors(CpuTime work) const;

  // The thread computes. True when there is nothing to wait for.
  bool run_server(CpuTime cost) const;
  bool run_outside(CpuTime cost) const;  // of Python's lock
  // Another thread may take Python's lock when this one drops it.
  bool shares_lock() const;
  bool may_lose_lock() const;
  // A system call that begins or ends a phase which costs this: the lock is free meanwhile. Nobody
  // notices that where it is not shared: then it costs nothing, and the rest of the phase all.
  bool receive(CpuTime cost) const;
  bool send(CpuTime cost) const;
  // The rest of such a phase, after or before the call.
  bool run_after_receiving(ServerPhase phase) const;
  bool run_before_sending(ServerPhase phase, SystemCalls calls = {}) const;
  // System calls that are a part of what the server does for this. They lose the lock only to a
  // thread that waits for it and may run meanwhile; when there is none, nobody notices them.
  bool run_with_calls(CpuTime cost, SystemCalls calls) const;
  // The phase that is over has such calls left; they are made.
  bool has_calls_left() const { return thread().calls.count > 0; }
  bool go_on_with_calls() const;
  // A cpu step of the application.
  bool compute_step(const StepSpec& step, CpuTime work) const;
  // The last one and the response, in one burst, where the lock is not shared. What the response
  // costs is known as if the thread ran all the time.
  bool compute_and_respond(CpuTime work) const;

  // Nothing is left to do for the request: it has failed, or that was the last step.
  bool steps_are_over() const;
  // Starts the next step of the application. True when it is over at once.
  bool begin_step() const;

  // The thread sleeps: until it is woken, or while its request waits.
  void sleep(ThreadPhase phase) const;
  bool sleep_with_request(Duration time, WaitState state = WaitState::wait) const;
  bool wait_for_client(StepSpec::Kind kind) const;
  bool call_with_request(const StepSpec& step) const;
  bool use_file() const;
  // Passes a crash step. False when the thread has stopped for good, and its process soon will.
  bool survives_step() const;
  // Passes a step that takes memory. The same when the process is killed for it.
  bool takes_memory() const;
  // Makes the objects of the request. True when nothing has to be collected.
  bool makes_objects() const;
  void stop_for_good() const;

  // The reply leaves the server: the client has it, unless it gave up before. True when both keep
  // the connection.
  bool reply(Outcome outcome) const;
  // Threads to which requests cost nothing may empty a whole queue at one instant. They go on when
  // what they have told others has been delivered, so that effects do not pile up.
  void go_on_later() const;

 private:
  bool call_system(CpuTime cost, CpuTime call) const;

  ThreadState& thread_;
  const ThreadSpec& spec_;
  ProcessState& process_;
  const ProcessSpec& process_spec_;
  ServiceState& service_;
  const ServiceSpec& service_spec_;
};

}  // namespace cotenant

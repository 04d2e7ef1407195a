// SPDX-License-Identifier: Apache-2.0
#include "models/server/loop_server.h"

#include <variant>

#include "models/python/thread.h"
#include "models/server/hub.h"
#include "models/server/listening.h"
#include "models/server/loop_life.h"
#include "models/server/loop_pool.h"
#include "models/server/parking.h"
#include "models/server/process.h"
#include "models/server/sockets.h"
#include "models/service/calls.h"
#include "models/service/tunnels.h"
#include "models/workload/transfers.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

using Kind = Callback::Kind;

EventLoop& loop_of(const ServerThread& thread) { return *thread.process().loop; }

bool is_asleep(const ServerThread& loop) { return loop.thread().phase == ThreadPhase::selecting; }

bool begin_callback(const ServerThread& loop, const Callback& callback);

bool listens(const ServerThread& loop) {
  return loop.process().accepts() && has_greenlet(loop) && !loop.process().is_deaf;
}

bool connections_wait(const ServerThread& loop) {
  return !loop.service().accept_queue.empty() && listens(loop);
}

// The callback of the request is over; what follows for it is another one, which mostly nothing
// comes before.
bool continue_with(const ServerThread& loop, Kind next) {
  const RequestId id = loop.thread().python.request;
  if (loop_of(loop).has_nothing_else(connections_wait(loop))) {
    loop_of(loop).run_at_once({next, id});
    return begin_callback(loop, {next, id});
  }
  loop.put_down(WaitState::event_loop);
  loop_of(loop).go_on_with({next, id});
  loop.thread().phase = ThreadPhase::returning;
  return true;
}

// The same, and others come first.
bool continue_later_with(const ServerThread& loop, Kind next) {
  const RequestId id = loop.thread().python.request;
  loop.put_down(WaitState::event_loop);
  loop_of(loop).call_soon({next, id});
  loop.thread().phase = ThreadPhase::returning;
  return true;
}

// The callback of the request is over; the loop is told when there is another one.
bool leave_alone(const ServerThread& loop, WaitState waits_for) {
  loop.put_down(waits_for);
  loop.thread().phase = ThreadPhase::returning;
  return true;
}

// Until time has passed, or something outside has happened.
bool begin_waiting(const ServerThread& loop, EventKind kind, Duration time,
                   WaitState waits_for = WaitState::wait) {
  const RequestId id = loop.thread().python.request;
  loop.request().wait =
      loop.world.events.start_timer(loop.now() + time, order(Phase::server), {kind, id.index()});
  return leave_alone(loop, waits_for);
}

bool run_phase(const ServerThread& loop, ThreadPhase phase, ServerPhase server_phase) {
  loop.thread().phase = phase;
  return loop.run_server(loop.cost(server_phase));
}

// --- Connections

bool is_proxy(const ServerThread& loop) {
  return std::get<LoopSpec>(loop.service_spec().server).proxy.has_value();
}

// The kernel says that there is none left. What that costs is a part of what accepting costs, but
// where it may lose the lock it is made on its own.
bool accept_in_vain(const ServerThread& loop) {
  return !loop.may_lose_lock() || loop.run_with_calls(kAccept.each, kAccept);
}

// accept() until nobody waits any more, those included who come meanwhile. A hub has its limits.
// Python asks the kernel until that says that there is none, and nginx for those that are there;
// the kernel looks for a descriptor first.
bool accept_next(const ServerThread& loop) {
  const bool any = !loop.service().accept_queue.empty();
  const bool asks = may_accept_more(loop) && (any || !is_proxy(loop));
  if (asks && !has_descriptor(loop)) return fail_to_accept(loop);
  if (!asks || !any) {
    loop.thread().phase = ThreadPhase::returning;
    return !asks || accept_in_vain(loop);
  }
  loop.accept();
  take_descriptor(loop);
  if (is_proxy(loop)) {
    open_socket(loop.world, loop.blueprint, loop.spec().process, loop.thread().python.request);
  }
  loop.thread().phase = ThreadPhase::accepting;
  return loop.run_with_calls(loop.cost(ServerPhase::accept), kAccept);
}

// A proxy that has no more connections accepts all the same, and closes at once
// (ngx_event_accept.c).
bool has_no_room(const ServerThread& loop) {
  if (!is_proxy(loop) || loop.request().ended) return false;
  return loop.world.calls[loop.thread().python.request].sockets == 0;
}

bool turn_away(const ServerThread& loop) {
  loop.thread().phase = ThreadPhase::returning;
  loop.reply(Outcome::reset);
  loop.go_on_later();
  return false;
}

// asyncio makes a protocol for the connection. A hub gives it a greenlet, which reads at once.
bool take_in(const ServerThread& loop) {
  if (!loop.process().loop->is_hub()) return continue_later_with(loop, Kind::connect);
  loop.open_connection();
  ++loop_of(loop).accepted;
  return continue_later_with(loop, Kind::receive);
}

// A proxy may have what is asked for.
bool sends_file(const ServerThread& loop) { return is_proxy(loop) && loop.request_class().is_file; }

ServerPhase first_phase(const ServerThread& loop) {
  return sends_file(loop) ? ServerPhase::file : ServerPhase::start;
}

// The request is already there: the next look will find that.
bool add_reader(const ServerThread& loop) {
  loop.open_connection();
  loop_of(loop).io_ready({Kind::receive, loop.thread().python.request});
  return leave_alone(loop, WaitState::event_loop);
}

// The connection was closed while the request was on its way: its client is told.
bool drop(const ServerThread& loop, RequestId id) {
  loop.take_up(id);
  loop.thread().phase = ThreadPhase::returning;
  loop.reply(Outcome::reset);
  loop.go_on_later();
  return false;
}

// A request can be read; or the connection was closed before the loop got to that.
bool receive(const ServerThread& loop, RequestId id) {
  const ConnectionId connection = loop.world.requests[id].connection;
  if (!connection.is_none()) {
    const Connection& row = loop.world.connections[connection];
    if (!row.at_server) return drop(loop, id);
    if (row.idle) {
      loop.world.connections.unpark(connection, list_of(loop.process(), row));
      if (is_proxy(loop)) hold_socket(loop.world, loop.spec().process, id);
    }
  }
  loop.take_up(id);
  if (!loop.shares_lock()) return run_phase(loop, ThreadPhase::starting, first_phase(loop));
  loop.thread().phase = ThreadPhase::receiving;
  return loop.receive(loop.cost(ServerPhase::start));
}

// The headers say how large it is.
bool is_too_large(const ServerThread& loop, const ProxySpec& proxy) {
  if (proxy.largest_request.is_zero() || !loop.world.transfers.in_use()) return false;
  return loop.world.transfers[loop.thread().python.request].request > proxy.largest_request;
}

// Requests, and WebSockets on which none is.
std::uint32_t connections_in_use(const ServerThread& loop) {
  const auto& server = std::get<LoopSpec>(loop.service_spec().server);
  std::uint32_t count = loop.service().in_service;
  for (std::uint32_t p = 0; p < server.processes; ++p) {
    count += loop.world.processes[ProcessId(server.first_process.index() + p)].websockets.size;
  }
  return count;
}

// A proxy's limits. Requests that it holds back wait for a timer. Messages are not requests to it.
bool admit_to_proxy(const ServerThread& loop, const ProxySpec& proxy) {
  ++loop_of(loop).tasks;
  if (is_message(loop.world, loop.thread().python.request)) return continue_with(loop, Kind::run);
  if (is_too_large(loop, proxy)) {
    loop.request().reply = Outcome::rejected_413;
    return continue_with(loop, Kind::run);
  }
  if (proxy.limit_connections && connections_in_use(loop) > *proxy.limit_connections) {
    return continue_with(loop, Kind::reject);
  }
  if (!proxy.rate_limit) return continue_with(loop, Kind::run);
  const auto delay = loop.service().request_limit.admit(*proxy.rate_limit, loop.now());
  if (!delay) return continue_with(loop, Kind::reject);
  if (delay->is_zero()) return continue_with(loop, Kind::run);
  return begin_waiting(loop, EventKind::loop_timer, *delay, WaitState::rate_limit);
}

// uvicorn hands a WebSocket over to another protocol before it looks at its limit (h11_impl.py,
// handle_websocket_upgrade).
bool is_on_websocket(const ServerThread& loop) {
  const ConnectionId connection = loop.request().connection;
  return !connection.is_none() && loop.world.connections[connection].is_websocket();
}

// The request has been read. The connection counts itself, the task does not yet.
bool admit(const ServerThread& loop) {
  const auto& proxy = std::get<LoopSpec>(loop.service_spec().server).proxy;
  if (proxy) return admit_to_proxy(loop, *proxy);
  EventLoop& queue = loop_of(loop);
  const std::optional<std::uint32_t>& limit = loop.service_spec().limit_concurrency;
  const bool full = limit && (loop.process().connections >= *limit || queue.tasks >= *limit);
  ++queue.tasks;
  count_read(loop);
  return continue_with(loop, full && !is_on_websocket(loop) ? Kind::reject : Kind::run);
}

// All of it was done when the file was.
bool send_file(const ServerThread& loop) {
  loop.thread().phase = ThreadPhase::sending;
  return loop.run_server(CpuTime(0));
}

bool begin_responding(const ServerThread& loop) {
  if (sends_file(loop)) return send_file(loop);
  loop.thread().phase = ThreadPhase::responding;
  return loop.run_before_sending(ServerPhase::respond, kSendHeaders);
}

bool end_sending(const ServerThread& loop) {
  if (!sends_file(loop)) loop.ran(ServerPhase::respond);
  EventLoop& queue = loop_of(loop);
  loop.thread().paid = CpuTime(0);
  loop.thread().phase = ThreadPhase::returning;
  if (is_proxy(loop)) close_sockets(loop.world, loop.blueprint, loop.thread().python.request);
  const bool stays = loop.reply(queue.running().kind == Kind::reject ? Outcome::rejected_503
                                                                     : loop.request().reply);
  queue.go_on_with({stays ? Kind::keep : Kind::close, RequestId::none()});
  count_reply(loop);
  loop.go_on_later();
  return false;
}

// Nobody takes the lock during send() where it is not shared.
bool begin_sending(const ServerThread& loop) {
  if (!loop.shares_lock()) return end_sending(loop);
  loop.thread().phase = ThreadPhase::sending;
  return loop.send(loop.cost(ServerPhase::respond));
}

bool finish_keeping(const ServerThread& loop) {
  --loop_of(loop).tasks;
  loop.thread().phase = ThreadPhase::returning;
  return true;
}

bool finish_closing(const ServerThread& loop) {
  loop.close_connection();
  loop.world.connections.free_descriptor(loop.process_spec().descriptors);
  look_whether_over(loop);
  loop.thread().phase = ThreadPhase::returning;
  return true;
}

// The loop was told that it might close the connection. Meanwhile a request may have come: that is
// read if the loop has seen it, and lost otherwise.
bool close_idle(const ServerThread& loop, ConnectionId id) {
  Connections& connections = loop.world.connections;
  const Connection& connection = connections[id];
  const bool unwanted = connection.keeper.is_none() || !loop.process().accepts() ||
                        (connection.idle && has_expired(loop, id));
  if (!connection.idle || !unwanted) {
    connections.end_closing(id);
    loop.thread().phase = ThreadPhase::returning;
    return true;
  }
  close_kept(loop.world, loop.process(), id);
  connections.end_closing(id);
  loop.thread().phase = ThreadPhase::closing;
  return loop.run_server(cost_of_closing(loop));
}

// A ping is sent and answered, or the other way round: a frame to read and one to write cost what
// reading a request does, assumed. The row of the connection may be gone before that is over.
bool ping(const ServerThread& loop, const Callback& callback) {
  const ConnectionId id = callback.connection;
  loop.thread().phase = ThreadPhase::returning;
  if (!loop.world.connections[id].at_server) {
    loop.world.connections.end_ping(id);
    return true;
  }
  refresh_tunnel(loop.world, id);
  const bool is_own = callback.kind == Kind::ping;
  is_own ? ping_later(loop, id) : loop.effects.push(Pong{id});
  if (loop.run_server(loop.cost(ServerPhase::start))) loop.go_on_later();
  return false;
}

// --- The application

bool begin_calling(const ServerThread& loop, const StepSpec& step) {
  const RequestId id = loop.thread().python.request;
  leave_alone(loop, WaitState::downstream);
  begin_calls(loop.world, loop.blueprint, id, step, loop.effects);
  loop.go_on_later();
  return false;
}

// A hub may be asked to end while the application computes, and not while it responds.
bool begin_computing(const ServerThread& loop, const StepSpec& step, CpuTime work) {
  const bool may_respond = !loop_of(loop).is_hub() && !loop.shares_lock() && !sends_file(loop);
  const bool responds_at_once = may_respond && loop.steps_are_over();
  return responds_at_once ? loop.compute_and_respond(work) : loop.compute_step(step, work);
}

bool wait_for_client(const ServerThread& loop, StepSpec::Kind kind) {
  ++loop.request().step;
  const RequestId id = loop.thread().python.request;
  const Duration time = time_of_step(loop.world, loop.blueprint, id, kind);
  if (time.is_zero()) return continue_with(loop, Kind::run);
  return begin_waiting(loop, EventKind::loop_io, time, state_of_step(kind));
}

// Goes on with the application's next step, or with the response after the last one.
bool begin_step(const ServerThread& loop) {
  if (loop.steps_are_over()) return begin_responding(loop);
  Request& request = loop.request();
  const StepSpec& step = loop.request_class().steps[request.step];
  if (step.kind == StepSpec::Kind::file) return loop.use_file();
  if (step.kind > StepSpec::Kind::call) return wait_for_client(loop, step.kind);
  if (step.kind == StepSpec::Kind::call) {
    ++request.step;
    return step.blocking ? loop.call_with_request(step) : begin_calling(loop, step);
  }
  if (step.kind == StepSpec::Kind::crash) return loop.survives_step();
  if (step.kind == StepSpec::Kind::memory) return loop.takes_memory();
  if (step.kind == StepSpec::Kind::objects) return loop.makes_objects();
  const Duration demand = demand_of(loop.world, loop.blueprint, request, request.step++);
  if (step.kind == StepSpec::Kind::cpu)
    return begin_computing(loop, step, loop.beside_neighbors(CpuTime(demand.count())));
  if (step.blocking) return loop.sleep_with_request(demand);
  if (step.kind == StepSpec::Kind::wait) return begin_waiting(loop, EventKind::loop_io, demand);
  // asyncio.sleep(0) and gevent.sleep(0) set no timer: they let others run.
  if (demand.is_zero()) return continue_later_with(loop, Kind::run);
  return begin_waiting(loop, EventKind::loop_timer, demand);
}

// A handler that is not asynchronous needs one of the threads of the pool.
bool begin_call(const ServerThread& loop) {
  EventLoop& queue = loop_of(loop);
  if (queue.calls == std::get<LoopSpec>(loop.service_spec().server).threads) {
    loop.process().queue.push_growing(loop.thread().python.request);
    return leave_alone(loop, WaitState::process_queue);
  }
  ++queue.calls;
  return run_phase(loop, ThreadPhase::handing_over, ServerPhase::hand_over);
}

bool hand_over(const ServerThread& loop) {
  const RequestId id = loop.thread().python.request;
  leave_alone(loop, WaitState::event_loop);
  begin_loop_call(loop.other(loop.process().idle.pop()), id);
  return true;
}

// The thread is free again: for who has waited longest, whose task runs in the next iteration.
void end_call(const ServerThread& loop) {
  EventLoop& queue = loop_of(loop);
  if (loop.process().queue.empty()) {
    --queue.calls;
    return;
  }
  const RequestId id = loop.process().queue.pop();
  Request& request = loop.world.requests[id];
  if (!request.ended) enter(request, WaitState::event_loop, loop.now());
  queue.call_soon({Kind::call, id});
}

bool run_task(const ServerThread& loop) {
  if (!loop.request_class().in_thread) return begin_step(loop);
  const auto& steps = loop.request_class().steps;
  const Request& request = loop.request();
  const std::uint16_t first = steps.front().kind == StepSpec::Kind::upload ? 1 : 0;
  if (request.step < first) return begin_step(loop);
  if (request.step == first) return request.failed() ? begin_step(loop) : begin_call(loop);
  // The thread is not needed while the loop sends the reply.
  const bool is_sent = request.step == steps.size() && !request.failed() &&
                       steps.back().kind == StepSpec::Kind::download;
  if (!is_sent) end_call(loop);
  return begin_step(loop);
}

// --- The loop

bool begin_callback(const ServerThread& loop, const Callback& callback) {
  if (callback.kind == Kind::receive) return receive(loop, callback.request);
  if (!callback.request.is_none()) loop.take_up(callback.request);
  switch (callback.kind) {
    case Kind::accept:
      return accept_next(loop);
    case Kind::connect:
      loop.thread().phase = ThreadPhase::connecting;
      return loop.run_with_calls(loop.cost(ServerPhase::connect), kConnect);
    case Kind::add_reader:
      return add_reader(loop);
    case Kind::run:
      return run_task(loop);
    case Kind::reject:
      return begin_responding(loop);
    case Kind::wake:
      return continue_with(loop, Kind::run);
    case Kind::call:
      return run_phase(loop, ThreadPhase::handing_over, ServerPhase::hand_over);
    case Kind::close:
      loop.thread().phase = ThreadPhase::finishing;
      return loop.run_with_calls(loop.cost(ServerPhase::finish), kClose);
    case Kind::keep:
      return run_phase(loop, ThreadPhase::keeping, ServerPhase::keep);
    case Kind::close_idle:
      return close_idle(loop, callback.connection);
    case Kind::tick:
      loop.thread().phase = ThreadPhase::returning;
      return tick(loop);
    case Kind::listen:
      loop.process().is_deaf = false;
      loop.thread().phase = ThreadPhase::returning;
      return true;
    case Kind::ping:
    case Kind::pong:
      return ping(loop, callback);
    case Kind::receive:
      break;
  }
  COTENANT_ASSERT(false && "a callback is of one of these kinds");
  return false;
}

// The next callback of this iteration, the first of the next one, or sleep.
bool run_next(const ServerThread& loop) {
  EventLoop& queue = loop_of(loop);
  if (queue.iteration_is_over() && !queue.begin_iteration(connections_wait(loop))) {
    queue.sleep(loop.now());
    loop.sleep(ThreadPhase::selecting);
    return false;
  }
  return begin_callback(loop, queue.next());
}

// What follows the phase that has just ended. True when the next one ends at once, too.
bool go_on(const ServerThread& loop) {
  if (loop.has_calls_left()) return loop.go_on_with_calls();
  switch (loop.thread().phase) {
    case ThreadPhase::waking:
      loop.ran(ServerPhase::wake);
      return run_next(loop);
    case ThreadPhase::accepting:
      loop.ran(ServerPhase::accept);
      if (has_no_room(loop)) return turn_away(loop);
      take_in(loop);
      return accept_next(loop);
    case ThreadPhase::connecting:
      loop.ran(ServerPhase::connect);
      return continue_with(loop, Kind::add_reader);
    case ThreadPhase::receiving:
      loop.thread().phase = ThreadPhase::starting;
      return loop.run_after_receiving(ServerPhase::start);
    case ThreadPhase::starting:
      loop.ran(first_phase(loop));
      return admit(loop);
    case ThreadPhase::handing_over:
      loop.ran(ServerPhase::hand_over);
      return hand_over(loop);
    case ThreadPhase::computing:
    case ThreadPhase::sleeping:
      return loop.process().abort == Abort::pending ? hears(loop) : begin_step(loop);
    case ThreadPhase::responding:
      return begin_sending(loop);
    case ThreadPhase::sending:
      return end_sending(loop);
    case ThreadPhase::finishing:
      loop.ran(ServerPhase::finish);
      --loop_of(loop).tasks;
      return finish_closing(loop);
    case ThreadPhase::keeping:
      loop.ran(ServerPhase::keep);
      return finish_keeping(loop);
    case ThreadPhase::closing:
      return finish_closing(loop);
    case ThreadPhase::failing:
      end_failing(loop);
      return run_next(loop);
    case ThreadPhase::returning:
      return run_next(loop);
    case ThreadPhase::booting:
      return begin_serving(loop.world, loop.blueprint, loop.spec().process) && run_next(loop);
    default:
      COTENANT_ASSERT(false && "a loop that sleeps has no phase to end");
      return false;
  }
}

void end_phase(const ServerThread& loop) {
  while (go_on(loop)) {
  }
}

void wake(const ServerThread& loop) {
  loop.world.events.cancel(loop.world.slot(loop.id));
  if (run_phase(loop, ThreadPhase::waking, ServerPhase::wake)) end_phase(loop);
}

// The first timer that is due while the loop sleeps ends its sleep, at a whole millisecond.
void tell_timer(const ServerThread& loop, Callback callback) {
  loop_of(loop).timer_due(callback);
  if (!is_asleep(loop)) return;
  EventSet<Event>& events = loop.world.events;
  const Slot slot = loop.world.slot(loop.id);
  const Instant awake = loop_of(loop).awake_for_timer(loop.now());
  if (awake >= events.scheduled_at(slot)) return;
  events.schedule(slot, awake, order(Phase::server), {EventKind::thread_slept, loop.id.index()});
}

void tell_io(const ServerThread& loop, Callback callback) {
  loop_of(loop).io_ready(callback);
  if (is_asleep(loop)) wake(loop);
}

// asyncio has a timer for each of them; they are due in the order in which they were parked.
// Returns the first that is not.
ConnectionId close_expired(const ServerThread& loop, const ConnectionList& list) {
  Connections& connections = loop.world.connections;
  ConnectionId id = list.earliest;
  for (; !id.is_none() && has_expired(loop, id); id = connections.after(id)) {
    if (!connections.begin_closing(id)) continue;
    tell_timer(loop, {Kind::close_idle, RequestId::none(), id});
  }
  return id;
}

// The request's wait is over; from now on the loop keeps it waiting. Returns its loop.
ServerThread end_wait(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  Request& request = world.requests[id];
  request.wait = Timer::none();
  if (!request.ended) enter(request, WaitState::event_loop, world.events.now());
  return {world, blueprint, ThreadId(blueprint.owner(request.task).id), effects};
}

}  // namespace

void start_loops(World& world, const Blueprint& blueprint, const LoopSpec& server) {
  for (std::uint32_t p = 0; p < server.processes; ++p) {
    const ProcessId id(server.first_process.index() + p);
    ProcessState& process = world.processes[id];
    process.gil = Gil(server.threads + 1);
    process.idle = BoundedQueue<ThreadId>(server.threads);
    process.loop.emplace(server.hub ? LoopOrder::libev : LoopOrder::asyncio);
    if (server.proxy) {
      world.upstreams[id] = Upstream(blueprint.upstreams[server.proxy->upstream].peers.size());
    }
    const ThreadId loop = blueprint.processes[id].main;
    world.threads[loop].phase = ThreadPhase::selecting;
    fill_pool(world, blueprint, id);
    begin_life(world, blueprint, id);
  }
}

// In the order of the processes; which of them gets a core first is the scheduler's business.
void wake_loops(World& world, const Blueprint& blueprint, ServiceId id, Effects& effects) {
  const auto& server = std::get<LoopSpec>(blueprint.services[id].server);
  for (std::uint32_t p = 0; p < server.processes; ++p) {
    const ProcessId process(server.first_process.index() + p);
    const ServerThread loop{world, blueprint, blueprint.processes[process].main, effects};
    if (is_asleep(loop) && listens(loop)) wake(loop);
  }
}

void on_loop_ran(World& world, const Blueprint& blueprint, ThreadId id, const BurstTimes& burst,
                 Effects& effects) {
  if (!on_thread_ran(world, blueprint, id, burst, effects)) return;
  end_phase({world, blueprint, id, effects});
}

void on_loop_slept(World& world, const Blueprint& blueprint, ThreadId id, Effects& effects) {
  const ServerThread loop{world, blueprint, id, effects};
  if (is_asleep(loop)) return wake(loop);
  end_phase(loop);
}

void on_loop_io(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  tell_io(end_wait(world, blueprint, id, effects), {Kind::wake, id});
}

void on_loop_calls_done(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  const ThreadId loop(blueprint.owner(world.requests[id].task).id);
  if (world.threads[loop].python.request == id)
    return on_loop_slept(world, blueprint, loop, effects);
  on_loop_io(world, blueprint, id, effects);
}

void on_loop_timer(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  tell_timer(end_wait(world, blueprint, id, effects), {Kind::wake, id});
}

void on_loop_request(const ServerThread& loop, RequestId id) { tell_io(loop, {Kind::receive, id}); }

void on_loop_hung_up(const ServerThread& loop, ConnectionId id) {
  tell_io(loop, {Kind::close_idle, RequestId::none(), id});
}

void on_loop_idle_due(const ServerThread& loop) {
  const ConnectionId next = close_expired(loop, loop.process().parked);
  if (!next.is_none()) look_at_parked(loop, expiry_of(loop, next));
}

void on_tunnel_due(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  const ServerThread loop{world, blueprint, blueprint.processes[id].main, effects};
  loop.process().tunnel_timer = Timer::none();
  const ConnectionId next = close_expired(loop, loop.process().websockets);
  if (!next.is_none()) look_at_tunnels(loop, expiry_of(loop, next));
}

void on_ping(World& world, const Blueprint& blueprint, ConnectionId first, Effects& effects) {
  const ConnectionId last = last_of_tunnel(world, first);
  refresh_tunnel(world, last);
  const Connection& connection = world.connections[last];
  if (!connection.at_server) return;
  const ServerThread loop{world, blueprint, blueprint.processes[connection.process].main, effects};
  if (is_proxy(loop)) return;
  world.connections.begin_ping(last);
  tell_io(loop, {Kind::pong, RequestId::none(), last});
}

void on_ping_due(World& world, const Blueprint& blueprint, ConnectionId id, Effects& effects) {
  const Connection& connection = world.connections[id];
  if (!connection.at_server) return world.connections.end_ping(id);
  const ServerThread loop{world, blueprint, blueprint.processes[connection.process].main, effects};
  tell_timer(loop, {Kind::ping, RequestId::none(), id});
}

void on_listen_due(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  const ServerThread loop{world, blueprint, blueprint.processes[id].main, effects};
  loop.process().listens_again.pop();
  tell_timer(loop, {Kind::listen, RequestId::none()});
}

// gunicorn gives up the request. If its client would keep the connection, that stays open for as
// long as an idle one (base_async.py, handle()).
bool forget_request(const ServerThread& loop) {
  Request& request = loop.request();
  request.reply = Outcome::reset;
  request.step = static_cast<std::uint16_t>(loop.request_class().steps.size());
  const std::optional<KeepAliveSpec>& keep_alive = loop.service_spec().keep_alive;
  const bool stays = keep_alive && !request.connection.is_none();
  if (!stays) return continue_with(loop, Kind::run);
  return begin_waiting(loop, EventKind::loop_timer, keep_alive->longest);
}

// Before the next look, so that what comes from now on is lost.
void close_parked_soon(const ServerThread& loop) {
  Connections& connections = loop.world.connections;
  for (const ConnectionList& list : {loop.process().parked, loop.process().websockets}) {
    for (ConnectionId id = list.earliest; !id.is_none(); id = connections.after(id)) {
      if (!connections.begin_closing(id)) continue;
      loop_of(loop).call_soon({Kind::close_idle, RequestId::none(), id});
    }
  }
  const bool any = loop.process().parked.size + loop.process().websockets.size > 0;
  if (is_asleep(loop) && any) wake(loop);
}

// call_soon_threadsafe() wakes a loop that sleeps.
void on_loop_call_done(const ServerThread& loop, RequestId id) {
  loop_of(loop).call_soon({Kind::wake, id});
  if (is_asleep(loop)) wake(loop);
}

}  // namespace cotenant

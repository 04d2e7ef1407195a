// SPDX-License-Identifier: Apache-2.0
#include "models/server/server.h"

#include <variant>

#include "models/server/celery.h"
#include "models/server/external.h"
#include "models/server/gthread.h"
#include "models/server/idle_stop.h"
#include "models/server/leader_followers.h"
#include "models/server/loop_server.h"
#include "models/server/memory.h"
#include "models/server/on_demand.h"
#include "models/server/poller.h"
#include "models/server/postgres.h"
#include "models/server/probes.h"
#include "models/server/redis.h"
#include "models/server/sockets.h"
#include "models/server/stay.h"
#include "models/server/sync_workers.h"
#include "models/service/connections.h"
#include "models/workload/transfers.h"

namespace cotenant {
namespace {

struct Start {
  World& world;
  const Blueprint& blueprint;
  ServiceId service;

  void operator()(const SyncSpec&) const { start_sync_workers(world, blueprint, service); }
  void operator()(const GthreadSpec& server) const { start_gthread(world, blueprint, server); }
  void operator()(const LoopSpec& server) const { start_loops(world, blueprint, server); }
  void operator()(const LeaderFollowersSpec&) const {
    start_leader_followers(world, blueprint, service);
  }
  void operator()(const OnDemandSpec&) const { start_on_demand(world, blueprint, service); }
  void operator()(const ExternalSpec&) const { start_external(world, blueprint, service); }
  void operator()(const RedisSpec&) const { start_redis(world, blueprint, service); }
  void operator()(const PostgresSpec&) const { start_postgres(world, blueprint, service); }
  void operator()(const CelerySpec&) const { start_celery(world, blueprint, service); }
  void operator()(const PollerSpec&) const { start_poller(world, blueprint, service); }
};

struct Wake {
  World& world;
  const Blueprint& blueprint;
  ServiceId service;
  Effects& effects;

  void operator()(const SyncSpec&) const { wake_sync_workers(world, blueprint, service, effects); }
  void operator()(const GthreadSpec&) const { wake_gthread(world, blueprint, service, effects); }
  void operator()(const LoopSpec&) const { wake_loops(world, blueprint, service, effects); }
  void operator()(const LeaderFollowersSpec&) const {
    wake_leaders(world, blueprint, service, effects);
  }
};

// Who connects to a UNIX socket waits for room, unless the socket is one that never waits: those of
// nginx, of asyncio and of Python's calls with a timeout (unix_stream_connect() in
// net/unix/af_unix.c). A greenlet tries again until there is room.
bool waits_for_room(const World& world, const Blueprint& blueprint, RequestId id) {
  if (!world.requests[id].is_call() || world.calls[id].caller.is_none()) return false;
  const CallSpec& call = blueprint.calls[world.calls[id].spec];
  if (!call.upstream.is_none()) return false;
  const RequestId caller = world.calls[id].caller;
  const TaskOwner owner = blueprint.owner(world.requests[caller].task);
  if (owner.kind != TaskOwner::Kind::event_loop) return !call.sender.timeout;
  const ThreadId loop(owner.id);
  const ProcessId process = blueprint.threads[loop].process;
  if (world.processes[process].loop->is_hub()) return true;
  const bool is_blocked = world.threads[loop].python.request == caller;
  return is_blocked && !call.sender.timeout;
}

// EAGAIN. Those who wait are in the queue, too, behind its end.
bool turns_away(const World& world, const Blueprint& blueprint, ServiceId id, RequestId request) {
  const std::uint32_t room = blueprint.services[id].accept_queue_capacity;
  const bool is_full = world.services[id].accept_queue.size() >= room;
  return is_full && !waits_for_room(world, blueprint, request);
}

struct Admit {
  World& world;
  const Blueprint& blueprint;
  ServiceId service_id;
  RequestId request;
  Effects& effects;

  // A listening socket, with its queue.
  template <class Server>
  void operator()(const Server& server) const {
    ServiceState& service = world.services[service_id];
    const bool by_tcp = !blueprint.services[service_id].unix_socket;
    if (by_tcp && service.accept_queue.full()) return effects.push(SynDropped{request});
    if (!by_tcp && turns_away(world, blueprint, service_id, request)) {
      return effects.push(RequestEnded{request, Outcome::refused});
    }
    enter_server(world, service, request, WaitState::accept_queue);
    service.accept_queue.push_growing(request);
    Wake{world, blueprint, service_id, effects}(server);
  }
  void operator()(const ExternalSpec&) const {
    on_connect_external(world, blueprint, request, effects);
  }
  void operator()(const OnDemandSpec&) const {
    on_connect_on_demand(world, blueprint, request, effects);
  }
  void operator()(const RedisSpec&) const { on_connect_redis(world, blueprint, request, effects); }
  void operator()(const PostgresSpec&) const {
    on_connect_database(world, blueprint, request, effects);
  }
  void operator()(const CelerySpec&) const {
    on_connect_celery(world, blueprint, request, effects);
  }
  void operator()(const PollerSpec&) const { on_connect_poller(world, blueprint, request); }
};

// Only servers with several threads in a process keep connections.
ServerThread holder_of(World& world, const Blueprint& blueprint, ProcessId process,
                       Effects& effects) {
  return {world, blueprint, blueprint.processes[process].main, effects};
}

bool is_loop(const ServerThread& main) {
  return std::holds_alternative<LoopSpec>(main.service_spec().server);
}

void stop_waiting_for_client(World& world, const Blueprint& blueprint, Request& request) {
  const TaskOwner owner = blueprint.owner(request.task);
  if (owner.kind == TaskOwner::Kind::event_loop) {
    stop_timer(world, request.wait);
  } else if (owner.kind == TaskOwner::Kind::worker || owner.kind == TaskOwner::Kind::instance) {
    world.events.cancel(world.slot(WorkerId(owner.id)));
  } else {
    world.events.cancel(world.slot(ThreadId(owner.id)));
  }
}

// What it is turned down with at once, if it is.
std::optional<Outcome> rejection(const ServiceSpec& spec, const ServiceState& service) {
  if (service.outage.is_down || (service.probed && service.probed->ends)) return Outcome::refused;
  if (spec.entry_processes && service.in_service >= *spec.entry_processes) {
    return Outcome::rejected_508;
  }
  // An event loop reads a request before it turns it down.
  if (!spec.limit_concurrency || std::holds_alternative<LoopSpec>(spec.server)) return std::nullopt;
  if (service.in_service >= *spec.limit_concurrency) return Outcome::rejected_503;
  return std::nullopt;
}

}  // namespace

void start_services(World& world, const Blueprint& blueprint) {
  for (std::uint32_t s = 0; s < world.services.size(); ++s) {
    const ServiceSpec& spec = blueprint.services[ServiceId(s)];
    world.services[ServiceId(s)].accept_queue = BoundedQueue<RequestId>(spec.accept_queue_capacity);
    std::visit(Start{world, blueprint, ServiceId(s)}, spec.server);
    start_idle_stop(world, blueprint, ServiceId(s));
    start_probes(world, blueprint, ServiceId(s));
  }
  start_memory(world, blueprint);
}

void on_connect(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  const ServiceId service = blueprint.classes[world.requests[id].request_class].service;
  const ServiceSpec& spec = blueprint.services[service];
  if (world.transfers.in_use()) note_connected(world, id, false);
  note_traffic(world, blueprint, service);
  if (is_kept_away(world, blueprint, service, id)) {
    return effects.push(RequestEnded{id, Outcome::refused});
  }
  if (const auto outcome = rejection(spec, world.services[service])) {
    return effects.push(RequestEnded{id, *outcome});
  }
  std::visit(Admit{world, blueprint, service, id, effects}, spec.server);
}

void on_request_sent(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  Request& request = world.requests[id];
  const ServerThread main =
      holder_of(world, blueprint, world.connections[request.connection].process, effects);
  if (world.transfers.in_use()) note_connected(world, id, true);
  // The server may have closed it at this very instant.
  if (!world.connections[request.connection].at_server) {
    return effects.push(RequestEnded{id, Outcome::reset});
  }
  note_traffic(world, blueprint, blueprint.processes[main.spec().process].service);
  if (const auto outcome = rejection(main.service_spec(), main.service())) {
    return effects.push(RequestEnded{id, *outcome});
  }
  const WaitState waits_for = is_loop(main) ? WaitState::event_loop : WaitState::process_queue;
  enter_server(world, main.service(), id, waits_for);
  request.task = main.spec().task;
  is_loop(main) ? on_loop_request(main, id) : on_gthread_request(main, id);
}

void on_hung_up(World& world, const Blueprint& blueprint, ConnectionId id, Effects& effects) {
  if (!world.connections[id].at_server) return world.connections.end_closing(id);
  const ServerThread main = holder_of(world, blueprint, world.connections[id].process, effects);
  is_loop(main) ? on_loop_hung_up(main, id) : on_gthread_hung_up(main, id);
}

// Whoever reads from its connection or writes to it is told at once, and goes on.
void on_client_left(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  if (world.calls.in_use()) close_sockets(world, blueprint, id);
  Request& request = world.requests[id];
  const bool uploads = request.state == WaitState::client_upload;
  if (!uploads && request.state != WaitState::client_download) return;
  if (uploads) request.reply = Outcome::reset;
  stop_waiting_for_client(world, blueprint, request);
  effects.push(CallsDone{id});
}

void on_idle_due(World& world, const Blueprint& blueprint, ProcessId process, Effects& effects) {
  const ServerThread main = holder_of(world, blueprint, process, effects);
  main.process().idle_timer = Timer::none();
  is_loop(main) ? on_loop_idle_due(main) : on_gthread_idle_due(main);
}

}  // namespace cotenant

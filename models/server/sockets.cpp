// SPDX-License-Identifier: Apache-2.0
#include "models/server/sockets.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "models/server/memory.h"

namespace cotenant {
namespace {

// Of a worker process itself: its listening socket, and the channel to the master process
// (ngx_event_process_init, ngx_add_channel_event).
constexpr std::uint32_t kOwn = 2;

// Idle connections are given up when fewer than this part of all are free, an eighth of them at a
// time and at most 32 (ngx_drain_connections).
constexpr std::uint32_t kScarce = 16;
constexpr std::uint32_t kGivenUpShare = 8;
constexpr std::uint32_t kGivenUpAtMost = 32;

const ProxySpec& proxy_of(const Blueprint& blueprint, ProcessId process) {
  const ServiceId service = blueprint.processes[process].service;
  return *std::get<LoopSpec>(blueprint.services[service].server).proxy;
}

std::uint32_t in_use(const World& world, const Blueprint& blueprint, ProcessId id) {
  const ProcessState& process = world.processes[id];
  const KeeperId keeper = blueprint.keeper_of(id);
  const std::uint32_t kept = keeper.is_none() ? 0 : world.connections.kept(keeper);
  return kOwn + process.sockets + process.parked.size + process.websockets.size + kept;
}

// Those of clients that have been idle for longest. One on which a request is on its way stays.
void give_up_idle(World& world, const Blueprint& blueprint, ProcessId of) {
  ProcessState& process = world.processes[of];
  std::uint32_t count = std::clamp(process.parked.size / kGivenUpShare, 1u, kGivenUpAtMost);
  ConnectionId id = process.parked.earliest;
  while (count > 0 && !id.is_none()) {
    const ConnectionId next = world.connections.after(id);
    if (world.connections[id].request.is_none()) {
      world.connections.close_parked(id, process.parked);
      --process.connections;
      release_connection(world, blueprint, blueprint.processes[of].resident);
      --count;
    }
    id = next;
  }
}

ProcessState& process_of(World& world, const Blueprint& blueprint, RequestId id) {
  return world.processes[blueprint.process_of(world.requests[id].task)];
}

}  // namespace

bool proxy_has_descriptor(const World& world, const Blueprint& blueprint, ProcessId id) {
  const std::uint64_t most = proxy_of(blueprint, id).descriptors;
  return in_use(world, blueprint, id) < most + kOwn;
}

// socket() comes first, and fails without giving up anything.
bool open_socket(World& world, const Blueprint& blueprint, ProcessId id, RequestId request) {
  if (!proxy_has_descriptor(world, blueprint, id)) return false;
  const std::uint32_t limit = proxy_of(blueprint, id).worker_connections;
  ProcessState& process = world.processes[id];
  const std::uint32_t used = in_use(world, blueprint, id);
  if (process.parked.size > 0 && (used >= limit || limit - used <= limit / kScarce)) {
    give_up_idle(world, blueprint, id);
  }
  if (in_use(world, blueprint, id) >= limit) return false;
  hold_socket(world, id, request);
  return true;
}

// Those of a client that has left are closed.
void hold_socket(World& world, ProcessId process, RequestId request) {
  if (world.requests[request].ended) return;
  ++world.calls[request].sockets;
  ++world.processes[process].sockets;
}

void close_socket(World& world, const Blueprint& blueprint, RequestId request) {
  std::uint32_t& sockets = world.calls[request].sockets;
  if (sockets == 0) return;
  --sockets;
  --process_of(world, blueprint, request).sockets;
}

void close_sockets(World& world, const Blueprint& blueprint, RequestId request) {
  std::uint32_t& sockets = world.calls[request].sockets;
  if (sockets == 0) return;
  process_of(world, blueprint, request).sockets -= std::exchange(sockets, 0);
}

}  // namespace cotenant

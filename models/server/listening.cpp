// SPDX-License-Identifier: Apache-2.0
#include "models/server/listening.h"

#include <algorithm>
#include <variant>

#include "models/server/sockets.h"

namespace cotenant {
namespace {

const LoopSpec& server_of(const ServerThread& loop) {
  return std::get<LoopSpec>(loop.service_spec().server);
}

void listen_after(const ServerThread& loop, Duration pause) {
  const ProcessId id = loop.spec().process;
  loop.process().listens_again.push_growing(loop.world.events.start_timer(
      loop.now() + pause, order(Phase::server), {EventKind::listen_due, id.index()}));
}

}  // namespace

bool has_descriptor(const ServerThread& loop) {
  if (server_of(loop).proxy) {
    return proxy_has_descriptor(loop.world, loop.blueprint, loop.spec().process);
  }
  return loop.world.connections.has_descriptor(loop.process_spec().descriptors);
}

// Whoever has accepted starts with short pauses again.
void take_descriptor(const ServerThread& loop) {
  const DescriptorsId descriptors = loop.process_spec().descriptors;
  if (descriptors.is_none()) return;
  const bool is_there = loop.world.connections.take_descriptor(descriptors);
  COTENANT_ASSERT(is_there);
  loop.process().pause = Duration(0);
}

bool fail_to_accept(const ServerThread& loop) {
  const AcceptRetrySpec& retry = server_of(loop).accept_retry;
  ProcessState& process = loop.process();
  process.is_deaf = true;
  process.pause =
      process.pause.is_zero() ? retry.shortest : std::min(process.pause * 2, retry.longest);
  listen_after(loop, process.pause);
  loop.thread().phase = retry.cost.is_zero() ? ThreadPhase::returning : ThreadPhase::failing;
  return loop.run_server(retry.cost);
}

// asyncio of CPython 3.11 fails as often as it would accept, and sets a timer each time: the first
// and the last of them are those that matter, because the others find it at work.
void end_failing(const ServerThread& loop) { listen_after(loop, loop.process().pause); }

void listen_anew(World& world, ProcessId id) {
  ProcessState& process = world.processes[id];
  while (!process.listens_again.empty()) world.events.cancel(process.listens_again.pop());
  process.is_deaf = false;
  process.pause = Duration(0);
}

}  // namespace cotenant

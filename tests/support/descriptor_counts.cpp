// SPDX-License-Identifier: Apache-2.0
#include "models/world.h"
#include "tests/support/invariants.h"
#include "tests/support/looks.h"

namespace cotenant {
namespace {

// Connections that the process has accepted: those that it counts itself, and in an event loop
// those that it is about to.
std::uint64_t accepted_by(const World& world, const Blueprint& blueprint, ProcessId id) {
  const ProcessState& process = world.processes[id];
  std::uint64_t accepted = process.connections;
  if (!process.loop) return accepted;
  const ThreadPhase phase = world.threads[blueprint.processes[id].main].phase;
  if (phase == ThreadPhase::accepting || phase == ThreadPhase::connecting) ++accepted;
  process.loop->for_each([&](const Callback& callback, bool) {
    const bool is_new =
        callback.kind == Callback::Kind::connect || callback.kind == Callback::Kind::add_reader;
    if (is_new) ++accepted;
  });
  return accepted;
}

// Those of calls, of what is kept, and of pools.
std::uint64_t opened_with(const World& world, const Blueprint& blueprint, DescriptorsId id) {
  const auto is_its = [&](const LocalEnd& end) {
    return end.descriptors == id && end.life == world.connections.descriptors()[id].life();
  };
  std::uint64_t opened = 0;
  world.requests.for_each([&](RequestId request, const Request& spec) {
    if (!spec.is_call()) return;
    const Call& call = world.calls[request];
    if (is_its(call.end)) ++opened;
    if (call.connection.is_open && is_its(call.connection.end)) ++opened;
  });
  world.connections.for_each([&](ConnectionId, const Connection& connection) {
    if (is_its(connection.end)) ++opened;
  });
  for (std::uint32_t p = 0; p < world.pools.size(); ++p) {
    if (blueprint.pools[PoolId(p)].descriptors != id) continue;
    opened += world.pools[PoolId(p)].idle.size();
  }
  return opened;
}

}  // namespace

Complaints descriptor_complaints(const World& world, const Blueprint& blueprint,
                                 const Blueprint& judged_by) {
  Complaints found;
  const auto look = [&](DescriptorsId id, std::uint64_t accepted) {
    if (id.is_none()) return;
    check_descriptors({judged_by.descriptors[id], world.connections.descriptors()[id].open(),
                       accepted + opened_with(world, blueprint, id)},
                      found);
  };
  for (std::uint32_t p = 0; p < world.processes.size(); ++p) {
    const ProcessId id(p);
    look(blueprint.processes[id].descriptors, accepted_by(world, blueprint, id));
  }
  for (const WorkerSpec& worker : blueprint.workers) look(worker.descriptors, 0);
  return found;
}

}  // namespace cotenant

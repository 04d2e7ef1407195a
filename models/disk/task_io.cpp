// SPDX-License-Identifier: Apache-2.0
#include "models/disk/task_io.h"

#include <algorithm>

#include "models/memory/page.h"

namespace cotenant {
namespace {

// What is read ahead (read_ahead_kb, 128 by default), and so one IO of a buffered read at most.
constexpr Bytes kReadAhead{128 << 10};

// page_cluster: a fault reads so much that was swapped out beside each other (mm/swap_state.c).
constexpr Bytes kSwapCluster{8 * kPage};

bool reads(FileSpec use) { return use.what == FileUse::read || use.what == FileUse::swap; }

Bytes largest(FileSpec use) {
  if (use.what == FileUse::swap) return kSwapCluster;
  return reads(use) && !use.direct ? kReadAhead : kLargestIo;
}

}  // namespace

// A request has the same luck in every setup, and other luck in each attempt. The streams are under
// those of the demands of its step, beside those of models/workload/workload.cpp, or under those of
// a neighbor's files.
Draws luck_of(const ActingDisk& acting, TaskId task, std::uint64_t purpose) {
  const FileAccess& access = acting.access(task);
  const Chance& chance = acting.world.chance;
  if (!access.request.is_none()) {
    const Request& request = acting.world.requests[access.request];
    const Stream stream = chance.demands[request.request_class][access.step];
    return stream.sub(purpose | request.attempts).sub(access.parts).at(request.ordinal);
  }
  const TaskOwner owner = acting.blueprint.owner({acting.machine, task});
  if (owner.kind != TaskOwner::Kind::neighbor) return acting.kernel_luck();
  const NeighborId id(owner.id);
  const Stream stream = chance.neighbors[id].files.sub(purpose).sub(access.parts);
  return stream.at(acting.world.neighbors[id].uses);
}

// How an IO of swap divides does not matter: all of it is one wait.
void book(const ActingDisk& acting, TaskId task, const IoTimes& times) {
  const FileAccess& access = acting.access(task);
  if (access.request.is_none() || access.use.what == FileUse::swap) return;
  Request& request = acting.world.requests[access.request];
  if (!request.ended) book_io(request, times, acting.now());
}

void wait_as(const ActingDisk& acting, TaskId task, WaitState state) {
  const RequestId id = acting.access(task).request;
  if (id.is_none()) return;
  Request& request = acting.world.requests[id];
  if (!request.ended) enter(request, state, acting.now());
}

void begin_part(const ActingDisk& acting, TaskId task) {
  FileAccess& access = acting.access(task);
  const IoKind kind = reads(access.use) ? IoKind::read : IoKind::write;
  const bool swaps = access.use.what == FileUse::swap;
  Io io = acting.io(IoOwner::task, task.index(), acting.group_of(task), kind);
  io.continues = access.parts > 0 && !swaps;
  io.bytes = std::min(access.left, largest(access.use));
  Draws luck = luck_of(acting, task, kLatencies);
  io.latency = acting.spec().device.medium[kind].latency.draw_duration(luck);
  access.left -= io.bytes;
  ++access.parts;
  wait_as(acting, task, swaps ? WaitState::swap_in : WaitState::disk_service);
  acting.submit(io);
}

}  // namespace cotenant

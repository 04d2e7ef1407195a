// SPDX-License-Identifier: Apache-2.0
#include "models/disk/writeback.h"

#include "models/memory/page.h"

namespace cotenant {
namespace {

// IOs of the writeback that the device has at once: those that wbt leaves it beside others
// (block/blk-wbt.c). Assumed.
constexpr std::uint32_t kWritebacks = 2;

Event end_of_pause(const ActingDisk& acting, TaskId task) {
  const RequestId request = acting.access(task).request;
  if (!request.is_none()) return {EventKind::pages_cleaned, request.index()};
  const TaskOwner owner = acting.blueprint.owner({acting.machine, task});
  if (owner.kind == TaskOwner::Kind::neighbor) return {EventKind::neighbor_cleaned, owner.id};
  return {EventKind::log_cleaned, acting.machine.index()};
}

}  // namespace

void write_back(const ActingDisk& acting) {
  DiskState& state = acting.state();
  while (state.writebacks < kWritebacks) {
    const DirtyExtent extent = state.pages.take(acting.spec().dirty, kLargestIo, acting.now());
    if (extent.bytes.is_zero()) break;
    Io io = acting.io(IoOwner::writeback, 0, extent.group, IoKind::write);
    io.bytes = extent.bytes;
    Draws luck = acting.kernel_luck();
    io.latency = acting.spec().device.medium.write.latency.draw_duration(luck);
    ++state.writebacks;
    acting.submit(io);
  }
  if (!state.pages.any_waits() || !state.writeback.is_none()) return;
  state.writeback =
      acting.world.events.start_timer(acting.now() + kDirtyWakes, order(Phase::server),
                                      {EventKind::writeback_due, acting.machine.index()});
}

void wrote_back(const ActingDisk& acting, Bytes bytes) {
  --acting.state().writebacks;
  acting.state().pages.written(bytes, acting.now());
  write_back(acting);
}

bool may_dirty_on(const ActingDisk& acting, TaskId task, Bytes bytes) {
  DiskState& state = acting.state();
  const Duration pause = state.pages.pause(acting.spec().dirty, bytes, state.paused);
  if (pause.is_zero()) return true;
  ++state.paused;
  acting.access(task).pause = acting.world.events.start_timer(
      acting.now() + pause, order(Phase::server), end_of_pause(acting, task));
  return false;
}

// Over the limit it may not even then.
bool has_paused_enough(const ActingDisk& acting, TaskId task) {
  DiskState& state = acting.state();
  acting.access(task).pause = Timer::none();
  --state.paused;
  return !state.pages.is_over_limit(acting.spec().dirty) ||
         may_dirty_on(acting, task, Bytes(kPage));
}

}  // namespace cotenant

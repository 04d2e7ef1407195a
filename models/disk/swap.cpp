// SPDX-License-Identifier: Apache-2.0
#include "models/disk/swap.h"

#include <algorithm>
#include <utility>

#include "models/disk/task_io.h"
#include "models/memory/page.h"

namespace cotenant {
namespace {

// What is swapped out together is written together: SWAPFILE_CLUSTER pages, and two at a time as
// with dirty pages, which is assumed.
constexpr Bytes kWrite{256 * kPage};
constexpr std::uint32_t kWrites = 2;

// It belongs to processes of several groups, so no limit of a group holds it back.
void submit_writes(const ActingDisk& acting) {
  SwapState& swap = acting.state().swap;
  const Bytes all = acting.world.memcg.swapped_out(acting.machine);
  while (swap.writes < kWrites && swap.submitted < all) {
    Io io = acting.io(IoOwner::swap, 0, kRootGroup, IoKind::write);
    io.bytes = std::min(all - swap.submitted, kWrite);
    Draws luck = acting.kernel_luck();
    io.latency = acting.spec().device.medium.write.latency.draw_duration(luck);
    swap.submitted += io.bytes;
    ++swap.writes;
    acting.submit(io);
  }
}

void end_stall(World& world, TaskRef task) {
  FileAccess& access = world.disks[task.machine].accesses[task.task];
  const GroupId group = std::exchange(access.stalled, GroupId::none());
  world.memcg.go_on(task.machine, group, world.events.now());
}

// Once what others had to give up is written.
void go_on_stalled(const ActingDisk& acting, TaskId task, Effects& effects) {
  FileAccess& access = acting.access(task);
  if (!access.left.is_zero()) return begin_part(acting, task);
  if (access.sleeps.is_zero()) {
    end_stall(acting.world, {acting.machine, task});
    return effects.push(CallsDone{std::exchange(access.request, RequestId::none())});
  }
  wait_as(acting, task, WaitState::reclaim);
  const Instant due = acting.now() + std::exchange(access.sleeps, Duration(0));
  access.pause = acting.world.events.start_timer(due, order(Phase::server),
                                                 {EventKind::stall_over, access.request.index()});
}

}  // namespace

void write_swap(World& world, const Blueprint& blueprint, MachineId machine) {
  if (!blueprint.has_disk(machine)) return;
  const ActingDisk acting{world, blueprint, machine};
  if (acting.state().swap.submitted == world.memcg.swapped_out(machine)) return;
  submit_writes(acting);
  acting.schedule();
}

bool begin_stall(World& world, const Blueprint& blueprint, RequestId id, std::uint16_t step,
                 const Taken& taken, bool pushed_others_out) {
  const TaskRef task = world.requests[id].task;
  if (pushed_others_out) write_swap(world, blueprint, task.machine);
  const bool waits = pushed_others_out || !taken.faulted.is_zero() || !taken.pause.is_zero();
  if (!waits) return true;
  const ActingDisk acting{world, blueprint, task.machine};
  FileAccess& access = acting.access(task.task);
  access = {};
  access.request = id;
  access.step = step;
  access.use.what = FileUse::swap;
  access.left = in_pages(taken.faulted);
  access.sleeps = taken.pause;
  access.stalled = acting.group_of(task.task);
  world.memcg.stall(task.machine, access.stalled, acting.now());
  if (!pushed_others_out) {
    go_on_stalled(acting, task.task, world.effects);
    acting.schedule();
    return false;
  }
  access.until = world.memcg.swapped_out(task.machine);
  wait_as(acting, task.task, WaitState::reclaim);
  acting.state().swap.waiting.push_back(task.task);
  return false;
}

void read_more_swap(const ActingDisk& acting, TaskId task, Effects& effects) {
  wait_as(acting, task, WaitState::swap_in);
  go_on_stalled(acting, task, effects);
}

void swap_written(const ActingDisk& acting, const Io& io, Effects& effects) {
  SwapState& swap = acting.state().swap;
  swap.written += io.bytes;
  --swap.writes;
  submit_writes(acting);
  const auto waits = [&](TaskId task) { return acting.access(task).until > swap.written; };
  const auto end = std::find_if(swap.waiting.begin(), swap.waiting.end(), waits);
  for (auto each = swap.waiting.begin(); each != end; ++each) {
    go_on_stalled(acting, *each, effects);
  }
  swap.waiting.erase(swap.waiting.begin(), end);
}

void on_stall_over(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  const TaskRef task = world.requests[id].task;
  const ActingDisk acting{world, blueprint, task.machine};
  acting.access(task.task).pause = Timer::none();
  go_on_stalled(acting, task.task, effects);
}

void forget_stall(World& world, TaskRef task) {
  std::erase(world.disks[task.machine].swap.waiting, task.task);
  end_stall(world, task);
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "models/disk/file_io.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "models/disk/swap.h"
#include "models/disk/task_io.h"
#include "models/disk/writeback.h"
#include "models/memory/page.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

// A transaction that an append needs: a descriptor, and the blocks of the inode, of two bitmaps and
// of a group descriptor; then the block that commits it. Counted from the layout of ext4, not
// measured.
constexpr Bytes kTransaction{20 << 10};

// Of a file that is there already: only the cache of the disk is left to be written.
constexpr std::uint32_t kFlushed = std::numeric_limits<std::uint32_t>::max();

// An empty write that takes the cache of the disk along.
void begin_flush(const ActingDisk& acting, TaskId task) {
  Io io = acting.io(IoOwner::task, task.index(), kRootGroup, IoKind::write);
  Draws luck = luck_of(acting, task, kFlushes);
  io.latency = acting.spec().device.flush.draw_duration(luck);
  acting.access(task).parts = kFlushed;
  wait_as(acting, task, WaitState::disk_service);
  acting.submit(io);
}

// True when the task may go on.
bool dirty_pages(const ActingDisk& acting, TaskId task) {
  FileAccess& access = acting.access(task);
  const Bytes bytes = std::exchange(access.left, Bytes(0));
  const RequestId file = access.use.temporary ? access.request : RequestId::none();
  if (!file.is_none()) acting.world.requests[file].has_temporary_files = true;
  acting.state().pages.add({acting.group_of(task), bytes, acting.now(), file});
  write_back(acting);
  if (may_dirty_on(acting, task, bytes)) return true;
  wait_as(acting, task, WaitState::disk_throttled);
  return false;
}

// What the task means to do, of bytes that fill whole pages. True when there is nothing to wait
// for.
bool begin_use(const ActingDisk& acting, TaskId task) {
  const FileAccess& access = acting.access(task);
  if (access.use.what == FileUse::dirty) return dirty_pages(acting, task);
  if (access.left.is_zero()) {
    begin_flush(acting, task);
  } else {
    begin_part(acting, task);
  }
  return false;
}

// --- Of the log daemon

void let_log_daemon_write(const ActingDisk& acting) {
  const LogDaemonSpec& daemon = *acting.blueprint.machines[acting.machine].log_daemon;
  LogQueue& queue = acting.state().log;
  while (queue.is_ready()) {
    FileAccess& access = acting.access(daemon.task);
    access = {};
    access.use.what = daemon.sync ? FileUse::append : FileUse::dirty;
    access.left = in_pages(queue.take(daemon.batch));
    if (!begin_use(acting, daemon.task)) return;
    queue.wrote();
  }
}

void hand_over(const ActingDisk& acting, Bytes line) {
  acting.state().log.add(line);
  let_log_daemon_write(acting);
}

// --- After it

void finish(const ActingDisk& acting, TaskId task, Effects& effects) {
  const RequestId id = std::exchange(acting.access(task).request, RequestId::none());
  if (!id.is_none()) return effects.push(CallsDone{id});
  const TaskOwner owner = acting.blueprint.owner({acting.machine, task});
  if (owner.kind == TaskOwner::Kind::neighbor) {
    return effects.push(NeighborServed{NeighborId(owner.id)});
  }
  acting.state().log.wrote();
  let_log_daemon_write(acting);
}

// --- Of the journal

void submit_commit(const ActingDisk& acting, bool is_last) {
  Io io = acting.io(IoOwner::journal, 0, kRootGroup, IoKind::write);
  io.continues = is_last;
  io.bytes = is_last ? Bytes(kPage) : kTransaction;
  const DeviceSpec& device = acting.spec().device;
  Draws luck = acting.kernel_luck();
  io.latency = device.medium.write.latency.draw_duration(luck);
  if (is_last) io.latency += device.flush.draw_duration(luck);
  acting.submit(io);
}

void commit_if_any(const ActingDisk& acting) {
  Journal& journal = acting.state().journal;
  if (!journal.may_commit()) return;
  journal.begin_commit();
  for (const TaskId member : journal.members()) {
    wait_as(acting, member, WaitState::disk_service);
  }
  submit_commit(acting, false);
}

void join_journal(const ActingDisk& acting, TaskId task) {
  wait_as(acting, task, WaitState::disk_queue);
  acting.state().journal.join(task);
  commit_if_any(acting);
}

// Whoever is done may begin something else at once, and join the next transaction.
void journal_wrote(const ActingDisk& acting, const IoTimes& times, Effects& effects) {
  Journal& journal = acting.state().journal;
  for (const TaskId member : journal.members()) book(acting, member, times);
  if (!journal.takes_block_last()) return submit_commit(acting, true);
  for (const TaskId member : journal.members()) finish(acting, member, effects);
  journal.end_commit();
  commit_if_any(acting);
}

// --- What follows an IO

void go_on(const ActingDisk& acting, TaskId task, Effects& effects) {
  const FileAccess& access = acting.access(task);
  const FileUse what = access.use.what;
  if (what == FileUse::swap) return read_more_swap(acting, task, effects);
  if (!access.left.is_zero()) return begin_part(acting, task);
  if (what == FileUse::append) return join_journal(acting, task);
  const bool is_flushed = access.parts == kFlushed;
  if (what == FileUse::sync && !is_flushed) return begin_flush(acting, task);
  finish(acting, task, effects);
}

void on_done(const ActingDisk& acting, const Io& io, Effects& effects) {
  switch (io.user.owner) {
    case IoOwner::nobody:
      return;
    case IoOwner::task:
      book(acting, TaskId(io.user.id), io.times);
      return go_on(acting, TaskId(io.user.id), effects);
    case IoOwner::journal:
      return journal_wrote(acting, io.times, effects);
    case IoOwner::writeback:
      return wrote_back(acting, io.bytes);
    case IoOwner::swap:
      return swap_written(acting, io, effects);
  }
}

// --- Before it

// None: of what the task reads it is not known how large it is.
ServiceId owner_of_files(const ActingDisk& acting, TaskId task) {
  const RequestId id = acting.access(task).request;
  if (id.is_none()) return ServiceId::none();
  const ClassId request_class = acting.world.requests[id].request_class;
  const ServiceId service = acting.blueprint.classes[request_class].service;
  return acting.blueprint.memory.files_of(service) ? service : ServiceId::none();
}

// What is read of files of a known size is in the page cache as far as memory is left for them.
bool is_in_memory(const ActingDisk& acting, TaskId task, ServiceId service) {
  MemoryController& memcg = acting.world.memcg;
  if (memcg.finds(service, luck_of(acting, task, kHits).next_unit())) return true;
  memcg.keep(service, in_pages(acting.access(task).left), acting.now());
  write_swap(acting.world, acting.blueprint, acting.machine);
  return false;
}

bool is_cached(const ActingDisk& acting, TaskId task, const StepSpec& step) {
  if (step.file.what != FileUse::read || step.file.direct) return false;
  const ServiceId service = owner_of_files(acting, task);
  if (!service.is_none()) return is_in_memory(acting, task, service);
  if (step.probability <= 0) return false;
  return luck_of(acting, task, kHits).next_unit() < step.probability;
}

// What the task is asked for, of so many bytes. True when there is nothing to wait for.
bool use_file(const ActingDisk& acting, TaskId task, const StepSpec& step, Bytes bytes) {
  FileAccess& access = acting.access(task);
  access.use = step.file;
  access.left = bytes;
  if (bytes.is_zero() && step.file.what != FileUse::sync) return true;
  if (is_cached(acting, task, step)) return true;
  if (step.file.what == FileUse::hand_over) {
    hand_over(acting, bytes);
    return true;
  }
  access.left = in_pages(bytes);
  return begin_use(acting, task);
}

}  // namespace

void FileAccess::hash_into(Hasher& hasher) const {
  hasher.add(std::uint64_t{request.index()} << 32 | step);
  hasher.add(parts);
  hasher.add_signed(left.count());
}

void DiskState::hash_into(Hasher& hasher) const {
  device.hash_into(hasher);
  for (const FileAccess& access : accesses) access.hash_into(hasher);
  journal.hash_into(hasher);
  pages.hash_into(hasher);
  log.hash_into(hasher);
  hasher.add(std::uint64_t{writebacks} << 32 | paused);
  hasher.add(kernel_ios);
  if (swap.submitted.is_zero()) return;
  hasher.add_signed(swap.submitted.count());
  hasher.add_signed(swap.written.count());
}

bool begin_file_io(World& world, const Blueprint& blueprint, RequestId id, std::uint16_t step) {
  const Request& request = world.requests[id];
  const TaskRef task = request.task;
  const ActingDisk acting{world, blueprint, task.machine};
  FileAccess& access = acting.access(task.task);
  access = {};
  access.request = id;
  access.step = step;
  const StepSpec& spec = blueprint.classes[request.request_class].steps[step];
  const Bytes bytes(demand_of(world, blueprint, request, step).count());
  const bool goes_on = use_file(acting, task.task, spec, bytes);
  if (goes_on) access.request = RequestId::none();
  acting.schedule();
  return goes_on;
}

bool begin_file_io(World& world, const Blueprint& blueprint, NeighborId id) {
  const NeighborSpec& neighbor = blueprint.neighbors[id];
  const ActingDisk acting{world, blueprint, neighbor.task.machine};
  acting.access(neighbor.task.task) = {};
  const StepSpec& spec = neighbor.files->use;
  Draws luck = world.chance.neighbors[id].files.at(world.neighbors[id].uses);
  const Bytes bytes(std::get<Sampler>(spec.demand).draw_duration(luck).count());
  const bool goes_on = use_file(acting, neighbor.task.task, spec, bytes);
  acting.schedule();
  return goes_on;
}

// Wherever they are: few computers have disks.
void delete_temporary_files(World& world, RequestId id) {
  if (!std::exchange(world.requests[id].has_temporary_files, false)) return;
  for (DiskState& state : world.disks) state.pages.discard(id);
}

void forget_file_io(World& world, RequestId id) {
  if (world.disks.empty()) return;
  delete_temporary_files(world, id);
  const TaskRef task = world.requests[id].task;
  if (task.machine.is_none()) return;
  DiskState& state = world.disks[task.machine];
  if (state.accesses.size() == 0) return;
  FileAccess& access = state.accesses[task.task];
  if (access.request != id) return;
  if (!world.requests[id].ended) settle_account(world, id);
  const IoUser user = user_at(state, task.machine, IoOwner::task, task.task.index());
  world.disks[state.disk].device.forget(user);
  state.journal.forget(task.task);
  if (!access.stalled.is_none()) {
    forget_stall(world, task);
  } else if (!access.pause.is_none()) {
    --state.paused;
  }
  stop_timer(world, access.pause);
  access.request = RequestId::none();
}

void on_disk_due(World& world, const Blueprint& blueprint, MachineId machine, Effects& effects) {
  const ActingDisk disk{world, blueprint, machine};
  DiskState& state = disk.state();
  state.device.advance(disk.spec(), disk.now(), state.done);
  for (const Io& io : state.done) {
    const MachineId guest = io.user.guest;
    on_done({world, blueprint, guest.is_none() ? machine : guest}, io, effects);
  }
  state.done.clear();
  disk.schedule();
}

void on_writeback_due(World& world, const Blueprint& blueprint, MachineId machine) {
  const ActingDisk acting{world, blueprint, machine};
  acting.state().writeback = Timer::none();
  write_back(acting);
  acting.schedule();
}

void on_pages_cleaned(World& world, const Blueprint& blueprint, TaskRef task, Effects& effects) {
  const ActingDisk acting{world, blueprint, task.machine};
  if (has_paused_enough(acting, task.task)) {
    finish(acting, task.task, effects);
  } else {
    wait_as(acting, task.task, WaitState::disk_throttled);
  }
  acting.schedule();
}

// Of its own, or of the journal, which writes for all who have joined it.
IoTimes io_so_far(const World& world, const Request& request) {
  const MachineId machine = request.task.machine;
  const DiskState& state = world.disks[machine];
  const TaskId task = request.task.task;
  const bool commits = state.journal.commits_for(task);
  const IoUser user = commits ? user_at(state, machine, IoOwner::journal, 0)
                              : user_at(state, machine, IoOwner::task, task.index());
  return world.disks[state.disk].device.times_so_far(user, world.events.now());
}

}  // namespace cotenant

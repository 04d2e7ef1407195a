// SPDX-License-Identifier: Apache-2.0
#include "models/disk/file_io.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "models/disk/acting_disk.h"
#include "models/disk/swap.h"
#include "models/workload/workload.h"

namespace cotenant {
namespace {

constexpr Bytes kCachePage{4096};

// What one IO has at most: 256 pages (BIO_MAX_VECS, include/linux/bio.h); of buffered reads, what
// is read ahead (read_ahead_kb, 128 by default).
constexpr Bytes kLargestIo{1 << 20};
constexpr Bytes kReadAhead{128 << 10};

// A transaction that an append needs: a descriptor, and the blocks of the inode, of two bitmaps and
// of a group descriptor; then the block that commits it. Counted from the layout of ext4, not
// measured.
constexpr Bytes kTransaction{20 << 10};

// IOs of the writeback that the device has at once: those that wbt leaves it beside others
// (block/blk-wbt.c). Assumed.
constexpr std::uint32_t kWritebacks = 2;

// Of a file that is there already: only the cache of the disk is left to be written.
constexpr std::uint32_t kFlushed = std::numeric_limits<std::uint32_t>::max();

// Under the streams of the demands of a step, beside those of models/workload/workload.cpp.
constexpr std::uint64_t kHits = std::uint64_t{1} << 32;
constexpr std::uint64_t kLatencies = std::uint64_t{2} << 32;
constexpr std::uint64_t kFlushes = std::uint64_t{3} << 32;

using Acting = ActingDisk;

Bytes in_pages(Bytes bytes) {
  return Bytes((bytes.count() + kCachePage.count() - 1) / kCachePage.count() * kCachePage.count());
}

// A request has the same luck in every setup, and other luck in each attempt.
Draws luck_of(const Acting& acting, const FileAccess& access, std::uint64_t purpose) {
  const Request& request = acting.world.requests[access.request];
  const Stream stream = acting.world.chance.demands[request.request_class][access.step];
  return stream.sub(purpose | request.attempts).sub(access.parts).at(request.ordinal);
}

// --- Of requests

void book(const Acting& acting, RequestId id, const IoTimes& times) {
  Request& request = acting.world.requests[id];
  if (!request.ended && request.state != WaitState::swap_in) {
    book_io(request, times, acting.now());
  }
}

bool reads(const StepSpec& step) {
  return use_of(step) == FileUse::read || use_of(step) == FileUse::swap;
}

Bytes largest(const StepSpec& step) {
  if (use_of(step) == FileUse::swap) return kSwapCluster;
  return reads(step) && !step.file.direct ? kReadAhead : kLargestIo;
}

// An empty write that takes the cache of the disk along.
void begin_flush(const Acting& acting, TaskId task) {
  FileAccess& access = acting.access(task);
  Io io;
  io.owner = IoOwner::task;
  io.id = task.index();
  io.group = kRootGroup;
  io.kind = IoKind::write;
  Draws luck = luck_of(acting, access, kFlushes);
  io.latency = acting.spec().device.flush.draw_duration(luck);
  access.parts = kFlushed;
  wait_as(acting, access.request, WaitState::disk_service);
  submit(acting, io);
}

// --- Of the journal

void submit_commit(const Acting& acting, bool is_last) {
  Io io;
  io.owner = IoOwner::journal;
  io.group = kRootGroup;
  io.kind = IoKind::write;
  io.continues = is_last;
  io.bytes = is_last ? kCachePage : kTransaction;
  const DeviceSpec& device = acting.spec().device;
  Draws luck = kernel_luck(acting);
  io.latency = device.medium.write.latency.draw_duration(luck);
  if (is_last) io.latency += device.flush.draw_duration(luck);
  submit(acting, io);
}

void commit_if_any(const Acting& acting) {
  Journal& journal = acting.state().journal;
  if (!journal.may_commit()) return;
  journal.begin_commit();
  for (const TaskId member : journal.members()) {
    wait_as(acting, acting.access(member).request, WaitState::disk_service);
  }
  submit_commit(acting, false);
}

void join_journal(const Acting& acting, TaskId task) {
  wait_as(acting, acting.access(task).request, WaitState::disk_queue);
  acting.state().journal.join(task);
  commit_if_any(acting);
}

void journal_wrote(const Acting& acting, const IoTimes& times, Effects& effects) {
  Journal& journal = acting.state().journal;
  for (const TaskId member : journal.members()) {
    book(acting, acting.access(member).request, times);
  }
  if (!journal.takes_block_last()) return submit_commit(acting, true);
  for (const TaskId member : journal.members()) finish(acting, member, effects);
  journal.end_commit();
  commit_if_any(acting);
}

// --- Of dirty pages

void write_back(const Acting& acting) {
  DiskState& state = acting.state();
  while (state.writebacks < kWritebacks) {
    const DirtyExtent extent = state.pages.take(acting.spec().dirty, kLargestIo, acting.now());
    if (extent.bytes.is_zero()) break;
    Io io;
    io.owner = IoOwner::writeback;
    io.group = extent.group;
    io.kind = IoKind::write;
    io.bytes = extent.bytes;
    Draws luck = kernel_luck(acting);
    io.latency = acting.spec().device.medium.write.latency.draw_duration(luck);
    ++state.writebacks;
    submit(acting, io);
  }
  if (!state.pages.any_waits() || !state.writeback.is_none()) return;
  state.writeback =
      acting.world.events.start_timer(acting.now() + kDirtyWakes, order(Phase::server),
                                      {EventKind::writeback_due, acting.machine.index()});
}

// True when the task may go on.
bool balance(const Acting& acting, TaskId task, Bytes bytes) {
  DiskState& state = acting.state();
  const Duration pause = state.pages.pause(acting.spec().dirty, bytes, state.paused);
  if (pause.is_zero()) return true;
  FileAccess& access = acting.access(task);
  wait_as(acting, access.request, WaitState::disk_throttled);
  ++state.paused;
  access.pause =
      acting.world.events.start_timer(acting.now() + pause, order(Phase::server),
                                      {EventKind::pages_cleaned, access.request.index()});
  return false;
}

bool dirty_pages(const Acting& acting, TaskId task) {
  FileAccess& access = acting.access(task);
  const Bytes bytes = std::exchange(access.left, Bytes(0));
  acting.state().pages.add(acting.blueprint.task({acting.machine, task}).group, bytes,
                           acting.now());
  write_back(acting);
  const bool goes_on = balance(acting, task, bytes);
  if (goes_on) access.request = RequestId::none();
  return goes_on;
}

// What follows an IO of the task.
void go_on(const Acting& acting, TaskId task, Effects& effects) {
  const FileAccess& access = acting.access(task);
  const FileUse what = use_of(acting.step(access));
  if (what == FileUse::swap) return read_more_swap(acting, task, effects);
  if (!access.left.is_zero()) return begin_part(acting, task);
  if (what == FileUse::append) return join_journal(acting, task);
  const bool is_flushed = access.parts == kFlushed;
  if (what == FileUse::sync && !is_flushed) return begin_flush(acting, task);
  finish(acting, task, effects);
}

void on_done(const Acting& acting, const Io& io, Effects& effects) {
  switch (io.owner) {
    case IoOwner::nobody:
      return;
    case IoOwner::swap:
      return swap_written(acting, io, effects);
    case IoOwner::task:
      book(acting, acting.access(TaskId(io.id)).request, io.times);
      return go_on(acting, TaskId(io.id), effects);
    case IoOwner::journal:
      return journal_wrote(acting, io.times, effects);
    case IoOwner::writeback:
      --acting.state().writebacks;
      acting.state().pages.written(io.bytes, acting.now());
      return write_back(acting);
  }
}

// What is read of files of a known size is in the page cache as far as memory is left for them.
bool is_in_memory(const Acting& acting, const FileAccess& access, ServiceId service) {
  MemoryController& memcg = acting.world.memcg;
  if (memcg.finds(service, luck_of(acting, access, kHits).next_unit())) return true;
  memcg.keep(service, in_pages(access.left), acting.now());
  write_swap(acting.world, acting.blueprint, acting.machine);
  return false;
}

bool is_cached(const Acting& acting, const FileAccess& access, const StepSpec& step) {
  if (!reads(step) || step.file.direct) return false;
  const Request& request = acting.world.requests[access.request];
  const ServiceId service = acting.blueprint.classes[request.request_class].service;
  if (acting.blueprint.memory.files_of(service)) return is_in_memory(acting, access, service);
  if (step.probability <= 0) return false;
  return luck_of(acting, access, kHits).next_unit() < step.probability;
}

}  // namespace

void begin_part(const ActingDisk& acting, TaskId task) {
  FileAccess& access = acting.access(task);
  const StepSpec& step = acting.step(access);
  Io io;
  io.owner = IoOwner::task;
  io.id = task.index();
  io.group = acting.group(task);
  io.kind = reads(step) ? IoKind::read : IoKind::write;
  const bool swaps = use_of(step) == FileUse::swap;
  io.continues = access.parts > 0 && !swaps;
  io.bytes = std::min(access.left, largest(step));
  Draws luck = luck_of(acting, access, kLatencies);
  io.latency = acting.spec().device.medium[io.kind].latency.draw_duration(luck);
  access.left -= io.bytes;
  ++access.parts;
  wait_as(acting, access.request, swaps ? WaitState::swap_in : WaitState::disk_service);
  submit(acting, io);
}

void schedule(const ActingDisk& acting) {
  EventSet<Event>& events = acting.world.events;
  const Slot slot = acting.world.disk_slot(acting.machine);
  const Instant due = acting.state().device.next_instant();
  if (due == events.scheduled_at(slot)) return;
  if (due == Instant::never()) return events.cancel(slot);
  events.schedule(slot, due, order(Phase::server), {EventKind::disk_due, acting.machine.index()});
}

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
  hasher.add(std::uint64_t{writebacks} << 32 | paused);
  hasher.add(kernel_ios);
  if (swap.submitted.is_zero()) return;
  hasher.add_signed(swap.submitted.count());
  hasher.add_signed(swap.written.count());
}

bool begin_file_io(World& world, const Blueprint& blueprint, RequestId id, std::uint16_t step) {
  const TaskRef task = world.requests[id].task;
  const Acting acting{world, blueprint, task.machine};
  FileAccess& access = acting.access(task.task);
  access = {};
  access.request = id;
  access.step = step;
  access.left = Bytes(demand_of(world, blueprint, world.requests[id], step).count());
  const StepSpec& spec = acting.step(access);
  const bool takes_none = access.left.is_zero() && spec.file.what != FileUse::sync;
  if (takes_none || is_cached(acting, access, spec)) {
    access.request = RequestId::none();
    return true;
  }
  access.left = in_pages(access.left);
  bool goes_on = false;
  if (spec.file.what == FileUse::dirty) {
    goes_on = dirty_pages(acting, task.task);
  } else if (access.left.is_zero()) {
    begin_flush(acting, task.task);
  } else {
    begin_part(acting, task.task);
  }
  schedule(acting);
  return goes_on;
}

void forget_file_io(World& world, RequestId id) {
  if (world.disks.empty()) return;
  const TaskRef task = world.requests[id].task;
  if (task.machine.is_none()) return;
  DiskState& state = world.disks[task.machine];
  if (state.accesses.size() == 0) return;
  FileAccess& access = state.accesses[task.task];
  if (access.request != id) return;
  Request& request = world.requests[id];
  if (!request.ended) settle_account(world, request);
  state.device.forget(IoOwner::task, task.task.index());
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
  const Acting acting{world, blueprint, machine};
  DiskState& state = acting.state();
  state.device.advance(acting.spec(), acting.now(), state.done);
  for (const Io& io : state.done) on_done(acting, io, effects);
  state.done.clear();
  schedule(acting);
}

void on_writeback_due(World& world, const Blueprint& blueprint, MachineId machine) {
  const Acting acting{world, blueprint, machine};
  acting.state().writeback = Timer::none();
  write_back(acting);
  schedule(acting);
}

// Over the limit it may not even then.
void on_pages_cleaned(World& world, const Blueprint& blueprint, RequestId id, Effects& effects) {
  const TaskRef task = world.requests[id].task;
  const Acting acting{world, blueprint, task.machine};
  DiskState& state = acting.state();
  acting.access(task.task).pause = Timer::none();
  --state.paused;
  const bool waits_on = state.pages.is_over_limit(acting.spec().dirty);
  if (waits_on && !balance(acting, task.task, kCachePage)) return;
  finish(acting, task.task, effects);
}

// Of its own, or of the journal, which writes for all who have joined it.
IoTimes io_so_far(const World& world, const Request& request) {
  const DiskState& state = world.disks[request.task.machine];
  const TaskId task = request.task.task;
  const Instant now = world.events.now();
  if (state.journal.commits_for(task)) {
    return state.device.times_so_far(IoOwner::journal, 0, now);
  }
  return state.device.times_so_far(IoOwner::task, task.index(), now);
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Schedulers allocate when they are made and never again: this file replaces the global operator
// new by one that counts.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "models/cpu/cpu.h"
#include "tests/models/cpu/rig.h"

namespace {

std::size_t allocations = 0;

}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto align = static_cast<std::size_t>(alignment);
  void* memory = std::aligned_alloc(align, (size + align - 1) / align * align);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace cotenant::cpu_test {
namespace {

// Thousands of demands, completions, throttlings, kills, coincidences and changes of supply.
void exercise(Cpu& cpu, const std::vector<TaskId>& tasks, std::vector<Completion>& completed) {
  for (const TaskId task : tasks) cpu.demand(task, CpuTime(1'000 + task.index()), Instant(0));
  for (std::int64_t i = 0; i < 5'000; ++i) {
    const Instant now = cpu.next_instant();
    ASSERT_NE(now, Instant::never());
    const auto dice = mix64(static_cast<std::uint64_t>(i));
    if (dice % 7 == 0) cpu.set_supply(CoreId(0), kFullSpeed / (1 + dice % 5), now);
    completed.clear();
    cpu.advance(now, completed);
    for (const Completion& done : completed) {
      cpu.demand(done.task, CpuTime(static_cast<std::int64_t>(1 + dice % 4'000)), now);
      if (dice % 11 != 0) continue;
      cpu.withdraw(done.task, now);
      cpu.demand(done.task, CpuTime(5), now);
    }
  }
}

TEST(SteadyState, NothingIsAllocated) {
  for (const SchedulerKind kind : kSchedulerKinds) {
    SCOPED_TRACE(name_of(kind));
    Host host(2);
    const GroupId group =
        kind != SchedulerKind::fifo
            ? host.limited_group(kRootGroup, 1024, {CpuTime(9'000), microseconds(10), CpuTime(100)})
            : kRootGroup;
    auto tasks = host.tasks(20);
    for (const TaskId task : host.tasks(20, group)) tasks.push_back(task);
    Cpu cpu(kind, host.topology, host.phases);
    std::vector<Completion> completed;
    completed.reserve(tasks.size());
    const std::size_t before = allocations;
    exercise(cpu, tasks, completed);
    EXPECT_EQ(allocations, before);
    // The counter counts.
    const std::vector<int> something(1);
    EXPECT_EQ(allocations, before + something.size());
  }
}

}  // namespace
}  // namespace cotenant::cpu_test

// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: what the processes of a service occupy, and what single requests do.
// Limits are said by setups: scenarios/fields_setup.h.
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/scenario.h"

namespace cotenant {

// Of a process, a group or a machine.
inline constexpr Bytes kLargestMemory{std::int64_t{1} << 50};
inline constexpr Whole kAnyMemory = between(Bytes(0), kLargestMemory);
inline constexpr Whole kSomeMemory = between(Bytes(1), kLargestMemory);

inline constexpr std::array<std::string_view, 2> kFileOrders = {"random", "sequential"};

template <>
inline constexpr Title kTitle<ServiceMemory> = {
    "memory",
    "What the processes of a service occupy. Without it their memory does not count, and they are "
    "never killed for it. Those of nginx, Redis and PostgreSQL never are."};
template <>
inline constexpr Title kTitle<HoldStep> = {
    "hold_step", "Takes memory that it gives back when the request leaves its process."};
template <>
inline constexpr Title kTitle<LeakStep> = {"leak_step",
                                           "Takes memory that its process never gives back."};

inline constexpr std::array<std::string_view, 5> kCollectors = {"3.9", "3.11", "3.12", "3.13",
                                                                "3.14.5"};
inline constexpr Whole kObjects = {0, 1'000'000'000};

template <>
inline constexpr Title kTitle<GarbageCollection> = {
    "gc",
    "Python's cyclic garbage collector: when it looks at the objects of a process, and for how "
    "long everybody there waits."};
template <>
inline constexpr Title kTitle<Files> = {
    "files",
    "The files that a service reads, as far as they may be in the page cache. How much of them is "
    "there follows from the memory that is left."};
template <>
inline constexpr Title kTitle<Swap> = {"swap", "Swap on the disk of its computer."};

template <class Visitor, Same<ServiceMemory> T>
void fields(Visitor& v, T& memory) {
  v.field("base", memory.base,
          {.help = "Of each process, its own, once it has imported the application: USS, or what "
                   "PSS grows by for one more of them.",
           .required = true,
           .whole = kAnyMemory});
  v.field("main", memory.main,
          {.help = "Of the main process, once, and for the whole run; after a preload with all "
                   "pages that the others share with it.",
           .whole = kAnyMemory});
  v.field("copied", memory.copied,
          {.help = "How much of what it shares with the main process a process makes its own, "
                   "because Python writes reference counts into it.",
           .whole = kAnyMemory});
  v.field("copied_over", memory.copied_over,
          {.help = "In how many of its first requests, evenly.", .whole = {1, 1'000'000'000}});
  v.field("per_request", memory.per_request,
          {.help = "What each request holds from its first step on until its process has sent the "
                   "reply.",
           .whole = kAnyMemory});
  v.field("leak_per_request", memory.leak_per_request,
          {.help = "What each request leaves behind for good.", .whole = kAnyMemory});
  v.field(
      "leak_per_hour", memory.leak_per_hour,
      {.help = "What each process leaks as time passes, in pieces of 1 MiB.", .whole = kAnyMemory});
  v.field("cache_per_request", memory.cache_per_request,
          {.help = "What each request adds to a cache of its process.", .whole = kAnyMemory});
  v.field("cache_max", memory.cache_max,
          {.help = "How large that grows at most.",
           .whole = kAnyMemory,
           .absent = "it grows without end"});
  v.field("retained", memory.retained,
          {.help = "Fragmentation: of the most that its requests have held at once, the share that "
                   "a process keeps when they let it go.",
           .real = {0, 1}});
  v.field("working_set", memory.working_set,
          {.help = "How much of a process its requests use; the rest is swapped out first, and "
                   "nobody misses it.",
           .whole = kAnyMemory,
           .absent = "all of it, and its machine may have no swap"});
  v.field("touched_per_request", memory.touched_per_request,
          {.help = "How much of the working set each request uses: what of that has been swapped "
                   "out is read again before.",
           .whole = kAnyMemory,
           .absent = "all of it"});
  v.field("per_connection", memory.per_connection,
          {.help = "What a process has for each connection that it has accepted, until it closes "
                   "it: protocol, transport, buffers, TLS. Kept and silent ones count, too.",
           .whole = kAnyMemory});
  v.field("per_socket", memory.per_socket,
          {.help = "What the kernel has for the same, charged to the group of the process: 3.7 KiB "
                   "and what is in its buffers.",
           .whole = kAnyMemory});
}
template <class Visitor, Same<GarbageCollection> T>
void fields(Visitor& v, T& gc) {
  v.field("python", gc.python,
          {.help = "The version of CPython: since 3.13 the youngest objects are looked at after "
                   "2000 more of them, before that after 700. The incremental collector of 3.14.0 "
                   "to 3.14.4 is not simulated.",
           .choices = kCollectors});
  v.field("objects", gc.objects,
          {.help = "Container objects that each process has for good, len(gc.get_objects()) after "
                   "the import: a full collection looks at all of them.",
           .required = true,
           .whole = kObjects});
  v.field("objects_per_request", gc.objects_per_request,
          {.help = "Container objects that a request makes and has all at once before it is over: "
                   "rows, dictionaries, instances.",
           .required = true,
           .whole = {0, 10'000'000}});
  v.field("cycles_per_request", gc.cycles_per_request,
          {.help = "How many of these are in cycles of references: only the collector frees them.",
           .whole = {0, 10'000'000}});
  v.field("freeze", gc.freeze,
          {.help = "gc.freeze() after the import, and before workers are forked: the collector "
                   "never looks at what there is by then."});
}
template <class Visitor, Same<Files> T>
void fields(Visitor& v, T& files) {
  v.field("size", files.size,
          {.help = "How large all together are that it reads again and again.",
           .required = true,
           .whole = kSomeMemory});
  v.field("order", files.order,
          {.help = "random: each part is read as often as any other, and found as likely as its "
                   "share in memory is; sequential: from end to end over and over, so nothing is "
                   "found unless all of it fits.",
           .choices = kFileOrders});
  v.field("cold", files.cold,
          {.help = "Nothing of them is in memory when a run begins, as after a reboot; otherwise "
                   "as much as finds room."});
}
template <class Visitor, Same<Swap> T>
void fields(Visitor& v, T& swap) {
  v.field("size", swap.size, {.help = "How large it is.", .required = true, .whole = kSomeMemory});
  v.field("swappiness", swap.swappiness,
          {.help = "vm.swappiness: how much rather pages of processes go than those of files; "
                   "100: both alike, 0: never.",
           .whole = {0, 200}});
}
template <class Visitor, Same<HoldStep> T>
void fields(Visitor& v, T& step) {
  v.field("hold", step.hold,
          {.help = "How much. Touching it costs CPU, which is a step of its own: 0.7 ms per MiB in "
                   "the recordings of docs/models/memory.md.",
           .required = true,
           .whole = kAnyMemory});
}
template <class Visitor, Same<LeakStep> T>
void fields(Visitor& v, T& step) {
  v.field("leak", step.leak, {.help = "How much.", .required = true, .whole = kAnyMemory});
}

}  // namespace cotenant

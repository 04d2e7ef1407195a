// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: what the processes of a service occupy, and what single requests do.
// Limits are said by setups: scenarios/fields_setup.h.
#pragma once

#include "scenarios/field.h"
#include "scenarios/scenario_application.h"

namespace cotenant {

// Of a process, a group or a machine.
inline constexpr Bytes kLargestMemory{std::int64_t{1} << 50};
inline constexpr Whole kAnyMemory = between(Bytes(0), kLargestMemory);
inline constexpr Whole kSomeMemory = between(Bytes(1), kLargestMemory);

template <>
inline constexpr Title kTitle<ServiceMemory> = {
    "memory",
    "What the processes of a service occupy. Without it their memory does not count, and they are "
    "never killed for it."};
template <>
inline constexpr Title kTitle<HoldStep> = {
    "hold_step", "Takes memory that it gives back when the request leaves its process."};
template <>
inline constexpr Title kTitle<LeakStep> = {"leak_step",
                                           "Takes memory that its process never gives back."};

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

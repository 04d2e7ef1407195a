// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: the candidate setups, each a machine, its cgroups and who runs in them. Ranges
// of kernel knobs are the kernel's (Documentation/admin-guide/cgroup-v2.rst;
// kernel/sched/fair.c, 6.12).
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/fields_law.h"
#include "scenarios/scenario.h"

namespace cotenant {

inline constexpr std::array<std::string_view, 2> kSchedulers = {"fluid", "fifo"};

template <>
inline constexpr Title kTitle<CpuMax> = {"cpu_max",
                                         "A CPU limit: cpu.max and cpu.max.burst of a cgroup."};
template <>
inline constexpr Title kTitle<Group> = {"group", "A cgroup: a container, a tenant, a slice."};
template <>
inline constexpr Title kTitle<Placement> = {"placement",
                                            "Where and how a service runs in this setup."};
template <>
inline constexpr Title kTitle<Machine> = {"machine", "The computer, or the virtual one."};
template <>
inline constexpr Title kTitle<Setup> = {
    "setup", "One candidate: a machine and how the application runs on it."};

template <class Visitor, Same<Machine> T>
void fields(Visitor& v, T& machine) {
  v.field("cores", machine.cores, {.help = "CPU cores.", .required = true, .whole = {1, 4096}});
  v.field(
      "scheduler", machine.scheduler,
      {.help =
           "fluid: ideal fair sharing with weights and limits; fifo: each task runs to its end.",
       .choices = kSchedulers});
  v.field("somaxconn", machine.somaxconn,
          {.help = "net.core.somaxconn: the upper limit of every backlog.", .whole = {0, 65'535}});
}
template <class Visitor, Same<CpuMax> T>
void fields(Visitor& v, T& limit) {
  v.field("quota", limit.quota,
          {.help = "CPU time per period; above one period it is more than one core.",
           .required = true,
           .whole = between(milliseconds(1), seconds(4096))});
  v.field("period", limit.period,
          {.help = "The period.", .whole = between(milliseconds(1), seconds(1))});
  v.field("burst", limit.burst,
          {.help = "Unused quota that may be saved for later, at most 10 times the quota.",
           .whole = between(nanoseconds(0), seconds(40'960))});
  v.field("phase", limit.phase.fixed,
          {.help = "When the first period starts. The kernel's is random, fixed by when the cgroup "
                   "was made.",
           .whole = between(nanoseconds(0), seconds(1)),
           .word = "random"});
}
template <class Visitor, Same<Group> T>
void fields(Visitor& v, T& group) {
  v.field("parent", group.parent, {.help = "The group it is inside of.", .absent = "the root"});
  v.field("cpu_weight", group.cpu_weight,
          {.help = "cpu.weight: its share against its siblings when CPU is scarce.",
           .whole = {1, 10'000}});
  v.field("cpu_max", group.cpu_max, {.help = "Its CPU limit.", .absent = "no limit"});
}
template <class Visitor, Same<Placement> T>
void fields(Visitor& v, T& placement) {
  v.field("group", placement.group,
          {.help = "The group its workers run in.", .absent = "the root"});
  v.field("nice", placement.nice, {.help = "The nice value of its workers.", .whole = {-20, 19}});
  v.field("task_weight", placement.task_weight,
          {.help = "The scheduler's load weight of each worker, instead of nice; 1024 is nice 0.",
           .whole = {1, 1'000'000},
           .absent = "as nice says"});
  v.field(
      "workers", placement.workers,
      {.help = "Workers in this setup.", .whole = {1, 10'000}, .absent = "as the service says"});
  v.at_most_one_of({"nice", "task_weight"});
}
template <class Visitor, Same<Setup> T>
void fields(Visitor& v, T& setup) {
  v.field("description", setup.description,
          {.help = "What it is, for the reader.", .multiline = true});
  v.field("price", setup.price,
          {.help = "Price per month.", .absent = "unknown: never called the cheapest"});
  v.field("machine", setup.machine, {.help = "The computer.", .required = true});
  v.field("groups", setup.groups, {.help = "The cgroups by name."});
  v.field("services", setup.services,
          {.help = "Placements by service; a service that is not named runs in the root at nice 0.",
           .references = "services"});
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Swap: what memory that is scarce has tasks wait for. What others have to be swapped out for is
// written first, then what of the own process was swapped out is read again, a cluster at a time,
// and who is above memory.high sleeps. Who is swapped out, and how long the sleep is, says
// models/memory. Mechanism and sources: docs/models/reclaim.md.
#pragma once

#include "models/disk/acting_disk.h"
#include "models/effects.h"

namespace cotenant {

// Writes what has been swapped out since it was last called.
void write_swap(World& world, const Blueprint& blueprint, MachineId machine);

// A step of a request has taken memory. True when there is nothing to wait for; otherwise its task
// is blocked. Effect, later: CallsDone.
bool begin_stall(World& world, const Blueprint& blueprint, RequestId request, std::uint16_t step,
                 const Taken& taken, bool pushed_others_out);

// An IO of swap is done: of a task that reads, of one that has been written.
void read_more_swap(const ActingDisk& acting, TaskId task, Effects& effects);
void swap_written(const ActingDisk& acting, const Io& io, Effects& effects);

void on_stall_over(World& world, const Blueprint& blueprint, RequestId request, Effects& effects);

// The task is gone.
void forget_stall(World& world, TaskRef task);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Files: what a step of a request that reads or writes one makes of it, and what threads do with
// files that serve nobody. Reads that the page cache has take no time, buffered writes only dirty
// pages, and what must be durable is written, then committed by the journal. Whoever does it is
// blocked meanwhile; what a server does then is its own business. Mechanism, sources and evidence:
// docs/models/disk.md.
#pragma once

#include "models/blueprint.h"
#include "models/effects.h"
#include "models/world.h"

namespace cotenant {

// The request has come to such a step. True when there is nothing to wait for; otherwise its task
// is blocked. Effect, later: CallsDone.
bool begin_file_io(World& world, const Blueprint& blueprint, RequestId request, std::uint16_t step);
// The same of a neighbor that uses files. Effect, later: NeighborServed.
bool begin_file_io(World& world, const Blueprint& blueprint, NeighborId neighbor);

// Its task is gone: nobody waits for that any more.
void forget_file_io(World& world, RequestId request);

// It is over, and so are they: what of them is not written never will be.
void delete_temporary_files(World& world, RequestId request);

void on_disk_due(World& world, const Blueprint& blueprint, MachineId machine, Effects& effects);
void on_writeback_due(World& world, const Blueprint& blueprint, MachineId machine);
// The task may dirty pages again.
void on_pages_cleaned(World& world, const Blueprint& blueprint, TaskRef task, Effects& effects);

// How the time divides, so far, of the IO that the request's task is blocked by.
IoTimes io_so_far(const World& world, const Request& request);

}  // namespace cotenant

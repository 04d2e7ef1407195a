// SPDX-License-Identifier: Apache-2.0
//
// Scenario to blueprint, part: disks, and what groups may do with them.
#pragma once

#include "models/machine/machine.h"
#include "scenarios/scenario.h"

namespace cotenant {

// That it says, or that the kernel chooses for its kind.
IoSchedulerKind scheduler_kind_of(const Disk& disk);

// Of a computer whose groups are numbered already.
DiskSpec compile_disk(const Disk& disk, const Named<Group>& groups, const MachineSpec& machine);

}  // namespace cotenant

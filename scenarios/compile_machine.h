// SPDX-License-Identifier: Apache-2.0
//
// Scenario to blueprint, part: machines, their groups and how tasks are scheduled. The field
// table's texts and percentages become the kernel's weights and nanoseconds.
#pragma once

#include <string>

#include "models/machine/machine.h"
#include "scenarios/scenario.h"

namespace cotenant {

// The hardware of a setup, or a guest. Its groups are numbered; it has no tasks yet.
MachineSpec compile_machine(const Machine& machine, const Named<Group>& groups, bool has_guests);

// A task of that machine. The group exists: check() saw to it.
CpuTask compile_task(const Scheduling& scheduling, const MachineSpec& machine);

// cpu.weight that container runtimes make of cpu.shares (linux.md 1.2): linear in runc before 1.3.2
// and crun before 1.23, logarithmic later.
std::int64_t linear_weight_of_shares(std::int64_t shares);
std::int64_t logarithmic_weight_of_shares(std::int64_t shares);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Checks of what is said about memory.
#pragma once

#include <string>
#include <vector>

#include "scenarios/checker.h"

namespace cotenant {

void check_memory(Checker& checker, const std::string& pointer, const Service& service);

// Steps that take memory, of requests to whoever may say nothing of its own.
void check_memory_steps(Checker& checker, const std::string& pointer,
                        const std::vector<Step>& steps, const Service& service);

// Steps that read files of which it is known how large they are.
void check_read_steps(Checker& checker, const std::string& pointer, const std::vector<Step>& steps,
                      const Service& service);

// Swap of a computer, and limits of it; and of what depends how it is used.
void check_swap(Checker& checker, const Computer& computer, const Setup& setup);

// What its neighbors hold all the time; the pointer is that of the setup or node they are of.
void check_neighbor_memory(Checker& checker, const std::string& pointer, const Computer& computer,
                           const Named<Neighbor>& neighbors);

// Groups of which all processes are killed at once, their main processes, too.
void check_oom_groups(Checker& checker, const Computer& computer, const Setup& setup);

// Who starts it again in a setup.
void check_restart(Checker& checker, const std::string& pointer, const Placement& placement,
                   const Service& service);

// Of its processes in a setup.
void check_oom_score(Checker& checker, const std::string& pointer, const Placement& placement,
                     const Service& service);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// How many tasks of the kernel a service is in a setup.
#pragma once

#include <cstdint>
#include <optional>

#include "scenarios/scenario.h"

namespace cotenant {

// Processes that work; null: it is placed nowhere in particular. None of an external service.
std::int64_t workers_of(const Service& service, const Placement* placement);

// Of each of them.
std::int64_t threads_of(const Service& service);

// Processes and threads that there are at once at most, main processes included, where so many
// requests may be in progress: NPROC of CloudLinux counts them.
std::int64_t most_tasks_of(const Service& service, const Placement* placement,
                           const std::optional<std::int64_t>& entry_processes);

}  // namespace cotenant

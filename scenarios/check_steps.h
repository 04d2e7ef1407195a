// SPDX-License-Identifier: Apache-2.0
//
// Checks of what request classes and operations do.
#pragma once

#include <string>
#include <vector>

#include "scenarios/checker.h"

namespace cotenant {

void check_steps(Checker& checker, const std::string& pointer, const std::vector<Step>& steps,
                 bool replayed);

// What only means something to an event loop, where the service is none.
void check_handler(Checker& checker, const std::string& pointer, const std::string& handler,
                   const std::vector<Step>& steps, const Service& service);

// What is said about tasks, of requests to whoever takes none.
void check_task(Checker& checker, const std::string& pointer, const TaskOptions& task,
                const Service& service);

// Steps that end their process, where that works on no task.
void check_crashes(Checker& checker, const std::string& pointer, const std::vector<Step>& steps,
                   const Service& service);

// Turns requests away at once, in some setup.
bool is_limited(const Scenario& scenario, const Service& service);

// The steps may be over at the instant at which they begin. Requires that services do not call each
// other in a circle.
bool may_take_no_time(const Scenario& scenario, const Service& service,
                      const std::vector<Step>& steps);

}  // namespace cotenant

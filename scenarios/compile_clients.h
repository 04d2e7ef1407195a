// SPDX-License-Identifier: Apache-2.0
//
// What clients send and receive, and how fast: from what was said to what a run looks up.
#pragma once

#include <vector>

#include "models/blueprint.h"
#include "scenarios/scenario.h"

namespace cotenant {

LinksSpec compile_links(const Clients& clients);

// How long a platform lets them wait.
std::optional<RouterSpec> compile_router(const std::optional<Router>& router);

// None: the class says nothing of sizes.
std::optional<BodySpec> compile_body(const RequestClass& request);

// What a server has to do with slow clients, before and after what else it does for a request.
struct TransferSteps {
  bool upload = false;
  bool download = false;
};
TransferSteps transfer_steps(const Workload& workload, const RequestClass& request);
std::vector<StepSpec> with_transfers(std::vector<StepSpec> steps, TransferSteps transfers);

// What a web server before such a server does with slow clients.
Front front_of(const Service& service);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// A setup with replicas is the setup in which a load balancer passes requests on to several
// computers that are alike. This file writes that setup down: what is said once becomes nodes,
// services and a proxy, and no model needs to know of replicas. Mechanism and assumptions:
// docs/models/replicas.md.
#pragma once

#include <string>
#include <vector>

#include "scenarios/scenario.h"

namespace cotenant {

// It has replicas, or one of them behind a balancer.
bool is_balanced(const Setup& setup);

// "web-2": a replica of a service, or of the computer that it is on.
std::string replica_name(const std::string& name, std::int64_t number);

// The services of which each replica has one: those that are placed on the computer of the setup.
std::vector<std::string> replicated_services(const Scenario& scenario, const Setup& setup);

// The scenario with that setup only, which is on machines: its computer is that of the balancer,
// which bears the name of the service in front of which it is, and the replicas are nodes.
Scenario behind_balancer(const Scenario& scenario, const std::string& setup);

}  // namespace cotenant

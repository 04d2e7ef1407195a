// SPDX-License-Identifier: Apache-2.0
//
// Containers of Kubernetes: what a kubelet makes of their requests and limits. Each service in one
// is a pod of its own. docs/models/platforms.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "scenarios/scenario.h"

namespace cotenant {

enum class QosClass : std::uint8_t { guaranteed, burstable, best_effort };

// What it asks for, where that is not said what it may have at most.
Resources requests_of(const Container& container);

QosClass qos_of(const Container& container);

// Of its processes, on a node with so much memory.
std::int64_t oom_score_of(const Container& container, Bytes capacity);

// The groups that a kubelet has on each node, which only containers are in.
inline constexpr std::string_view kPods = "kubepods";
inline constexpr std::string_view kBurstable = "kubepods-burstable";
inline constexpr std::string_view kBestEffort = "kubepods-besteffort";

// The scenario in which every container is a group, and its placement says what follows from that.
Scenario in_containers(const Scenario& scenario);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// What a compose file or a manifest of Kubernetes says about one service: its limits, how many
// there are of it, and how its server is started.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"
#include "validation/import/findings.h"
#include "validation/import/server_settings.h"

namespace cotenant {

struct DeployedService {
  std::string name;
  std::string file;
  std::size_t line = 0;
  std::int64_t replicas = 1;
  ServerSettings settings;
  // Of a container of Docker.
  std::optional<CpuMax> cpu_max;
  std::optional<std::int64_t> cpu_shares;
  std::optional<Bytes> memory_max, memory_low;
  // Of one of Kubernetes; then there is nothing of the above.
  std::optional<Container> container;
  std::optional<Probes> probes;
};

// The services of docker-compose.yml. What is not YAML is an error.
Checked<std::vector<DeployedService>> read_compose(std::string_view text, FindingsOf findings);

// The containers of Deployments and StatefulSets; a HorizontalPodAutoscaler is told of.
Checked<std::vector<DeployedService>> read_kubernetes(std::string_view text, FindingsOf findings);

}  // namespace cotenant

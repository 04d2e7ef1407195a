// SPDX-License-Identifier: Apache-2.0
//
// The workload of a scenario, compiled: the same for all of its setups, which is what makes them
// comparable request by request.
#pragma once

#include <filesystem>

#include "models/server/service.h"
#include "models/service/upstream.h"
#include "models/workload/source.h"
#include "scenarios/scenario.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

struct CompiledWorkload {
  // Request classes, then operations; services are numbered as in Scenario::application.
  IdVector<ClassId, ClassSpec> classes;
  IdVector<CallSpecId, CallSpec> calls;
  IdVector<UpstreamId, UpstreamSpec> upstreams;  // of the proxies, in the order of the services
  IdVector<LockId, LockSpec> locks;
  IdVector<SourceId, SourceSpec> sources;
  std::uint32_t users = 0;
};

Checked<CompiledWorkload> compile_workload(const Scenario& scenario,
                                           const std::filesystem::path& directory);

}  // namespace cotenant

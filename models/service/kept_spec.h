// SPDX-License-Identifier: Apache-2.0
//
// Idle connections that a process keeps to another service for later calls: what requests.Session
// and httpx.Client do. When one is used, kept and closed is in models/workload/client.cpp;
// mechanism, sources and evidence: docs/models/connections.md.
#pragma once

#include <cstdint>
#include <optional>

#include "models/ids.h"
#include "sim/base/units.h"

namespace cotenant {

struct KeptSpec {
  ServiceId service;
  std::uint32_t most = 10;
  std::optional<Duration> longest;  // idle; none: for as long as the server keeps it
};

// Of whoever keeps connections.
struct Keeping {
  std::uint32_t most = 1;             // idle ones
  std::optional<Duration> longest;    // idle; none: nobody but the server looks
  std::optional<std::uint32_t> uses;  // of a proxy: after so many requests one is closed
};

// Those of one process, in Blueprint::kept.
struct KeptRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

}  // namespace cotenant

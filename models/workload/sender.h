// SPDX-License-Identifier: Apache-2.0
//
// How patient those are who send requests: the clients of the application, and its services where
// they call one another.
#pragma once

#include <optional>

#include "models/workload/retry.h"
#include "sim/base/units.h"

namespace cotenant {

struct SenderSpec {
  std::optional<Duration> timeout;  // of each attempt; none: they wait forever
  std::optional<RetrySpec> retries;
};

}  // namespace cotenant

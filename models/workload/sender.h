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

// What a platform has before all that it runs: it answers clients instead of an application that
// takes too long, which goes on all the same. docs/models/platforms.md.
struct RouterSpec {
  Duration timeout;  // of each attempt, until its reply begins
  Outcome reply;
};

}  // namespace cotenant

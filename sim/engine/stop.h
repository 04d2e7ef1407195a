// SPDX-License-Identifier: Apache-2.0
//
// Why a run ended, and what it may spend. Reasons are values, not exceptions: a run that hits a
// limit is a result, which the report names. There is no limit on wall time here; that belongs to
// the faces.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "sim/base/units.h"

namespace cotenant {

enum class StopReason : std::uint8_t {
  finished,         // nothing is left to happen
  horizon_reached,  // simulated time is up
  event_budget,     // Budget::events is spent
  memory_budget,    // Budget::memory is spent
  cancelled,        // whoever started the run asked it to stop
};

constexpr std::string_view to_string(StopReason reason) {
  switch (reason) {
    case StopReason::finished:
      return "finished";
    case StopReason::horizon_reached:
      return "horizon_reached";
    case StopReason::event_budget:
      return "event_budget";
    case StopReason::memory_budget:
      return "memory_budget";
    case StopReason::cancelled:
      return "cancelled";
  }
  return "unknown";
}

// Unlimited unless said otherwise.
struct Budget {
  std::uint64_t events = std::numeric_limits<std::uint64_t>::max();
  Bytes memory = Bytes::max();

  friend bool operator==(const Budget&, const Budget&) = default;
};

}  // namespace cotenant

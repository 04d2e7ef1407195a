// SPDX-License-Identifier: Apache-2.0
//
// When clients try again: the compiled form of retries. Pauses grow as in urllib3 and in gRPC's
// retry policy, jitter is that of M. Brooker, "Exponential Backoff And Jitter" (AWS, 2015), and the
// budget is a token bucket as in gRPC's retry throttling. What clients do with it is in client.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "models/request/outcome.h"
#include "sim/base/units.h"
#include "sim/random/sampler.h"

namespace cotenant {

enum class Jitter : std::uint8_t {
  none,
  full,   // anything from zero to the pause
  equal,  // half of the pause, and anything from zero to the other half
};

// The pause before retry n is min(cap, base factor^(n-1)), with base drawn anew each time.
struct BackoffSpec {
  Sampler base;  // ns; as made by default no pause
  double factor = 1;
  Duration cap;
  Jitter jitter = Jitter::none;
};

// What a retry takes from the budget: fractions of a token are whole numbers, so that ten times a
// tenth is one.
inline constexpr std::int64_t kRetryToken = 1'000'000'000;

struct RetryBudget {
  std::int64_t earned = 0;  // with each first attempt
  std::int64_t burst = 0;   // the most that there can be, and what there is at first
};

struct RetrySpec {
  std::optional<std::uint32_t> max;  // after the first attempt; none: without end
  std::array<bool, kOutcomes> on{};  // outcomes after which a client tries again
  bool only_idempotent = false;      // others, once they were sent, only once
  BackoffSpec backoff;
  std::optional<RetryBudget> budget;
  std::optional<Duration> deadline;  // no retry begins later than this after the arrival
};

}  // namespace cotenant

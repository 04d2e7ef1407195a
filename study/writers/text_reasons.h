// SPDX-License-Identifier: Apache-2.0
//
// Why a setup is slow, or fails, in sentences.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/report.h"

namespace cotenant {

std::uint64_t errors_in(const OutcomeCounts& counts);

// Where waiting for other services is worth saying: which of them, and what for. Begins with a
// space; may be empty.
std::string what_it_waits_for(const SetupReport& setup, const WaitBreakdown& breakdown);

// Where most of the time is waiting for one's turn: what those are doing whose turn it is. The
// same.
std::string what_those_before_it_do(const SetupReport& setup, const WaitBreakdown& breakdown);

// That more arrives than it can do: "more work arrives than it can do, so …".
std::string why_unstable(const StabilityReport& stability);

// What most of its failed requests have in common; empty when none failed.
std::string what_fails(const SetupReport& setup);

// How its p95 differs from hour to hour, where the run has several. Begins with a space; may be
// empty.
std::string by_the_hour(const SetupReport& setup);

// How many of its CPU credits are left, a sentence for each group that has any; may be empty.
std::vector<std::string> what_is_left_of_credits(const SetupReport& setup);

}  // namespace cotenant

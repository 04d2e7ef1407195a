// SPDX-License-Identifier: Apache-2.0
//
// When the kernel of a client sends a SYN again that got no answer, and when it gives up: kernels
// with tcp_syn_linear_timeouts = 4 and tcp_syn_retries = 6 (linux.md section 6, measured on 6.18 up
// to 19 s). A server drops a SYN when its accept queue is full.
#pragma once

#include <array>

#include "sim/base/units.h"

namespace cotenant {

// Counted from the first one.
inline constexpr std::array<Duration, 10> kSynAgainAfter = {
    seconds(1), seconds(2),  seconds(3),  seconds(4),  seconds(5),
    seconds(7), seconds(11), seconds(19), seconds(35), seconds(67)};
inline constexpr Duration kSynGivesUpAfter = seconds(131);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// What can happen to a service, as a mark in a timeline.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cotenant {

enum class MarkKind : std::uint8_t {
  oom_kill,        // the kernel killed a process of it for lack of memory
  worker_restart,  // a worker process was started in place of one that had ended
  worker_timeout,  // a worker process was killed because it hung
  worker_lost,     // a worker process ended, and nobody replaces it
  outage,          // its main process ended
  outage_over,     // it was started again
  cold_start,      // its platform, which had stopped it, started it
};
inline constexpr std::size_t kMarkKinds = 7;
inline constexpr std::array<std::string_view, kMarkKinds> kMarkKindNames = {
    "oom_kill", "worker_restart", "worker_timeout", "worker_lost",
    "outage",   "outage_over",    "cold_start"};

constexpr std::string_view to_string(MarkKind kind) {
  return kMarkKindNames[static_cast<std::size_t>(kind)];
}

}  // namespace cotenant

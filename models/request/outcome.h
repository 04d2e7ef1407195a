// SPDX-License-Identifier: Apache-2.0
//
// How a request can end, and an attempt at it: a closed set. A request that is still in the system
// when the run ends is censored: counted, reported, never silently dropped.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cotenant {

enum class Outcome : std::uint8_t {
  completed,     // the client has its reply
  timed_out,     // the client gave up waiting
  rejected_503,  // refused at once by a concurrency limit, or because there was no room for too
                 // long; or the router of a platform has waited for too long
  refused,       // the connection could not be made: every SYN was dropped, or there are too many
  censored,      // still in the system at the end of the run
  error_500,     // the reply says that the server failed
  reset,         // the server closed the connection without a reply
  error_502,     // a proxy: no server behind it answered
  error_504,     // a proxy, or a router: the server behind it took too long
  abandoned,     // a call: its caller is gone, or has a reply from elsewhere
  rejected_429,  // refused at once by a limit on the rate
  lost,          // a task: the process that worked on it died
  expired,       // a task: nobody began it in time
  rejected_413,  // the request is larger than the server takes
  oom_killed,    // the kernel killed the process that worked on it; to its client a reset
  rejected_508,  // refused at once by a limit of a shared host on requests in progress
};
inline constexpr std::size_t kOutcomes = 16;

inline constexpr std::array<std::string_view, kOutcomes> kOutcomeNames = {
    "completed", "timed_out",    "rejected_503", "refused",     "censored",     "error_500",
    "reset",     "error_502",    "error_504",    "abandoned",   "rejected_429", "lost",
    "expired",   "rejected_413", "oom_killed",   "rejected_508"};

constexpr std::string_view to_string(Outcome outcome) {
  return kOutcomeNames[static_cast<std::size_t>(outcome)];
}

// What the client knows of it: that its connection was closed.
constexpr Outcome as_seen(Outcome outcome) {
  return outcome == Outcome::oom_killed ? Outcome::reset : outcome;
}

// Requests that ended badly. Censored ones did not end, and nobody wants to know of abandoned ones.
constexpr bool is_error(Outcome outcome) {
  return outcome != Outcome::completed && outcome != Outcome::censored &&
         outcome != Outcome::abandoned;
}

}  // namespace cotenant

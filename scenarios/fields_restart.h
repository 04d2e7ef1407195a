// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: who starts a service again whose main process has ended. What the policies
// are is in scenarios/restart_policies.cpp.
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/fields_server.h"
#include "scenarios/scenario.h"

namespace cotenant {

inline constexpr std::array<std::string_view, 4> kRestartPolicies = {"no", "kubernetes", "docker",
                                                                     "systemd"};
inline constexpr Whole kRestartDelay = between(seconds(0), seconds(86'400));

template <>
inline constexpr Title kTitle<Restart> = {
    "restart",
    "Who starts a service again whose main process has ended: the name of a policy, or an object "
    "that changes some of it."};

template <>
struct ShortForm<Restart> : NameOfPreset<Restart, kRestartPolicies> {};

template <class Visitor, Same<Restart> T>
void fields(Visitor& v, T& restart) {
  const char* const as_preset = "as in the preset";
  v.field("preset", restart.preset,
          {.help = "no: nobody; kubernetes: the kubelet, at once and then after 10s, 20s, 40s and "
                   "so on up to 5min; docker: its restart policies, after 100ms, 200ms and so on "
                   "up to 1min; systemd: Restart=always, after 100ms, but not more than 5 times in "
                   "10s.",
           .choices = kRestartPolicies});
  v.field("first_delay", restart.first_delay,
          {.help = "Of the first restart in a row.", .whole = kRestartDelay, .absent = as_preset});
  v.field("delay", restart.delay,
          {.help = "Of the second one.", .whole = kRestartDelay, .absent = as_preset});
  v.field(
      "factor", restart.factor,
      {.help = "By which the delay grows from then on.", .whole = {1, 100}, .absent = as_preset});
  v.field("max_delay", restart.max_delay,
          {.help = "What it never exceeds.", .whole = kRestartDelay, .absent = as_preset});
  v.field("reset_after", restart.reset_after,
          {.help = "Once it has run for so long, the row is over.",
           .whole = kRestartDelay,
           .absent = as_preset});
  v.field("max_starts", restart.max_starts,
          {.help = "If it would have to be started more often within a time it is given up; 0: "
                   "never.",
           .whole = {0, 1'000'000},
           .absent = as_preset});
  v.field("within", restart.within,
          {.help = "That time.", .whole = kRestartDelay, .absent = as_preset});
  v.field("start", restart.start,
          {.help = "Until the first process of a new container runs, besides.",
           .whole = kRestartDelay,
           .absent = as_preset});
}

}  // namespace cotenant

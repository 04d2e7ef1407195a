// SPDX-License-Identifier: Apache-2.0
//
// What failed requests were held up by: how many ended with which outcome, by the state in which
// they had spent most of their time. Integer counts: merging is exact and order-free.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "models/request/outcome.h"
#include "models/request/wait_state.h"

namespace cotenant {

// The state with the most time, the first of equals; none: no time passed.
inline std::optional<WaitState> longest_state(const WaitTimes& times) {
  const auto longest = std::max_element(times.begin(), times.end());
  if (longest->is_zero()) return std::nullopt;
  return static_cast<WaitState>(longest - times.begin());
}

class Failures {
 public:
  void record(Outcome outcome, const WaitTimes& times) {
    ++count(outcome, longest_state(times));
    for (std::size_t s = 0; s < kWaitStates; ++s) times_[s] += times[s];
  }

  void merge(const Failures& other) {
    for (std::size_t s = 0; s < kWaitStates; ++s) times_[s] += other.times_[s];
    for (std::size_t o = 0; o < kOutcomes; ++o) {
      for (std::size_t s = 0; s <= kWaitStates; ++s) counts_[o][s] += other.counts_[o][s];
    }
  }

  // Held up by that state; none: those that failed at once.
  std::uint64_t of(Outcome outcome, std::optional<WaitState> state) const {
    return counts_[static_cast<std::size_t>(outcome)][index_of(state)];
  }

  // Of all of them together.
  const WaitTimes& times() const { return times_; }

 private:
  static std::size_t index_of(std::optional<WaitState> state) {
    return state ? static_cast<std::size_t>(*state) : kWaitStates;
  }
  std::uint64_t& count(Outcome outcome, std::optional<WaitState> state) {
    return counts_[static_cast<std::size_t>(outcome)][index_of(state)];
  }

  std::array<std::array<std::uint64_t, kWaitStates + 1>, kOutcomes> counts_{};
  WaitTimes times_{};
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// The CPU that a server itself spends on a request, by phase. The code of a phase is hot right
// after it ran in its process and cold a while later, by wall time and also while the process was
// busy with something else (feasibility.md 3.8). Which phases a kind of server has is said on its
// page in docs/models.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

enum class ServerPhase : std::uint8_t {
  accept,         // from wake-up, or from the end of the last request, until the application starts
                  // or another thread is told to start it
  respond,        // from the end of the application until the client has the reply
  finish,         // after the reply: costs capacity, not latency
  spurious_wake,  // woken for a connection that another worker took
  // Of servers in which one thread accepts and others serve:
  hand_over,  // of the accepting thread, after it has told another one
  start,      // of that other one, until the application starts
  // Of event loops:
  wake,     // of the loop that slept, until it runs what it was woken for
  connect,  // of a connection that was accepted, until its request can be read
  call,     // of a thread of the pool, around the handler that it runs for the loop
  // Of connections that are kept:
  keep,   // instead of finish: the rest of finish is due when the connection is closed
  reuse,  // instead of accept, where one thread accepts and others serve
  // Of a proxy:
  file,  // instead of start and respond, for a file that it sends by itself
};
inline constexpr std::size_t kServerPhases = 12;
// Phases beyond these that never ran add nothing to a hash: a new one changes no fingerprint of
// runs that do not know it.
inline constexpr std::size_t kAlwaysHashedPhases = 6;

struct PhaseCpu {
  CpuTime hot, cold;

  bool is_constant() const { return hot == cold; }
};

// When the code of each server phase last ran in a process.
template <std::size_t kPhases>
class PhaseClock {
 public:
  void ran(ServerPhase phase, Instant now) { last_[static_cast<std::size_t>(phase)] = now; }
  Duration since(ServerPhase phase, Instant now) const {
    return now - last_[static_cast<std::size_t>(phase)];
  }
  void hash_into(Hasher& hasher) const {
    for (std::size_t phase = 0; phase < kPhases; ++phase) {
      if (phase >= kAlwaysHashedPhases && last_[phase] == Instant()) continue;
      if (phase >= kAlwaysHashedPhases) hasher.add(phase);
      hasher.add_signed(last_[phase].ns());
    }
  }

 private:
  std::array<Instant, kPhases> last_{};
};

struct OverheadSpec {
  std::array<PhaseCpu, kServerPhases> phases{};
  Duration cold_after;

  const PhaseCpu& operator[](ServerPhase phase) const {
    return phases[static_cast<std::size_t>(phase)];
  }

  // On top of what a phase costs.
  void add(ServerPhase phase, CpuTime cost) {
    PhaseCpu& of = phases[static_cast<std::size_t>(phase)];
    of.hot += cost;
    of.cold += cost;
  }

  // Grows linearly with the time since the code last ran, from hot to cold.
  CpuTime cost(ServerPhase phase, Duration since) const {
    const PhaseCpu& cost = (*this)[phase];
    if (since >= cold_after) return cost.cold;
    const std::int64_t warming = (cost.cold - cost.hot).count();
    return cost.hot + CpuTime(scaled(warming, since.count(), cold_after.count()));
  }
};

}  // namespace cotenant

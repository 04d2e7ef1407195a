// SPDX-License-Identifier: Apache-2.0
//
// When the next arrival of an open source comes. All random sources work by time rescaling: arrival
// k comes when the integrated rate has grown by the k-th unit exponential, so the same luck gives
// the same pattern at any load.
#pragma once

#include <cstdint>

#include "models/chance.h"
#include "models/workload/source.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

// A point in time that keeps the fraction of a nanosecond, so that long sums of gaps do not drift.
struct FinePoint {
  Instant at;
  double fraction = 0;  // ns, in [0, 1)

  void advance(double ns);
};

struct SourceState {
  std::uint64_t next_ordinal = 0;   // of the next request
  std::uint64_t arrivals = 0;       // arrival instants generated so far
  std::uint64_t left_in_batch = 0;  // requests still to come at the current instant
  FinePoint position;               // of the last arrival
  double next_growth = 0;           // of the integrated rate until the next arrival
  std::uint32_t modulation = 0;     // current state of a modulated rate
  double stay_left = 0;             // ns until it changes
  std::uint64_t stays = 0;          // stays drawn so far
  std::uint32_t profile_piece = 0;  // current piece of a profile
  double profile_offset = 0;        // ns into that piece
  std::int64_t retry_tokens = 0;    // what its clients may spend: see retry.h

  void hash_into(Hasher& hasher) const;
};

// Draws the initial state of what is modulated, from its stationary law.
void start_source(SourceState& state, const SourceSpec& spec, const SourceChance& chance);

// Moves the state on to the next arrival instant and returns it; Instant::never() when none
// follows. Closed sources have no arrivals of their own.
Instant next_arrival(SourceState& state, const SourceSpec& spec, const SourceChance& chance);

}  // namespace cotenant

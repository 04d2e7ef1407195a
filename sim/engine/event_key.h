// SPDX-License-Identifier: Apache-2.0
//
// The order of events as one unsigned 128-bit number:
//   instant (64 bits, the sign bit zero) | phase (4) | sequence (40) | slot (20)
// The sequence makes keys distinct, so the slot never decides; it is there to be read back. 40 bits
// are 10^12 events, ten hours of a run at 30 million events a second; running out is a broken
// invariant.
#pragma once

#include <cstdint>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

constexpr unsigned kSlotBits = 20;
constexpr unsigned kSequenceBits = 40;
constexpr unsigned kPhaseBits = 4;
constexpr std::uint32_t kMaxSlots = 1u << kSlotBits;
constexpr std::uint64_t kMaxSequence = (std::uint64_t{1} << kSequenceBits) - 1;
static_assert(kPhaseBits + kSequenceBits + kSlotBits == 64);

constexpr Uint128 event_key(Instant at, std::uint8_t phase, std::uint64_t sequence,
                            std::uint32_t slot) {
  const std::uint64_t low =
      std::uint64_t{phase} << (kSequenceBits + kSlotBits) | sequence << kSlotBits | slot;
  return static_cast<Uint128>(static_cast<std::uint64_t>(at.ns())) << 64 | low;
}

// The instant of the greatest key, all ones, is Instant::never(): that key means "nothing".
constexpr Instant instant_of(Uint128 key) {
  constexpr auto kNever = static_cast<std::uint64_t>(Instant::never().ns());
  return Instant(static_cast<std::int64_t>(static_cast<std::uint64_t>(key >> 64) & kNever));
}

// "Nothing" is before no instant.
constexpr bool is_before(Uint128 key, Instant at) {
  return static_cast<std::uint64_t>(key >> 64) < static_cast<std::uint64_t>(at.ns());
}

constexpr std::uint8_t phase_of(Uint128 key) {
  return static_cast<std::uint8_t>(static_cast<std::uint64_t>(key) >> (kSequenceBits + kSlotBits));
}

constexpr std::uint32_t slot_of(Uint128 key) {
  return static_cast<std::uint32_t>(key) & (kMaxSlots - 1);
}

// A bijection on the sequences for every salt: adding, multiplying by an odd number and xor with
// the own upper half can all be undone modulo 2^40. The factors are those of mix64, cut to 40 bits.
constexpr std::uint64_t scrambled_sequence(std::uint64_t sequence, std::uint64_t salt) {
  std::uint64_t x = (sequence + mix64(salt)) & kMaxSequence;
  x = (x ^ x >> (kSequenceBits / 2)) * 0xbf58476d1ce4e5b9u & kMaxSequence;
  x = (x ^ x >> (kSequenceBits / 2)) * 0x94d049bb133111ebu & kMaxSequence;
  return x ^ x >> (kSequenceBits / 2);
}

}  // namespace cotenant

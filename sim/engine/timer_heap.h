// SPDX-License-Identifier: Apache-2.0
//
// The earliest of any number of timers, most of which are cancelled long before they are due. A
// radix heap (Ahuja, Mehlhorn, Orlin, Tarjan, JACM 37(2), 1990) sorts a timer only as finely as it
// must, but relative to the last timer taken, so it cannot look at its minimum and then take an
// earlier timer. This one sorts by the digits of the key itself, as a most-significant-digit radix
// sort that is carried on only where the earliest timer is: looking costs nothing later, and no
// order of insertion is an error. Every timer moves at most once a digit, so all operations are
// O(1) amortized for 128-bit keys.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/int128.h"
#include "sim/engine/timer_bags.h"

namespace cotenant {

class TimerHeap {
 public:
  using Handle = std::uint32_t;
  static constexpr Uint128 kNothing = ~Uint128{0};

  TimerHeap();

  // Keys are distinct among the pending timers and less than kNothing. The handle is valid until
  // the timer is cancelled or taken, and is then given out again.
  Handle start(Uint128 key);
  void reschedule(Handle handle, Uint128 key);
  void cancel(Handle handle);

  bool is_pending(Handle handle) const {
    return handle < positions_.size() && (positions_[handle] & kFree) == 0;
  }
  Uint128 key(Handle handle) const {
    COTENANT_ASSERT(is_pending(handle));
    return key_of(bags_.entry(positions_[handle]));
  }

  bool empty() const { return size_ == 0; }
  std::uint32_t size() const { return size_; }

  // kNothing when empty.
  Uint128 earliest_key() const { return earliest_key_; }
  // Removes the earliest timer.
  Handle pop();

  // One more than the greatest handle ever given out: the bound of a loop over all timers.
  Handle handle_bound() const { return static_cast<Handle>(positions_.size()); }
  std::size_t bytes_held() const;

 private:
  // A key has 22 digits of 6 bits: 11 of its low word (levels 0 to 10) and 11 of its high word.
  static constexpr unsigned kDigitBits = 6;
  static constexpr unsigned kDigits = 1u << kDigitBits;
  static constexpr unsigned kLevelsPerWord = 11;
  static constexpr unsigned kLevels = 2 * kLevelsPerWord;
  static constexpr std::uint32_t kFree = 0x80000000;  // marks the unused in positions_
  static constexpr std::uint32_t kNone = 0xffffffff;

  // All timers whose keys agree in the digits above one level, by the digit at that level: a child
  // is a bag of timers or, where the earliest timer is or was, a node of the next lower level.
  struct Node {
    std::uint64_t occupied = 0;  // one bit a digit: there is a child
    std::uint64_t split = 0;     // one bit a digit: that child is a node
    std::array<std::uint32_t, kDigits> children;
  };
  struct Place {
    std::uint32_t node = 0;
    unsigned level = 0;
    unsigned digit = 0;
  };

  static Uint128 key_of(const TimerEntry& entry) {
    return static_cast<Uint128>(entry.instant) << 64 | entry.order;
  }
  static TimerEntry entry_of(Uint128 key, Handle handle) {
    return {static_cast<std::uint64_t>(key >> 64), static_cast<std::uint64_t>(key), handle};
  }
  static unsigned digit_at(const TimerEntry& entry, unsigned level) {
    const bool high = level >= kLevelsPerWord;
    const std::uint64_t word = high ? entry.instant : entry.order;
    const unsigned shift = (high ? level - kLevelsPerWord : level) * kDigitBits;
    return static_cast<unsigned>(word >> shift) % kDigits;
  }

  Place place_of(const TimerEntry& entry) const;
  void insert(const TimerEntry& entry);
  void add(std::uint32_t node, unsigned digit, const TimerEntry& entry);
  void remove(Handle handle);
  void remove_empty_nodes(const TimerEntry& entry);
  void find_earliest(Place place);
  std::uint32_t split(const Place& place);
  void raise_root(const TimerEntry& entry);
  std::uint32_t new_node();
  void free_node(std::uint32_t node);

  TimerBags bags_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t>
      positions_;  // by handle: the position in bags_, or kFree | next unused
  std::uint32_t free_handle_ = kNone;
  std::uint32_t free_node_ = kNone;
  std::uint32_t root_ = 0;
  unsigned root_level_ = kLevelsPerWord;
  std::uint32_t size_ = 0;
  Uint128 earliest_key_ = kNothing;
  Handle earliest_ = kNone;
  Place earliest_place_;
};

}  // namespace cotenant

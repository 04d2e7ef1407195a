// SPDX-License-Identifier: Apache-2.0
//
// Unordered bags of timers that share one pool of memory. A bag is a chain of chunks, all of them
// full but the first, so going through a million timers reads memory in long runs where a linked
// list would wait for every single one. Adding and removing are O(1); the pool is bounded by the
// timers that were pending at once plus one chunk a bag. It knows nothing of time: see
// timer_heap.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cotenant {

struct TimerEntry {
  std::uint64_t instant = 0;  // the high word of the key
  std::uint64_t order = 0;    // the low word of the key
  std::uint32_t handle = 0;
};

class TimerBags {
 public:
  // The earliest timer is found by scanning one chunk. Measured: 8 and 16 alike up to 10^4 timers,
  // 16 ahead with 10^6, 4 and 32 behind.
  static constexpr std::uint32_t kChunkSize = 16;
  static constexpr std::uint32_t kNoChunk = 0xffffffff;

  struct Chunk {
    std::uint32_t next = kNoChunk;
    std::uint32_t size = 0;
    std::array<TimerEntry, kChunkSize> entries;
  };

  // A bag is known by its first chunk, kNoChunk when it is empty.
  using Bag = std::uint32_t;
  // Where an entry is; changes when an entry of the same bag is removed.
  using Position = std::uint32_t;

  Position add(Bag& bag, const TimerEntry& entry) {
    if (bag == kNoChunk || chunks_[bag].size == kChunkSize) bag = new_chunk(bag);
    Chunk& first = chunks_[bag];
    first.entries[first.size] = entry;
    return bag * kChunkSize + first.size++;
  }

  // Fills the gap with the last entry of the first chunk and returns the handle of the entry that
  // is at `position` now (of the removed one, when that was the last).
  std::uint32_t remove(Bag& bag, Position position) {
    Chunk& first = chunks_[bag];
    const TimerEntry last = first.entries[--first.size];
    chunks_[position / kChunkSize].entries[position % kChunkSize] = last;
    if (first.size == 0) {
      const Bag rest = first.next;
      free_chunk(bag);
      bag = rest;
    }
    return last.handle;
  }

  // Removes the first chunk from the bag with all its entries.
  Chunk take_chunk(Bag& bag) {
    const Chunk first = chunks_[bag];
    free_chunk(bag);
    bag = first.next;
    return first;
  }

  const Chunk& chunk(std::uint32_t index) const { return chunks_[index]; }
  const TimerEntry& entry(Position position) const {
    return chunks_[position / kChunkSize].entries[position % kChunkSize];
  }

  std::size_t bytes_held() const { return chunks_.capacity() * sizeof(Chunk); }

 private:
  Bag new_chunk(Bag next) {
    std::uint32_t index = free_;
    if (index == kNoChunk) {
      index = static_cast<std::uint32_t>(chunks_.size());
      chunks_.emplace_back();
    } else {
      free_ = chunks_[index].next;
    }
    chunks_[index].next = next;
    chunks_[index].size = 0;
    return index;
  }

  void free_chunk(std::uint32_t index) {
    chunks_[index].next = free_;
    free_ = index;
  }

  std::vector<Chunk> chunks_;
  std::uint32_t free_ = kNoChunk;  // head of the chain of unused chunks
};

}  // namespace cotenant

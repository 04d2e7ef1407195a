// SPDX-License-Identifier: Apache-2.0
//
// What one process occupies: its own memory after the import, what it has copied of the pages that
// it shared with its main process, what its requests hold, what of that the allocator keeps when
// they let it go, a cache, and a leak. A plain value: who charges it to a group is
// models/memory/controller.h. Sources: docs/models/memory.md.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/memory/spec.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"

namespace cotenant {

class ProcessMemory {
 public:
  // All of it, whether it is charged to its group or has been swapped out.
  Bytes charged() const { return own_ + arena_; }
  Bytes held() const { return held_; }

  // What the kernel sees as its resident set: shared pages count, too, until they are copied.
  Bytes resident(const ProcessMemorySpec& spec) const {
    return charged() + spec.main - copied(spec, requests_);
  }

  // What is new of that, and would be charged.
  Bytes cost_of(const ProcessMemorySpec& spec, const MemoryDemand& demand) const {
    const Bytes arena = std::max(arena_, held_ + demand.held);
    return demand.leaked + (arena - arena_) + growth(spec, demand);
  }
  void take(const ProcessMemorySpec& spec, const MemoryDemand& demand) {
    own_ += demand.leaked + growth(spec, demand);
    if (demand.begins) cached_ += cache_growth(spec), ++requests_;
    held_ += demand.held;
    most_held_ = std::max(most_held_, held_);
    arena_ = std::max(arena_, held_);
  }

  // What goes back to the system: not what was the most at some time, or a share of it.
  Bytes give_back(const ProcessMemorySpec& spec, Bytes bytes) {
    held_ -= bytes;
    const Bytes before = arena_;
    arena_ = std::max(held_, Bytes(scaled(most_held_.count(), spec.retained, kWhole)));
    return before - arena_;
  }

  void hash_into(Hasher& hasher) const {
    for (const Bytes bytes : {own_, cached_, held_, most_held_, arena_}) {
      hasher.add_signed(bytes.count());
    }
    hasher.add(requests_);
  }

 private:
  Bytes growth(const ProcessMemorySpec& spec, const MemoryDemand& demand) const {
    if (!demand.begins) return Bytes(0);
    return cache_growth(spec) + copied(spec, requests_ + 1) - copied(spec, requests_);
  }
  Bytes cache_growth(const ProcessMemorySpec& spec) const {
    return std::min(spec.cache_per_request, spec.cache_max - cached_);
  }
  static Bytes copied(const ProcessMemorySpec& spec, std::uint64_t requests) {
    if (spec.copied.is_zero()) return Bytes(0);
    const auto so_far =
        static_cast<std::int64_t>(std::min<std::uint64_t>(requests, spec.copied_over));
    return Bytes(scaled(spec.copied.count(), so_far, spec.copied_over));
  }

  Bytes own_;                   // base, copies, cache and leaks
  Bytes cached_;                // of that
  Bytes held_;                  // by requests
  Bytes most_held_;             // at any time
  Bytes arena_;                 // for what they hold
  std::uint64_t requests_ = 0;  // that have begun
};

}  // namespace cotenant

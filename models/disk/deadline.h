// SPDX-License-Identifier: Apache-2.0
//
// mq-deadline without sectors: reads before writes, in batches, writes after they have been passed
// over twice, and whatever has waited too long first. Within a kind in the order in which they
// came: where on the disk an IO goes is not known. Sources: block/mq-deadline.c, 6.12
// (dd_dispatch_request); linux.md section 5.
#pragma once

#include "models/disk/blk_throttle.h"

namespace cotenant {

class DeadlineScheduler {
 public:
  void add(const Io& io, IoId id) { waiting_[io.kind].push_growing(id); }
  bool empty() const { return waiting_.read.empty() && waiting_.write.empty(); }

  // Not of an empty one.
  IoId take(const IoTable& ios, Instant now) {
    if (!batch_goes_on()) begin_batch(ios, now);
    ++batched_;
    return waiting_[kind_].pop();
  }

  void hash_into(Hasher& hasher) const {
    waiting_.read.hash_into(hasher);
    waiting_.write.hash_into(hasher);
    hasher.add(std::uint64_t{batched_} << 16 | std::uint64_t{starved_} << 8 |
               static_cast<std::uint64_t>(kind_));
  }

 private:
  static constexpr std::uint32_t kBatch = 16;
  static constexpr std::uint32_t kStarved = 2;
  // When an IO of the kind has waited so long, it begins a batch.
  static constexpr Duration kExpires[] = {milliseconds(500), seconds(5)};

  bool batch_goes_on() const { return batched_ < kBatch && !waiting_[kind_].empty(); }

  bool has_expired(const IoTable& ios, IoKind kind, Instant now) const {
    const BoundedQueue<IoId>& queue = waiting_[kind];
    return now - ios[queue.front()].since >= kExpires[static_cast<std::size_t>(kind)];
  }

  // Which is the turn of the writes: nobody reads, or they have been passed over long enough.
  bool is_turn_of_writes(const IoTable& ios, Instant now) {
    if (waiting_.write.empty()) return false;
    if (waiting_.read.empty() || has_expired(ios, IoKind::write, now)) return true;
    return starved_++ >= kStarved;
  }

  void begin_batch(const IoTable& ios, Instant now) {
    kind_ = is_turn_of_writes(ios, now) ? IoKind::write : IoKind::read;
    if (kind_ == IoKind::write) starved_ = 0;
    batched_ = 0;
  }

  PerKind<BoundedQueue<IoId>> waiting_;
  IoKind kind_ = IoKind::read;
  std::uint32_t batched_ = kBatch;
  std::uint32_t starved_ = 0;
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Kyber: reads, writes and flushes take turns in batches, and each kind has so many IOs at the
// device at most. Ten times a second it looks how long they took: once the device is slow (2 ms of
// reads, 10 ms of writes), kinds that are fast enough give some of their depth away, and those that
// are not get more. Not modeled: the quarter of the requests that only whoever waits for them may
// have. Source: block/kyber-iosched.c, 6.12; linux.md section 5.
#pragma once

#include <array>
#include <cstddef>

#include "models/disk/blk_throttle.h"
#include "models/disk/jiffies.h"

namespace cotenant {

class KyberScheduler {
 public:
  KyberScheduler() = default;
  explicit KyberScheduler(const JiffyClock& clock) : clock_(clock) {}

  void add(const Io& io, IoId id);
  bool empty() const;
  // None: those that wait are of kinds that have all that they may have.
  IoId take(const IoTable& ios, Instant now);
  // It has waited so long here, and the device has needed so long.
  void done(const Io& io, Duration queued, Duration served, Instant now);

  // When it looks at what was done.
  Instant next_instant() const { return looks_; }
  void advance(Instant now);

  std::uint32_t depth(IoKind kind) const { return domains_[static_cast<std::size_t>(kind)].depth; }
  void hash_into(Hasher& hasher) const;

 private:
  static constexpr std::size_t kDomains = 3;  // reads, writes, flushes
  static constexpr std::array<std::uint32_t, kDomains> kDepths = {256, 128, 16};
  static constexpr std::array<std::uint32_t, kDomains> kBatches = {16, 8, 1};
  static constexpr std::uint32_t kBuckets = 8;
  static constexpr std::uint32_t kGoodBuckets = 4;  // each a quarter of the target wide

  // Of the latencies of what was done.
  struct Histogram {
    std::array<std::uint32_t, kBuckets> buckets{};
    void add(Duration target, Duration latency);
  };
  struct Domain {
    BoundedQueue<IoId> waiting;
    std::uint32_t depth = 0;
    std::uint32_t under_way = 0;
    Histogram total, at_device;
    Jiffies decides = 0;  // with the samples there are; 0: it has none yet
    int p99 = -1;         // of the total, since the device was last slow; -1: not known
  };
  static std::array<Domain, kDomains> with_all_depths();
  static std::size_t domain_of(const Io& io);

  int percentile(Domain& domain, Histogram& histogram, std::uint32_t rank, Jiffies now) const;
  bool may_go(const Domain& domain) const {
    return !domain.waiting.empty() && domain.under_way < domain.depth;
  }
  IoId take_from(Domain& domain);
  void adjust(std::size_t number, bool is_slow, Jiffies now);

  JiffyClock clock_;
  std::array<Domain, kDomains> domains_ = with_all_depths();
  std::size_t turn_ = 0;
  std::uint32_t batched_ = 0;
  Instant looks_ = Instant::never();
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// BFQ: groups get the disk in turn, one at a time, for a budget of bytes or for a time, and a group
// whose next IO is about to come keeps it, so that weights hold for those who wait for each IO,
// too. Who is next is decided by virtual time: service divided by weight. Not modeled: queues of
// single processes in a group, budgets that adapt, and the boost of interactive ones (low_latency),
// which a server has no part in for long. Sources: block/bfq-iosched.c and bfq-wf2q.c, 6.12;
// linux.md section 5 and section 8 K10.
#pragma once

#include <vector>

#include "models/disk/blk_throttle.h"

namespace cotenant {

class BfqScheduler {
 public:
  BfqScheduler() = default;
  explicit BfqScheduler(const DiskSpec& spec);

  void add(const Io& io, IoId id);
  bool empty() const { return waiting_ == 0; }

  // None: whose turn it is has nothing to do, and is waited for.
  IoId take(const IoTable& ios, Instant now);
  // An IO of the group is done: if that is the one whose turn it is, its next one may follow.
  void done(GroupId group, Instant now);
  // When nobody is waited for any longer.
  Instant next_instant() const;

  void hash_into(Hasher& hasher) const;

 private:
  struct Queue {
    BoundedQueue<IoId> waiting;
    std::int64_t weight = 100;
    std::int64_t start = 0;  // virtual: of the service that it has yet to get
    std::uint32_t under_way = 0;
  };

  bool has_turn_ended(Instant now) const;
  void end_turn(Instant now);
  void begin_turn(Instant now);

  // bfq_default_max_budget, sectors of 512 bytes.
  static constexpr std::int64_t kLargestBudget = 16 * 1024 * 512;

  IdVector<GroupId, Queue> queues_;
  std::vector<GroupId> tops_;  // of each group: the one below the root, which has the weight
  std::size_t waiting_ = 0;
  bool idles_ = false;  // weights differ, or the head moves: then it pays to wait

  GroupId turn_;                          // none: nobody's
  std::int64_t budget_ = kLargestBudget;  // bytes in a turn
  std::int64_t most_in_time_ = 0;
  std::int64_t left_ = 0;  // of the budget
  Instant turn_ends_;
  Instant idle_ends_ = Instant::never();  // it has nothing under way
  std::int64_t virtual_time_ = 0;
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "models/disk/bfq.h"

#include <algorithm>

namespace cotenant {
namespace {

constexpr Duration kSliceIdle = milliseconds(8);      // bfq_slice_idle
constexpr Duration kTimeoutSync = milliseconds(125);  // bfq_timeout
// Of a byte at weight 1, so that division by any weight up to 1000 keeps nearly all of it.
constexpr std::int64_t kScale = 1000;

GroupId top_of(const DiskSpec& spec, GroupId group) {
  GroupId top = group;
  for (GroupId g = group; !spec.groups[g].parent.is_none(); g = spec.groups[g].parent) top = g;
  return top;
}

}  // namespace

BfqScheduler::BfqScheduler(const DiskSpec& spec)
    : queues_(spec.groups.size()), idles_(spec.device.rotational) {
  for (std::uint32_t g = 0; g < spec.groups.size(); ++g) {
    const GroupId group(g);
    queues_[group].weight = spec.groups[group].weight;
    tops_.push_back(top_of(spec, group));
    if (queues_[group].weight != queues_[kRootGroup].weight) idles_ = true;
  }
}

void BfqScheduler::add(const Io& io, IoId id) {
  const GroupId group = tops_[io.group.index()];
  Queue& queue = queues_[group];
  // Who had nothing to do has saved nothing.
  if (queue.waiting.empty() && queue.under_way == 0 && group != turn_) {
    queue.start = std::max(queue.start, virtual_time_);
  }
  queue.waiting.push_growing(id);
  ++waiting_;
  if (group == turn_) idle_ends_ = Instant::never();
}

// Who is waited for keeps its turn, however long that was: it ends when it asks for more.
bool BfqScheduler::has_turn_ended(Instant now) const {
  if (turn_.is_none()) return true;
  const Queue& queue = queues_[turn_];
  if (!queue.waiting.empty()) return left_ <= 0 || now >= turn_ends_;
  if (!idles_) return true;
  return queue.under_way == 0 && now >= idle_ends_;
}

// Who has used up its time and not its budget is charged for all of it. The largest budget that a
// time sufficed for is what a turn is worth from then on (peak rate times timeout, in the kernel).
void BfqScheduler::end_turn(Instant now) {
  if (turn_.is_none() || now < turn_ends_ || left_ <= 0) return;
  Queue& queue = queues_[turn_];
  if (left_ >= budget_ / 3) queue.start += left_ * kScale / queue.weight;
  most_in_time_ = std::max(most_in_time_, budget_ - left_);
  budget_ = most_in_time_;
}

// Of those that want service, the one whose budget would be used up first.
void BfqScheduler::begin_turn(Instant now) {
  end_turn(now);
  GroupId next;
  std::int64_t earliest = 0;
  for (std::uint32_t g = 0; g < queues_.size(); ++g) {
    const Queue& queue = queues_[GroupId(g)];
    if (queue.waiting.empty()) continue;
    const std::int64_t finish = queue.start + budget_ * kScale / queue.weight;
    if (!next.is_none() && finish >= earliest) continue;
    next = GroupId(g);
    earliest = finish;
  }
  turn_ = next;
  left_ = budget_;
  turn_ends_ = now + kTimeoutSync;
  idle_ends_ = Instant::never();
  virtual_time_ = std::max(virtual_time_, queues_[turn_].start);
}

IoId BfqScheduler::take(const IoTable& ios, Instant now) {
  if (has_turn_ended(now)) begin_turn(now);
  Queue& queue = queues_[turn_];
  if (queue.waiting.empty()) return IoId::none();
  const IoId id = queue.waiting.pop();
  --waiting_;
  ++queue.under_way;
  const std::int64_t bytes = ios[id].bytes.count();
  left_ -= bytes;
  queue.start += bytes * kScale / queue.weight;
  return id;
}

void BfqScheduler::done(GroupId of, Instant now) {
  const GroupId group = tops_[of.index()];
  Queue& queue = queues_[group];
  --queue.under_way;
  if (group == turn_ && queue.under_way == 0 && queue.waiting.empty()) {
    idle_ends_ = now + kSliceIdle;
  }
}

// Somebody else waits meanwhile.
Instant BfqScheduler::next_instant() const { return waiting_ == 0 ? Instant::never() : idle_ends_; }

void BfqScheduler::hash_into(Hasher& hasher) const {
  for (const Queue& queue : queues_) {
    queue.waiting.hash_into(hasher);
    hasher.add_signed(queue.start);
    hasher.add(queue.under_way);
  }
  hasher.add(turn_.index());
  hasher.add_signed(left_);
  hasher.add_signed(budget_);
  hasher.add_signed(turn_ends_.ns());
  hasher.add_signed(idle_ends_.ns());
  hasher.add_signed(virtual_time_);
}

}  // namespace cotenant

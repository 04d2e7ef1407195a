// SPDX-License-Identifier: Apache-2.0
//
// Tasks of one group and one weight. They always run at the same speed, so one clock that counts
// what each of them has got serves for all: a task that demands work w when the clock shows v is
// done when it shows v + w (virtual time; Parekh and Gallager, "A generalized processor sharing
// approach to flow control", IEEE/ACM Trans. Networking 1(3), 1993). A bucket does not decide its
// speed.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/cpu/fine_time.h"
#include "models/cpu/scheduler.h"
#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/engine/fronted_tree.h"

namespace cotenant {

// What a task that was runnable all the time would have got so far.
struct BucketClocks {
  FineTime service = 0;
  FineTime stolen = 0;
  Duration throttled;
};

// Where the time of a burst of `work` went, from the clocks at its start and now. Running is
// rounded down and stolen up to whole nanoseconds. The service clock and the stolen clock together
// never run faster than time does, so nothing below zero is left for queued, and a task that had a
// core to itself never queued.
inline BurstTimes split(Duration elapsed, CpuTime work, const BucketClocks& start,
                        const BucketClocks& now) {
  BurstTimes times;
  times.running = Duration(std::min(floor_ns(now.service - start.service), work.count()));
  times.throttled = now.throttled - start.throttled;
  const Duration rest = elapsed - times.running - times.throttled;
  times.stolen = std::min(rest, Duration(ceil_ns(now.stolen - start.stolen)));
  times.queued = rest - times.stolen;
  COTENANT_ASSERT(times.queued >= Duration(0));
  return times;
}

class TaskBucket {
 public:
  // Seats are the places of its tasks, in order of task id.
  TaskBucket(GroupId group, std::uint64_t weight, std::uint32_t seats)
      : group_(group), weight_(weight), finishes_(seats) {}

  GroupId group() const { return group_; }
  std::uint64_t weight() const { return weight_; }
  std::uint32_t runnable() const { return runnable_; }
  Speed speed() const { return speed_; }
  const BucketClocks& clocks() const { return clocks_; }

  // Inline because it is done to every bucket at every event.
  void pass(Duration time) {
    if (runnable_ == 0) return;
    served_ += service(speed_ * runnable_, time);
    clocks_ = clocks_after(time);
  }
  BucketClocks clocks_after(Duration time) const {
    BucketClocks clocks = clocks_;
    clocks.service += service(speed_, time);
    clocks.stolen += service(stolen_, time);
    if (held_back_) clocks.throttled += time;
    return clocks;
  }

  // `missing` is the share of the machine that is not supplied.
  void run_at(Speed speed, Speed missing) {
    speed_ = speed;
    stolen_ = missing < kFullSpeed - speed ? missing : kFullSpeed - speed;
    held_back_ = false;
  }
  void hold_back() {
    speed_ = 0;
    stolen_ = 0;
    held_back_ = true;
  }

  void add(std::uint32_t seat, CpuTime work) {
    ++runnable_;
    if (work != kEndless) finishes_.insert((clocks_.service + fine(work)) << kSeatBits | seat);
  }
  // Earlier or later than it would have: when the service clock shows that.
  void finish_at(std::uint32_t seat, FineTime service) {
    finishes_.remove(seat);
    finishes_.insert(service << kSeatBits | seat);
  }
  // Also for endless ones, which have no finish to forget.
  void remove(std::uint32_t seat) {
    --runnable_;
    finishes_.remove(seat);
  }

  bool has_finite_task() const { return !finishes_.empty(); }
  bool has_finished_task() const { return first_finish() <= clocks_.service; }
  std::uint32_t first_seat() const { return static_cast<std::uint32_t>(finishes_.winner_key()); }
  // Removes the task that finishes first. It takes no more than it wanted; returns what it was
  // given beyond that in the last nanosecond.
  FineTime finish_first() {
    const FineTime excess = clocks_.service - first_finish();
    served_ -= excess;
    --runnable_;
    finishes_.remove_winner();
    return excess;
  }

  // Only with has_finite_task().
  Instant next_finish(Instant now) const {
    return served_at(now, first_finish() - clocks_.service, speed_);
  }

  // To all its tasks, those that are gone included.
  CpuTime served_after(Duration time) const {
    return CpuTime(floor_ns(served_ + service(speed_ * runnable_, time)));
  }

  void hash_into(Hasher& hasher) const {
    hasher.add(runnable_);
    add_fine(hasher, clocks_.service);
    add_fine(hasher, clocks_.stolen);
    hasher.add_signed(clocks_.throttled.count());
    add_fine(hasher, served_);
  }

 private:
  // A finish needs 96 bits (see fine_time.h); the seat below it orders ties and spares the search
  // for the winner.
  static constexpr int kSeatBits = 32;

  FineTime first_finish() const { return finishes_.winner_key() >> kSeatBits; }

  GroupId group_;
  std::uint64_t weight_;
  std::uint32_t runnable_ = 0;
  bool held_back_ = false;
  Speed speed_ = 0;   // of each runnable task
  Speed stolen_ = 0;  // rate of the stolen clock
  BucketClocks clocks_;
  FineTime served_ = 0;
  FrontedTree<Uint128> finishes_;
};

}  // namespace cotenant

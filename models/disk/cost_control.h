// SPDX-License-Identifier: Apache-2.0
//
// iocost: io.weight of cgroup v2. Each IO costs as much time of the device as a linear model says,
// and more of a group's own, virtual time the smaller its share is; who has none left waits. Groups
// that need less than their share lend the rest of it to the others. Time passes faster while
// groups wait and the device does not, and slower when IOs wait for the device. Not modeled: debts,
// targets of latency, and shares inside of a group of the root. Source: block/blk-iocost.c, 6.12;
// linux.md section 5.
#pragma once

#include <cstdint>
#include <vector>

#include "models/disk/blk_throttle.h"
#include "models/disk/jiffies.h"

namespace cotenant {

class CostControl {
 public:
  CostControl() = default;
  CostControl(const DiskSpec& spec, const JiffyClock& clock);

  // Appends it if it may pass at once, and others that may then. Otherwise advance() will.
  void admit(IoTable& ios, IoId id, Instant now, std::vector<IoId>& passed);
  // It has waited so long for the device to have room, and is done.
  void done(const Io& io, Duration queued);

  Instant next_instant() const;
  // Appends those that may pass from now on.
  void advance(IoTable& ios, Instant now, std::vector<IoId>& passed);

  // How fast time passes, against the clock on the wall.
  double rate() const { return static_cast<double>(base_rate_) / static_cast<double>(kRate); }
  void hash_into(Hasher& hasher) const;

 private:
  // Virtual time: 16 of it pass in a nanosecond at a rate of 1.
  using Virtual = std::int64_t;
  static constexpr Virtual kPerNanosecond = 16;
  static constexpr std::int64_t kRate = 1 << 20;   // 1
  static constexpr std::int64_t kWhole = 1 << 16;  // all shares together

  // Of an IO, as time of the device.
  struct Coefficients {
    Virtual page = 0, sequential = 0, random = 0;
  };
  struct Group {
    BoundedQueue<IoId> waiting;
    std::int64_t weight = 100;  // as it was said
    std::int64_t active = 0;    // the same as long as it uses the disk
    std::int64_t in_use = 0;    // without what it lends
    std::int64_t last_in_use = 0;
    Virtual spent = 0;         // its own time: all that it was given
    Virtual done = 0;          // the same without IOs that are under way
    Virtual used = 0;          // time of the device, in this period
    Virtual margin = 0;        // that it had when in_use was last changed
    std::uint64_t period = 0;  // in which it last asked for something
    Instant since;             // active
    Instant wakes = Instant::never();
    // Only while a period ends:
    std::int64_t lends = 0, keeps = 0;  // shares: its own, and what is left of that
  };

  Virtual now_at(Instant now) const;
  Virtual part_of_period(std::int64_t percent) const;
  Virtual cost_of(const Io& io) const;
  std::int64_t share(const Group& group, std::int64_t Group::*weight) const;
  std::int64_t largest_share(const Group& group) const;
  Virtual own_cost(const Group& group, Virtual cost) const;
  void set_weights(Group& group, std::int64_t active, std::int64_t in_use, Virtual now);
  void activate(Group& group, Instant now);
  Virtual adjusted_cost(Group& group, Virtual cost, Virtual now);
  void pay(Group& group, Io& io, Virtual cost, Virtual own);
  void kick(IoTable& ios, Group& group, Instant now, std::vector<IoId>& passed);

  void end_period(IoTable& ios, Instant now, std::vector<IoId>& passed);
  void drop_excess(Group& group, Virtual now);
  void check_group(IoTable& ios, Group& group, Instant now, std::vector<IoId>& passed);
  bool wants_to_lend(const Group& group, Virtual now) const;
  std::int64_t share_to_keep(Group& group, std::int64_t most, Instant now);
  // How many groups are short of time.
  std::uint32_t find_lenders(Instant now);
  void lend(Virtual now);
  void judge_device(std::uint32_t short_groups);
  void begin_period(Instant now);
  void make_up_for_lost(Instant now);

  JiffyClock clock_;
  Duration length_;  // of a period
  PerKind<Coefficients> coefficients_;
  IdVector<GroupId, Group> groups_;
  std::vector<GroupId> tops_;  // of each group: the one below the root, which has the weight

  std::int64_t base_rate_ = kRate;
  std::int64_t rate_ = kRate;  // with what makes up for time that was thrown away
  Virtual lost_ = 0;
  std::uint64_t period_ = 1;
  Instant began_;  // the period
  Virtual began_at_ = 0;
  Instant ends_ = Instant::never();
  Duration waited_;  // for room at the device, by those that are done
  int busy_ = 0;     // how many periods it was so; below zero: how many it was not
};

}  // namespace cotenant

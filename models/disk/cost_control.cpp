// SPDX-License-Identifier: Apache-2.0
#include "models/disk/cost_control.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "models/memory/page.h"

namespace cotenant {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// Parts of a period that a group may have left, in percent (MARGIN_*_PCT).
constexpr std::int64_t kLeastMargin = 10;
constexpr std::int64_t kLowMargin = 20;
constexpr std::int64_t kMarginTarget = 50;
// What it takes back at a time of what it has lent (INUSE_ADJ_STEP_PCT), and how exact timers are.
constexpr std::int64_t kStep = 25;
constexpr std::int64_t kTimerSlack = 1;

// The device is too busy, and not, when IOs of a period have waited for it for so much of it:
// RQ_WAIT_BUSY_PCT, and three quarters of that.
constexpr std::int64_t kBusy = 5;
constexpr std::int64_t kNotBusy = 3;
constexpr int kMostBusy = 1000;

// By how many percent the rate changes after so many periods (vrate_adj_pct): in runs.
struct Run {
  int until;
  std::int64_t percent;
};
constexpr std::array<Run, 6> kChanges = {
    {{3, 0}, {19, 1}, {35, 2}, {43, 4}, {51, 8}, {kMostBusy, 16}}};
// In percent: VRATE_MIN_PPM, VRATE_MAX_PPM.
constexpr std::int64_t kSlowest = 1;
constexpr std::int64_t kFastest = 10'000;

std::int64_t divided_up(std::int64_t value, std::int64_t by) { return (value + by - 1) / by; }

GroupId top_of(const DiskSpec& spec, GroupId group) {
  GroupId top = group;
  for (GroupId g = group; !spec.groups[g].parent.is_none(); g = spec.groups[g].parent) top = g;
  return top;
}

}  // namespace

CostControl::CostControl(const DiskSpec& spec, const JiffyClock& clock)
    : clock_(clock), length_(spec.cost->period), groups_(spec.groups.size()) {
  for (const IoKind kind : {IoKind::read, IoKind::write}) {
    const CostModel::Coefficients& model = spec.cost->costs[kind];
    constexpr std::int64_t kOne = kSecond * kPerNanosecond;
    const std::int64_t page = divided_up(kOne, divided_up(model.bytes, kPage));
    coefficients_[kind] = {page, std::max<Virtual>(divided_up(kOne, model.sequential) - page, 0),
                           std::max<Virtual>(divided_up(kOne, model.random) - page, 0)};
  }
  for (std::uint32_t g = 0; g < spec.groups.size(); ++g) {
    groups_[GroupId(g)].weight = spec.groups[GroupId(g)].weight;
    tops_.push_back(top_of(spec, GroupId(g)));
  }
}

CostControl::Virtual CostControl::now_at(Instant now) const {
  const Int128 passed = Int128{(now - began_).count()} * kPerNanosecond * rate_ / kRate;
  return began_at_ + static_cast<Virtual>(passed);
}

CostControl::Virtual CostControl::part_of_period(std::int64_t percent) const {
  return scaled(length_.count() * kPerNanosecond / 100 * percent, base_rate_, kRate);
}

// What an IO of a file that goes on costs no seek.
CostControl::Virtual CostControl::cost_of(const Io& io) const {
  if (io.bytes.is_zero()) return 0;
  const Coefficients& cost = coefficients_[io.kind];
  const std::int64_t pages = std::max<std::int64_t>(io.bytes.count() / kPage, 1);
  return (io.continues ? cost.sequential : cost.random) + pages * cost.page;
}

std::int64_t CostControl::share(const Group& group, std::int64_t Group::*weight) const {
  std::int64_t sum = 0;
  for (const Group& each : groups_) sum += each.*weight;
  return std::max<std::int64_t>(sum == 0 ? kWhole : kWhole * (group.*weight) / sum, 1);
}

// If it lent nothing, and the others went on as they do.
std::int64_t CostControl::largest_share(const Group& group) const {
  std::int64_t sum = group.active - group.in_use;
  for (const Group& each : groups_) sum += each.in_use;
  return std::max<std::int64_t>(kWhole * group.active / sum, 1);
}

CostControl::Virtual CostControl::own_cost(const Group& group, Virtual cost) const {
  const std::int64_t part = share(group, &Group::in_use);
  return static_cast<Virtual>((Int128{cost} * kWhole + part - 1) / part);
}

void CostControl::set_weights(Group& group, std::int64_t active, std::int64_t in_use, Virtual now) {
  group.last_in_use = group.in_use;
  group.active = active;
  group.in_use = std::min(std::max<std::int64_t>(in_use, 1), active);
  group.margin = now - group.spent;
}

// It begins with half a period's worth of time, whatever it had.
void CostControl::activate(Group& group, Instant at) {
  group.period = period_;
  if (group.active > 0) return;
  if (ends_ == Instant::never()) {
    began_at_ = now_at(at);
    began_ = at;
    begin_period(at);
  }
  const Virtual now = now_at(at);
  const Virtual given = now - part_of_period(kMarginTarget) - group.spent;
  group.spent += given;
  group.done += given;
  const std::int64_t before = group.last_in_use;
  set_weights(group, group.weight, before > 0 ? before : group.weight, now);
  group.since = at;
}

// Who runs short of time takes back what it has lent, until it has enough.
CostControl::Virtual CostControl::adjusted_cost(Group& group, Virtual cost, Virtual now) {
  Virtual own = own_cost(group, cost);
  const Virtual margin = now - group.spent - own;
  if (margin >= group.margin || margin >= part_of_period(kLowMargin)) return own;
  while (group.in_use < group.active) {
    set_weights(group, group.active, group.in_use + divided_up(group.active * kStep, 100), now);
    own = own_cost(group, cost);
    if (group.spent + own <= now) break;
  }
  return own;
}

void CostControl::pay(Group& group, Io& io, Virtual cost, Virtual own) {
  group.spent += own;
  group.used += cost;
  io.cost = own;
}

void CostControl::admit(IoTable& ios, IoId id, Instant at, std::vector<IoId>& passed) {
  Io& io = ios[id];
  const GroupId top = tops_[io.group.index()];
  const Virtual cost = cost_of(io);
  if (top == kRootGroup || cost == 0) return passed.push_back(id);
  Group& group = groups_[top];
  activate(group, at);
  const Virtual now = now_at(at);
  const Virtual own = adjusted_cost(group, cost, now);
  if (group.waiting.empty() && group.spent + own <= now) {
    pay(group, io, cost, own);
    return passed.push_back(id);
  }
  // Whoever waits has all of its weight.
  if (group.in_use != group.active) set_weights(group, group.active, group.active, now);
  io.throttled_at = top;
  group.waiting.push_growing(id);
  kick(ios, group, at, passed);
}

// Those that it has time for go on; then it is known when the next one may.
void CostControl::kick(IoTable& ios, Group& group, Instant at, std::vector<IoId>& passed) {
  const Virtual now = now_at(at);
  while (!group.waiting.empty()) {
    Io& io = ios[group.waiting.front()];
    const Virtual cost = cost_of(io);
    const Virtual own = own_cost(group, cost);
    const Virtual missing = group.spent + own - now;
    if (missing > 0) {
      const Int128 wait = (Int128{missing} * kRate / kPerNanosecond + base_rate_ - 1) / base_rate_;
      group.wakes = at + Duration(static_cast<std::int64_t>(wait)) + length_ * kTimerSlack / 100;
      return;
    }
    pay(group, io, cost, own);
    io.throttled_at = GroupId::none();
    passed.push_back(group.waiting.pop());
  }
  group.wakes = Instant::never();
}

void CostControl::done(const Io& io, Duration queued) {
  if (io.cost > 0) groups_[tops_[io.group.index()]].done += io.cost;
  if (!io.bytes.is_zero()) waited_ += queued;
}

Instant CostControl::next_instant() const {
  Instant next = ends_;
  for (const Group& group : groups_) next = std::min(next, group.wakes);
  return next;
}

void CostControl::advance(IoTable& ios, Instant now, std::vector<IoId>& passed) {
  for (Group& group : groups_) {
    if (group.wakes <= now) kick(ios, group, now, passed);
  }
  if (ends_ <= now) end_period(ios, now, passed);
}

// --- Once a period

// More than half a period's worth is thrown away.
void CostControl::drop_excess(Group& group, Virtual now) {
  const Virtual excess = now - group.spent - part_of_period(kMarginTarget);
  if (excess <= 0) return;
  lost_ -= static_cast<Virtual>(Int128{excess} * share(group, &Group::in_use) / kWhole);
  group.spent += excess;
  group.done += excess;
}

// Those that wait may sleep for too long; those that have not used the disk are not counted.
void CostControl::check_group(IoTable& ios, Group& group, Instant at, std::vector<IoId>& passed) {
  if (group.active == 0) return;
  if (!group.waiting.empty()) return kick(ios, group, at, passed);
  if (group.period == period_ || group.done != group.spent) return;
  const Virtual now = now_at(at);
  drop_excess(group, now);
  set_weights(group, 0, 0, now);
}

bool CostControl::wants_to_lend(const Group& group, Virtual now) const {
  if (share(group, &Group::in_use) < share(group, &Group::active)) return true;
  return group.waiting.empty() && group.spent < now - part_of_period(kLowMargin);
}

// So much that half a period's worth of time is left at the end of the next one, if it uses as much
// again.
std::int64_t CostControl::share_to_keep(Group& group, std::int64_t most, Instant at) {
  const Virtual now = now_at(at);
  const Int128 under_way = Int128{group.spent - group.done} * share(group, &Group::in_use) / kWhole;
  const Int128 used = std::max<Int128>(group.used, under_way) * kRate / base_rate_;
  const std::int64_t active_for =
      std::max<std::int64_t>((at - std::max(group.since, began_)).count(), 1);
  const Int128 usage =
      std::clamp<Int128>(used * kWhole / (Int128{active_for} * kPerNanosecond), 1, kWhole);
  if (!group.waiting.empty() || group.spent > now - part_of_period(kLeastMargin)) return most;
  drop_excess(group, now);
  const Int128 left = Int128{kWhole} * (now - group.spent) / std::max<Virtual>(now - began_at_, 1);
  const Int128 keeps = usage * kWhole / (kWhole - kWhole * kMarginTarget / 100 + left);
  return static_cast<std::int64_t>(std::clamp<Int128>(keeps, 1, most));
}

std::uint32_t CostControl::find_lenders(Instant at) {
  const Virtual now = now_at(at);
  std::uint32_t short_groups = 0;
  for (Group& group : groups_) {
    group.lends = 0;
    if (group.active == 0) continue;
    if (!wants_to_lend(group, now)) {
      ++short_groups;
      continue;
    }
    const std::int64_t own = share(group, &Group::active);
    const std::int64_t most = largest_share(group);
    const std::int64_t keeps = share_to_keep(group, most, at);
    if (keeps < most && own >= 2) {
      group.lends = own;
      group.keeps = keeps;
    } else {
      set_weights(group, group.active, group.active, now);
      ++short_groups;
    }
  }
  return short_groups;
}

// The others share what is lent by their weights: all of theirs together are as large a part of the
// whole as is left, so the weights of those that lend become what they keep of that.
void CostControl::lend(Virtual now) {
  std::int64_t sum = 0, lends = 0, keeps = 0;
  for (const Group& group : groups_) {
    sum += group.active;
    lends += group.lends;
    if (group.lends > 0) keeps += group.keeps;
  }
  if (lends == 0) return;
  lends = std::min(lends, kWhole - 1);
  keeps = std::min(keeps, lends - 1);
  const std::int64_t adjusted = divided_up(sum * (kWhole - lends), kWhole - keeps);
  for (Group& group : groups_) {
    if (group.lends == 0) continue;
    set_weights(group, group.active, divided_up(adjusted * group.keeps, kWhole), now);
  }
}

void CostControl::judge_device(std::uint32_t short_groups) {
  const std::int64_t waited = waited_.count() * 100 / length_.count();
  waited_ = Duration(0);
  if (waited > kBusy) {
    busy_ = std::max(busy_, 0) + 1;
  } else if (waited <= kNotBusy && short_groups > 0) {
    busy_ = std::min(busy_, 0) - 1;
  } else {
    busy_ = 0;
  }
  busy_ = std::clamp(busy_, -kMostBusy, kMostBusy);
  const int periods = std::abs(busy_);
  const auto run = std::find_if(kChanges.begin(), kChanges.end(),
                                [&](const Run& each) { return periods <= each.until; });
  const std::int64_t percent = busy_ > 0 ? 100 - run->percent : 100 + run->percent;
  base_rate_ = std::clamp(divided_up(base_rate_ * percent, 100), kRate * kSlowest / 100,
                          kRate * kFastest / 100);
}

void CostControl::begin_period(Instant now) {
  const Jiffies jiffy = clock_.at(now);
  const std::int64_t jiffies = divided_up(length_.count() * clock_.per_second(), kSecond);
  ends_ = clock_.begins(timer_goes_off(jiffy + jiffies, jiffy));
}

// Time that was thrown away is nobody's: for a period all time passes faster instead.
void CostControl::make_up_for_lost(Instant now) {
  const Int128 left = Int128{(began_ + length_ - now).count()} * kPerNanosecond;
  Int128 more = left > 0 ? -Int128{lost_} * kRate / left : 0;
  more = std::clamp<Int128>(more, -(base_rate_ / 2), base_rate_);
  lost_ += static_cast<Virtual>(more * left / kRate);
  rate_ = base_rate_ + static_cast<std::int64_t>(more);
  const Virtual most = part_of_period(100);
  lost_ = std::clamp(lost_, -most, most);
}

void CostControl::end_period(IoTable& ios, Instant at, std::vector<IoId>& passed) {
  for (Group& group : groups_) check_group(ios, group, at, passed);
  const std::uint32_t short_groups = find_lenders(at);
  if (short_groups > 0) lend(now_at(at));
  judge_device(short_groups);
  const Virtual now = now_at(at);
  for (Group& group : groups_) group.used = 0;
  ++period_;
  began_ = at;
  began_at_ = now;
  const bool any = std::any_of(groups_.begin(), groups_.end(),
                               [](const Group& group) { return group.active > 0; });
  if (any) {
    begin_period(at);
  } else {
    busy_ = 0;
    lost_ = 0;
    ends_ = Instant::never();
  }
  make_up_for_lost(at);
}

void CostControl::hash_into(Hasher& hasher) const {
  for (const Group& group : groups_) {
    group.waiting.hash_into(hasher);
    hasher.add_signed(group.active);
    hasher.add_signed(group.in_use);
    hasher.add_signed(group.spent);
    hasher.add_signed(group.done);
    hasher.add_signed(group.used);
    hasher.add_signed(group.wakes.ns());
  }
  hasher.add_signed(base_rate_);
  hasher.add_signed(rate_);
  hasher.add_signed(lost_);
  hasher.add_signed(began_at_);
  hasher.add_signed(ends_.ns());
  hasher.add_signed(waited_.count());
  hasher.add_signed(busy_);
}

}  // namespace cotenant

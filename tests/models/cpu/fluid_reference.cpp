// SPDX-License-Identifier: Apache-2.0
//
// Everything is recomputed at every nanosecond from the state of single tasks; nothing is clever.
#include "tests/models/cpu/fluid_reference.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace cotenant::cpu_test {

namespace {

constexpr Uint128 kOne = Uint128{1} << 32;

Int128 fine_quota(CpuTime amount) { return static_cast<Int128>(amount.count()) << 32; }

}  // namespace

FluidReference::FluidReference(const Host& host)
    : host_(host),
      tasks_(host.topology.tasks.size()),
      groups_(host.topology.groups.size()),
      supply_(host.topology.cores, kFullSpeed) {
  for (std::uint32_t i = 0; i < groups_.size(); ++i) {
    const auto& bandwidth = host.topology.groups[GroupId(i)].bandwidth;
    if (bandwidth) groups_[i].pool = fine_quota(bandwidth->quota) + fine_quota(bandwidth->burst);
  }
}

void FluidReference::demand(TaskId id, CpuTime work) {
  Task& task = tasks_[id.index()];
  const Uint128 before = task.served_before + task.got;
  task = Task();
  task.served_before = before;
  task.work = work.count();
  task.demanded = now_;
  update();
}

BurstTimes FluidReference::withdraw(TaskId id) {
  const BurstTimes times = burst_so_far(id);
  tasks_[id.index()].work = 0;
  update();
  return times;
}

void FluidReference::set_supply(CoreId core, Speed speed) {
  supply_[core.index()] = speed;
  update();
}

std::vector<Completion> FluidReference::step() {
  ++now_;
  const Uint128 total = std::accumulate(supply_.begin(), supply_.end(), Uint128{0});
  const Speed missing = kFullSpeed - static_cast<Speed>(total / supply_.size());
  std::vector<Completion> completed;
  for (std::uint32_t i = 0; i < tasks_.size(); ++i) {
    Task& task = tasks_[i];
    if (task.work == 0) continue;
    task.got += task.speed;
    if (task.held_back) {
      ++task.throttled;
    } else {
      task.stolen += std::min(missing, kFullSpeed - task.speed);
    }
    Int128 drained = task.speed;
    if (task.work != kEndless.count() && task.got >= kOne * static_cast<Uint128>(task.work)) {
      completed.push_back({TaskId(i), burst_so_far(TaskId(i))});
      const Uint128 excess = task.got - kOne * static_cast<Uint128>(task.work);
      task.got -= excess;
      drained -= static_cast<Int128>(excess);
      task.work = 0;
    }
    for (GroupId g = host_.topology.tasks[TaskId(i)].group; !g.is_none();
         g = host_.topology.groups[g].parent) {
      groups_[g.index()].pool -= drained;
    }
  }
  for (std::uint32_t i = 0; i < groups_.size(); ++i) {
    Group& group = groups_[i];
    if (group.held_back) group.counters.throttled_time += Duration(1);
    const auto& bandwidth = host_.topology.groups[GroupId(i)].bandwidth;
    if (!bandwidth) continue;
    if ((now_ - host_.phases[i].count()) % bandwidth->period.count() != 0) continue;
    group.pool = std::min(group.pool + fine_quota(bandwidth->quota),
                          fine_quota(bandwidth->quota) + fine_quota(bandwidth->burst));
    group.period_counted = false;
    group.throttled_counted = false;
  }
  update();
  return completed;
}

BurstTimes FluidReference::burst_so_far(TaskId id) const {
  const Task& task = tasks_[id.index()];
  BurstTimes times;
  times.running = Duration(std::min(static_cast<std::int64_t>(task.got / kOne), task.work));
  times.throttled = Duration(task.throttled);
  const Duration rest = Duration(now_ - task.demanded) - times.running - times.throttled;
  const Duration stolen(static_cast<std::int64_t>((task.stolen + kOne - 1) / kOne));
  times.stolen = std::min(rest, stolen);
  times.queued = rest - times.stolen;
  return times;
}

Uint128 FluidReference::served(GroupId group) const {
  Uint128 sum = 0;
  for (std::uint32_t i = 0; i < tasks_.size(); ++i) {
    if (!below(host_.topology.tasks[TaskId(i)].group, group)) continue;
    sum += tasks_[i].served_before + tasks_[i].got;
  }
  return sum;
}

std::uint64_t FluidReference::eligible() const {
  std::uint64_t count = 0;
  for (const Task& task : tasks_) count += task.work > 0 && !task.held_back ? 1 : 0;
  return count;
}

std::uint64_t FluidReference::usable() const {
  std::vector<Speed> sorted = supply_;
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  sorted.resize(std::min<std::size_t>(sorted.size(), eligible()));
  return std::accumulate(sorted.begin(), sorted.end(), std::uint64_t{0});
}

Speed FluidReference::fastest() const { return *std::max_element(supply_.begin(), supply_.end()); }

bool FluidReference::below(GroupId group, GroupId ancestor) const {
  for (; !group.is_none(); group = host_.topology.groups[group].parent) {
    if (group == ancestor) return true;
  }
  return false;
}

bool FluidReference::held(GroupId group) const {
  for (; !group.is_none(); group = host_.topology.groups[group].parent) {
    if (groups_[group.index()].held_back) return true;
  }
  return false;
}

bool FluidReference::active(GroupId group) const {
  for (std::uint32_t i = 0; i < tasks_.size(); ++i) {
    if (tasks_[i].work > 0 && below(host_.topology.tasks[TaskId(i)].group, group)) return true;
  }
  return false;
}

std::uint64_t FluidReference::cap(GroupId group) const {
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < tasks_.size(); ++i) {
    const GroupId own = host_.topology.tasks[TaskId(i)].group;
    if (tasks_[i].work > 0 && below(own, group) && !held(own)) sum += fastest();
  }
  return sum;
}

void FluidReference::update() {
  for (std::uint32_t i = 0; i < groups_.size(); ++i) {
    Group& group = groups_[i];
    if (!host_.topology.groups[GroupId(i)].bandwidth) continue;
    const bool is_active = active(GroupId(i));
    group.held_back = is_active && group.pool <= 0;
    if (is_active && !group.period_counted) ++group.counters.nr_periods;
    group.period_counted = group.period_counted || is_active;
    if (group.held_back && !group.throttled_counted) ++group.counters.nr_throttled;
    group.throttled_counted = group.throttled_counted || group.held_back;
  }
  for (std::uint32_t i = 0; i < tasks_.size(); ++i) {
    tasks_[i].speed = 0;
    tasks_[i].held_back = held(host_.topology.tasks[TaskId(i)].group);
  }
  divide(kRootGroup, usable());
}

// Sorted by cap / weight, whoever comes next either takes its cap or, with all that follow, its
// proportional share of what is left.
void FluidReference::divide(GroupId group, std::uint64_t capacity) {
  std::vector<Member> members;
  for (std::uint32_t i = 0; i < tasks_.size(); ++i) {
    const CpuTask& task = host_.topology.tasks[TaskId(i)];
    if (task.group != group || tasks_[i].work == 0 || tasks_[i].held_back) continue;
    members.push_back({static_cast<std::uint64_t>(task.weight), fastest(), 0});
  }
  for (std::uint32_t i = 0; i < groups_.size(); ++i) {
    const CpuGroup& child = host_.topology.groups[GroupId(i)];
    if (child.parent != group || cap(GroupId(i)) == 0) continue;
    members.push_back({static_cast<std::uint64_t>(child.weight), cap(GroupId(i)), 0});
  }
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return Uint128{members[a].cap} * members[b].weight <
           Uint128{members[b].cap} * members[a].weight;
  });
  Uint128 weight = 0;
  for (const Member& member : members) weight += member.weight;
  Uint128 left = capacity;
  std::size_t i = 0;
  for (; i < order.size(); ++i) {
    Member& member = members[order[i]];
    if (Uint128{member.cap} * weight > left * member.weight) break;
    member.share = member.cap;
    left -= member.cap;
    weight -= member.weight;
  }
  for (; i < order.size(); ++i) {
    Member& member = members[order[i]];
    member.share = static_cast<std::uint64_t>(left * member.weight / weight);
  }

  const Member* member = members.data();
  for (std::uint32_t t = 0; t < tasks_.size(); ++t) {
    if (host_.topology.tasks[TaskId(t)].group != group) continue;
    if (tasks_[t].work == 0 || tasks_[t].held_back) continue;
    tasks_[t].speed = (member++)->share;
  }
  for (std::uint32_t g = 0; g < groups_.size(); ++g) {
    if (host_.topology.groups[GroupId(g)].parent != group || cap(GroupId(g)) == 0) continue;
    divide(GroupId(g), (member++)->share);
  }
}

}  // namespace cotenant::cpu_test

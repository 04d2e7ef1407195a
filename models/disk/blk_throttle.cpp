// SPDX-License-Identifier: Apache-2.0
#include "models/disk/blk_throttle.h"

#include <algorithm>
#include <array>

namespace cotenant {
namespace {

constexpr std::array<IoKind, kIoKinds> kKinds = {IoKind::read, IoKind::write};

// The timer is set at most so far ahead (throtl_schedule_pending_timer), and then once more.
constexpr Jiffies kFarthestSlices = 8;

}  // namespace

BlkThrottle::BlkThrottle(const DiskSpec& spec, const JiffyClock& clock)
    : clock_(clock), gates_(spec.groups.size()) {
  for (std::uint32_t g = 0; g < spec.groups.size(); ++g) {
    const PerKind<IoLimit>& limit = spec.groups[GroupId(g)].limit;
    if (!limit.read.is_none() || !limit.write.is_none()) limited_.push_back(GroupId(g));
  }
}

Jiffies BlkThrottle::wait(const DiskSpec& spec, const Io& io, Jiffies now) {
  Gate& gate = gates_[io.throttled_at][io.kind];
  return gate.window.wait(spec.groups[io.throttled_at].limit[io.kind], io.bytes, now,
                          clock_.per_second(), !gate.waiting.empty());
}

// From the group that it is at, up to the first one that holds it back. True when none does.
bool BlkThrottle::climb(const DiskSpec& spec, IoTable& ios, IoId id, Jiffies now) {
  Io& io = ios[id];
  for (; !io.throttled_at.is_none(); io.throttled_at = spec.groups[io.throttled_at].parent) {
    const IoLimit& limit = spec.groups[io.throttled_at].limit[io.kind];
    if (limit.is_none()) continue;
    Gate& gate = gates_[io.throttled_at][io.kind];
    const bool is_first = gate.waiting.empty();
    const Jiffies left = is_first ? wait(spec, io, now) : 0;
    if (is_first && left == 0) {
      gate.window.charge(limit, io.bytes, now, clock_.per_second());
      continue;
    }
    gate.waiting.push_growing(id);
    if (!is_first) return false;
    gate.opens = now + left;
    set_timer(gate, now);
    return false;
  }
  return true;
}

bool BlkThrottle::passes(const DiskSpec& spec, IoTable& ios, IoId id, Instant now) {
  if (limited_.empty()) return true;
  ios[id].throttled_at = ios[id].group;
  return climb(spec, ios, id, clock_.at(now));
}

void BlkThrottle::set_timer(Gate& gate, Jiffies now) const {
  const Jiffies farthest = now + kFarthestSlices * throttle_slice(clock_.per_second());
  gate.timer = timer_goes_off(std::min(gate.opens, farthest), now);
}

Instant BlkThrottle::next_instant() const {
  Instant next = Instant::never();
  for (const GroupId group : limited_) {
    for (const IoKind kind : kKinds) {
      const Gate& gate = gates_[group][kind];
      if (!gate.waiting.empty()) next = std::min(next, clock_.begins(gate.timer));
    }
  }
  return next;
}

void BlkThrottle::open(const DiskSpec& spec, IoTable& ios, Gate& gate, Jiffies now,
                       std::vector<IoId>& passed) {
  while (!gate.waiting.empty()) {
    const IoId id = gate.waiting.front();
    Io& io = ios[id];
    const Jiffies left = wait(spec, io, now);
    if (left > 0) {
      gate.opens = now + left;
      return set_timer(gate, now);
    }
    gate.window.charge(spec.groups[io.throttled_at].limit[io.kind], io.bytes, now,
                       clock_.per_second());
    gate.waiting.pop();
    io.throttled_at = spec.groups[io.throttled_at].parent;
    if (climb(spec, ios, id, now)) passed.push_back(id);
  }
}

void BlkThrottle::advance(const DiskSpec& spec, IoTable& ios, Instant at,
                          std::vector<IoId>& passed) {
  const Jiffies now = clock_.at(at);
  for (const GroupId group : limited_) {
    for (const IoKind kind : kKinds) {
      Gate& gate = gates_[group][kind];
      if (gate.waiting.empty() || gate.timer > now) continue;
      if (gate.opens > now) {
        set_timer(gate, now);
      } else {
        open(spec, ios, gate, now, passed);
      }
    }
  }
}

void BlkThrottle::hash_into(Hasher& hasher) const {
  for (const GroupId group : limited_) {
    for (const IoKind kind : kKinds) {
      const Gate& gate = gates_[group][kind];
      gate.window.hash_into(hasher);
      gate.waiting.hash_into(hasher);
      hasher.add_signed(gate.timer);
    }
  }
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "models/disk/dirty_pages.h"

#include <algorithm>

#include "sim/base/int128.h"

namespace cotenant {
namespace {

constexpr Duration kEstimateEvery = milliseconds(200);  // BANDWIDTH_INTERVAL
constexpr Duration kSmoothedOver = seconds(3);          // its average goes back about so far
constexpr Duration kLongestPause = milliseconds(200);   // MAX_PAUSE

// Extents that began within so much of each other are one.
constexpr Duration kSameTime = seconds(1);

// 1 / 1024.
constexpr std::int64_t kUnit = 1024;

// From 2 at no pressure over 1 at the set point down to 0 at the limit: 1 + x^3, where x is the
// distance from the set point as a part of that to the limit (pos_ratio_polynom).
std::int64_t position_ratio(Bytes dirty, Bytes setpoint, Bytes limit) {
  const std::int64_t x = std::clamp(scaled(setpoint.count() - dirty.count(), kUnit,
                                           std::max<std::int64_t>((limit - setpoint).count(), 1)),
                                    -kUnit, kUnit);
  return kUnit + x * x / kUnit * x / kUnit;
}

}  // namespace

void hash_entry(Hasher& hasher, const DirtyExtent& extent) {
  hasher.add(extent.group.index());
  hasher.add_signed(extent.bytes.count());
  hasher.add_signed(extent.since.ns());
  if (!extent.file.is_none()) hasher.add(extent.file.index());
}

void DirtyPages::add(const DirtyExtent& extent) {
  waiting_ += extent.bytes;
  if (!extents_.empty()) {
    DirtyExtent last = extents_.pop_last();
    const bool is_same = last.group == extent.group && last.file == extent.file;
    if (is_same && extent.since - last.since < kSameTime) {
      last.bytes += extent.bytes;
      return extents_.push(last);
    }
    extents_.push(last);
  }
  extents_.push_growing(extent);
}

void DirtyPages::discard(RequestId file) {
  for (std::size_t left = extents_.size(); left > 0; --left) {
    const DirtyExtent extent = extents_.pop();
    if (extent.file == file) {
      waiting_ -= extent.bytes;
    } else {
      extents_.push(extent);
    }
  }
}

DirtyExtent DirtyPages::take(const DirtySpec& spec, Bytes most, Instant now) {
  if (extents_.empty()) return {};
  DirtyExtent first = extents_.front();
  if (total() <= spec.background && now - first.since < kDirtyExpires) return {};
  extents_.pop();
  const Bytes part = std::min(first.bytes, most);
  DirtyExtent rest = first;
  rest.bytes -= part;
  if (!rest.bytes.is_zero()) extents_.push_front_growing(rest);
  first.bytes = part;
  if (under_way_.is_zero()) {
    estimated_ = now;
    since_estimate_ = Bytes(0);
  }
  waiting_ -= part;
  under_way_ += part;
  return first;
}

void DirtyPages::written(Bytes bytes, Instant now) {
  under_way_ -= bytes;
  since_estimate_ += bytes;
  const Duration passed = now - estimated_;
  if (passed < kEstimateEvery) return;
  const std::int64_t measured = scaled(since_estimate_.count(), seconds(1).count(), passed.count());
  const Duration counts = std::min(passed, kSmoothedOver);
  rate_ += scaled(measured - rate_, counts.count(), kSmoothedOver.count());
  rate_ = std::max<std::int64_t>(rate_, 1);
  since_estimate_ = Bytes(0);
  estimated_ = now;
}

Duration DirtyPages::pause(const DirtySpec& spec, Bytes bytes, std::uint32_t others) const {
  const Bytes free_run = (spec.background + spec.limit) / 2;
  if (total() <= free_run) return Duration(0);
  const std::int64_t ratio = position_ratio(total(), (free_run + spec.limit) / 2, spec.limit);
  const Int128 rate = Int128{rate_} * ratio / kUnit / (others + 1);
  if (rate == 0) return kLongestPause;
  const Int128 pause = Int128{bytes.count()} * seconds(1).count() / rate;
  return Duration(static_cast<std::int64_t>(std::min<Int128>(pause, kLongestPause.count())));
}

void DirtyPages::hash_into(Hasher& hasher) const {
  extents_.hash_into(hasher);
  hasher.add_signed(under_way_.count());
  hasher.add_signed(rate_);
  hasher.add_signed(estimated_.ns());
}

}  // namespace cotenant

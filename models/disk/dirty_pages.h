// SPDX-License-Identifier: Apache-2.0
//
// Dirty pages of files on one disk, and what the kernel does about them: it writes what is older
// than 30 s, all of it once there is too much, and slows down who makes more than it can write.
// What a page holds is not known, so a page that is written twice is two. Sources:
// mm/page-writeback.c, 6.12 (balance_dirty_pages, wb_position_ratio, wb_update_bandwidth); linux.md
// section 5.
#pragma once

#include <cstdint>

#include "models/disk/io.h"
#include "models/ids.h"
#include "models/server/bounded_queue.h"

namespace cotenant {

struct DirtySpec {
  Bytes background{100 << 20};  // from which on it writes, dirty_background_ratio of memory
  Bytes limit{200 << 20};       // dirty_ratio
};

// Of one group, dirty since about the same time.
struct DirtyExtent {
  GroupId group;
  Bytes bytes;
  Instant since;
  RequestId file{};  // whose temporary file it is in; none: one that stays
};
void hash_entry(Hasher& hasher, const DirtyExtent& extent);

inline constexpr Duration kDirtyExpires = seconds(30);  // vm.dirty_expire_centisecs
inline constexpr Duration kDirtyWakes = seconds(5);     // vm.dirty_writeback_centisecs

class DirtyPages {
 public:
  void add(const DirtyExtent& extent);

  // The temporary files of a request are deleted: what of them is not written never will be.
  void discard(RequestId file);

  // What is to be written now, of at most so much; zero bytes: nothing.
  DirtyExtent take(const DirtySpec& spec, Bytes most, Instant now);
  // So much of it is.
  void written(Bytes bytes, Instant now);

  // How long who has just dirtied so much sleeps.
  Duration pause(const DirtySpec& spec, Bytes bytes, std::uint32_t others) const;
  // Nobody goes on.
  bool is_over_limit(const DirtySpec& spec) const { return total() >= spec.limit; }

  bool any_waits() const { return !extents_.empty(); }
  Bytes total() const { return waiting_ + under_way_; }
  std::int64_t bytes_per_second() const { return rate_; }

  void hash_into(Hasher& hasher) const;

 private:
  BoundedQueue<DirtyExtent> extents_;  // the oldest first
  Bytes waiting_, under_way_;
  // What the disk manages to write: over intervals of 200 ms of writing, smoothed as the kernel's
  // is, and 100 MiB/s as long as nothing is known (INIT_BW).
  std::int64_t rate_ = 100 << 20;
  Bytes since_estimate_;
  Instant estimated_;
};

}  // namespace cotenant

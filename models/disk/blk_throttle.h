// SPDX-License-Identifier: Apache-2.0
//
// blk-throttle: IOs of groups with limits wait here until their windows let them pass, in the order
// in which they came; then those of the groups around them do. What the windows say is in
// throttle_window.h.
#pragma once

#include <vector>

#include "models/disk/spec.h"
#include "models/server/bounded_queue.h"
#include "sim/base/row_table.h"

namespace cotenant {

using IoTable = RowTable<IoId, Io>;

class BlkThrottle {
 public:
  BlkThrottle() = default;
  BlkThrottle(const DiskSpec& spec, const JiffyClock& clock);

  // True when an IO that its group makes now may pass at once. Otherwise advance() will say when.
  bool passes(const DiskSpec& spec, IoTable& ios, IoId id, Instant now);

  Instant next_instant() const;
  // Appends those that may pass from now on.
  void advance(const DiskSpec& spec, IoTable& ios, Instant now, std::vector<IoId>& passed);

  void hash_into(Hasher& hasher) const;

 private:
  // Of one group and kind.
  struct Gate {
    ThrottleWindow window;
    BoundedQueue<IoId> waiting;
    Jiffies opens = 0;  // when the first of them may pass
    Jiffies timer = 0;  // when somebody looks
  };
  Jiffies wait(const DiskSpec& spec, const Io& io, Jiffies now);
  bool climb(const DiskSpec& spec, IoTable& ios, IoId id, Jiffies now);
  void set_timer(Gate& gate, Jiffies now) const;
  void open(const DiskSpec& spec, IoTable& ios, Gate& gate, Jiffies now, std::vector<IoId>& passed);

  JiffyClock clock_;
  IdVector<GroupId, PerKind<Gate>> gates_;
  std::vector<GroupId> limited_;  // the others have no use for theirs
};

}  // namespace cotenant

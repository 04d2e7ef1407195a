// SPDX-License-Identifier: Apache-2.0
//
// The IO limits of CloudLinux's LVE: reads and writes of a group count together. After so many IOs
// the next one waits until the current second ends; after so many bytes until they are paid for at
// the rate that is allowed. IOs wait in the order in which they came, here, and then in the groups
// around theirs. What is documented of it and what is assumed: docs/models/disk.md.
#pragma once

#include <vector>

#include "models/disk/blk_throttle.h"

namespace cotenant {

class IoAccounts {
 public:
  IoAccounts() = default;
  IoAccounts(const DiskSpec& spec, const JiffyClock& clock);

  // True when an IO that its group makes now may pass at once. Otherwise advance() will say when.
  bool passes(const DiskSpec& spec, IoTable& ios, IoId id, Instant now);

  Instant next_instant() const;
  // Appends those that may pass from now on.
  void advance(const DiskSpec& spec, IoTable& ios, Instant now, std::vector<IoId>& passed);

  void hash_into(Hasher& hasher) const;

 private:
  // Of one group.
  struct Account {
    Instant paid;             // for the bytes that have passed
    std::int64_t second = 0;  // since boot
    std::int64_t ios = 0;     // that have passed in it
    BoundedQueue<IoId> waiting;
    Instant opens;  // when the first of them may pass
  };
  std::int64_t second_at(Instant now) const { return clock_.at(now) / clock_.per_second(); }
  Instant opens(const IoLimit& limit, const Account& account, Instant now) const;
  void charge(const IoLimit& limit, Account& account, Bytes bytes, Instant now) const;
  bool climb(const DiskSpec& spec, IoTable& ios, IoId id, Instant now);
  void open(const DiskSpec& spec, IoTable& ios, GroupId group, Instant now,
            std::vector<IoId>& passed);

  JiffyClock clock_;
  IdVector<GroupId, Account> accounts_;
  std::vector<GroupId> limited_;  // the others have no use for theirs
};

}  // namespace cotenant

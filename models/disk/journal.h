// SPDX-License-Identifier: Apache-2.0
//
// The journal of a file system, jbd2: whoever needs his metadata on the disk joins the transaction
// that is open, and waits until it is committed. One transaction commits at a time, so those who
// come meanwhile wait for the next one, and share it. Its thread is in no group but the root, and
// no limit holds it back (captures: "fsync's journal writes are made outside the group"). Source:
// fs/jbd2/commit.c, 6.12.
#pragma once

#include <utility>
#include <vector>

#include "models/cpu/scheduler.h"
#include "sim/base/hash.h"

namespace cotenant {

class Journal {
 public:
  // A commit is to begin, with those who have joined.
  bool may_commit() const { return !commits_ && !joined_.empty(); }

  void join(TaskId task) { joined_.push_back(task); }
  void begin_commit() {
    std::swap(members_, joined_);
    commits_ = true;
    wrote_blocks_ = false;
  }
  const std::vector<TaskId>& members() const { return members_; }
  // Once the blocks of the transaction are written, what makes them count comes last.
  bool takes_block_last() { return std::exchange(wrote_blocks_, true); }
  void end_commit() {
    members_.clear();
    commits_ = false;
  }

  // The task is gone. The commit goes on.
  void forget(TaskId task) {
    std::erase(joined_, task);
    std::erase(members_, task);
  }
  bool commits_for(TaskId task) const;
  void hash_into(Hasher& hasher) const;

 private:
  std::vector<TaskId> joined_, members_;
  bool commits_ = false;
  bool wrote_blocks_ = false;
};

}  // namespace cotenant

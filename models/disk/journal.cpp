// SPDX-License-Identifier: Apache-2.0
#include "models/disk/journal.h"

#include <algorithm>

namespace cotenant {

bool Journal::commits_for(TaskId task) const {
  return std::find(members_.begin(), members_.end(), task) != members_.end();
}

void Journal::hash_into(Hasher& hasher) const {
  hasher.add(std::uint64_t{commits_} << 1 | std::uint64_t{wrote_blocks_});
  for (const std::vector<TaskId>* list : {&joined_, &members_}) {
    hasher.add(list->size());
    for (const TaskId task : *list) hasher.add(task.index());
  }
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Tasks that have got their work but were not reported yet. It is empty nearly always: it fills
// when something else happens to a scheduler at the very instant at which a task finishes and the
// caller handles that first. Then the task must neither run on nor be lost.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "models/cpu/scheduler.h"
#include "sim/base/hash.h"

namespace cotenant {

class FinishedList {
 public:
  explicit FinishedList(std::size_t tasks) { list_.reserve(tasks); }

  bool empty() const { return list_.empty(); }
  std::vector<Completion>& list() { return list_; }

  std::optional<BurstTimes> find(TaskId task) const {
    for (const Completion& finished : list_) {
      if (finished.task == task) return finished.times;
    }
    return std::nullopt;
  }

  // Like find(), and the task will not be reported.
  std::optional<BurstTimes> take(TaskId task) {
    const std::optional<BurstTimes> times = find(task);
    std::erase_if(list_, [task](const Completion& finished) { return finished.task == task; });
    return times;
  }

  void report_to(std::vector<Completion>& completed) {
    completed.insert(completed.end(), list_.begin(), list_.end());
    list_.clear();
  }

  void hash_into(Hasher& hasher) const {
    hasher.add(list_.size());
    for (const Completion& finished : list_) hasher.add(finished.task.index());
  }

 private:
  std::vector<Completion> list_;
};

// Completions of one instant, from `first` on, in the order that the interface promises.
inline void order_by_task(std::vector<Completion>& completed, std::size_t first) {
  if (completed.size() - first < 2) return;
  std::sort(completed.begin() + static_cast<std::ptrdiff_t>(first), completed.end(),
            [](const Completion& a, const Completion& b) { return a.task < b.task; });
}

}  // namespace cotenant

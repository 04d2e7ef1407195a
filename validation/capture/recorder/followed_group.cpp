// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/recorder/followed_group.h"

#include <sys/stat.h>

#include <utility>

namespace cotenant {

FollowedGroup::FollowedGroup(ControlGroup group)
    : group_(std::move(group)), name_(group_.name()), files_(group_.files()) {
  identity_ = identity();
}

FollowedGroup::FollowedGroup(const std::filesystem::path& root, ControlGroup group,
                             std::string name, const std::vector<std::int64_t>& processes)
    : group_(std::move(group)), name_(std::move(name)), processes_(ProcessFiles(root)) {
  processes_->follow(processes);
}

std::optional<GroupSample> FollowedGroup::read() {
  auto sample = read_files();
  if (sample && counters_.turn(*sample)) went_back_ = true;
  return sample;
}

std::optional<GroupSample> FollowedGroup::read_files() {
  if (processes_) return processes_->read();
  auto sample = files_.read();
  // The files of a group that is gone cannot be read, once at least, before those of one that has
  // taken its place can.
  if (sample && is_gone_ && identity() != identity_) {
    identity_ = identity();
    counters_.start_anew();
  }
  is_gone_ = !sample;
  return sample;
}

bool FollowedGroup::went_back() { return std::exchange(went_back_, false); }

void FollowedGroup::follow(const std::vector<std::int64_t>& processes, bool started_anew) {
  if (!processes_) return;
  processes_->follow(processes);
  if (started_anew) counters_.start_anew();
}

void FollowedGroup::move_to(const ControlGroup& group) {
  const bool is_other = group.folder != group_.folder;
  group_ = group;
  if (processes_ || !is_other) return;
  files_ = group_.files();
  identity_ = identity();
  counters_.start_anew();
}

CapturedGroup FollowedGroup::limits() const {
  CapturedGroup limits = group_.limits();
  limits.name = name_;
  return limits;
}

std::uint64_t FollowedGroup::identity() const {
  struct stat found = {};
  return stat(group_.folder.c_str(), &found) == 0 ? found.st_ino : 0;
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// A group of the bundle while it is recorded: a control group, or the processes of the application.
// It outlives the application: what takes its place goes on where that ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "validation/capture/capture.h"
#include "validation/capture/recorder/control_group.h"
#include "validation/capture/recorder/group_files.h"
#include "validation/capture/recorder/process_files.h"
#include "validation/capture/recorder/running_counters.h"

namespace cotenant {

class FollowedGroup {
 public:
  explicit FollowedGroup(ControlGroup group);
  // The processes, to which the limits of the group apply.
  FollowedGroup(const std::filesystem::path& root, ControlGroup group, std::string name,
                const std::vector<std::int64_t>& processes);

  // Counters since the first sample. Nothing while it is not there.
  std::optional<GroupSample> read();
  // A counter went back since this was asked last, without a reason that is known.
  bool went_back();

  // The application has other processes now; `started_anew` if all of them are others.
  void follow(const std::vector<std::int64_t>& processes, bool started_anew);
  // Its group is another one now.
  void move_to(const ControlGroup& group);

  // As they are now.
  CapturedGroup limits() const;

 private:
  std::optional<GroupSample> read_files();
  std::uint64_t identity() const;

  ControlGroup group_;
  std::string name_;
  GroupFiles files_;
  std::optional<ProcessFiles> processes_;
  RunningCounters counters_;
  std::uint64_t identity_ = 0;  // of the folder: one of the same name may take its place
  bool is_gone_ = false;
  bool went_back_ = false;
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Control groups of version 1: each controller is a hierarchy of its own, with a folder of its own
// for the group. A folder that is empty is of a controller that is not there.
#pragma once

#include <filesystem>

#include "validation/capture/capture.h"
#include "validation/capture/recorder/group_files.h"

namespace cotenant {

struct CgroupV1Folders {
  std::filesystem::path cpu, cpuacct, memory, blkio;
  std::filesystem::path unified;  // of version 2 beside it, for pressure
};

GroupFiles cgroup_v1_files(const CgroupV1Folders& folders);
CapturedGroup cgroup_v1_limits(const CgroupV1Folders& folders);

}  // namespace cotenant

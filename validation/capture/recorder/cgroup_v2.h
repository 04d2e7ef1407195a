// SPDX-License-Identifier: Apache-2.0
//
// Control groups of version 2: one hierarchy, one folder for the group.
#pragma once

#include <filesystem>

#include "validation/capture/capture.h"
#include "validation/capture/recorder/group_files.h"

namespace cotenant {

GroupFiles cgroup_v2_files(const std::filesystem::path& folder);
CapturedGroup cgroup_v2_limits(const std::filesystem::path& folder);

}  // namespace cotenant

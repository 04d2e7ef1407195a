// SPDX-License-Identifier: Apache-2.0
//
// Which control group a process is in, and where its files are: by /proc/PID/cgroup and the mounts.
// Understands version 2, version 1, and both beside each other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "validation/capture/capture.h"
#include "validation/capture/recorder/cgroup_v1.h"
#include "validation/capture/recorder/group_files.h"

namespace cotenant {

struct ControlGroup {
  int version = 2;
  std::string path;              // below the root of the hierarchy of the CPU: "/web"
  std::filesystem::path folder;  // of that hierarchy
  CgroupV1Folders folders;       // of version 1

  bool is_root() const { return path == "/"; }
  std::string name() const { return is_root() ? "root" : path.substr(1); }

  GroupFiles files() const;
  CapturedGroup limits() const;
  // Of processes in it, not of those in groups below.
  std::vector<std::int64_t> members() const;
};

// Nothing where there is no such process, or nothing is mounted.
std::optional<ControlGroup> control_group_of(const std::filesystem::path& root,
                                             std::int64_t process);
// By a path below the root of the hierarchy, "/web" or "web", or one of the file system below a
// mount, "/sys/fs/cgroup/cpu/web". Nothing where there is none.
std::optional<ControlGroup> control_group_at(const std::filesystem::path& root,
                                             const std::string& path);
// The groups around it, without the root, that limit CPU or memory: the nearest first.
std::vector<ControlGroup> limits_around(const std::filesystem::path& root,
                                        const ControlGroup& group);

}  // namespace cotenant

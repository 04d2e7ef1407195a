// SPDX-License-Identifier: Apache-2.0
//
// Files as the kernel has them in /proc and /sys/fs/cgroup, below a root of their own: texts of a
// Debian 12 (version 2) and of a Linux 6.18 with version 1, cut down to one application.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "tests/support/temporary_directory.h"

namespace cotenant::test {

class KernelTree {
 public:
  KernelTree() : directory_(std::make_shared<TemporaryDirectory>()) {}

  const std::filesystem::path& root() const { return directory_->path(); }
  void write(const std::string& name, std::string_view text) const;
  void remove(const std::string& name) const { std::filesystem::remove(root() / name); }
  // A process with a line of /proc/PID/stat and a command, whose words are divided by blanks.
  void add_process(int id, int parent, const std::string& command, int user_ticks = 0) const;

 private:
  std::shared_ptr<TemporaryDirectory> directory_;
};

// gunicorn with processes 100 (master), 101 and 102, which listens on port 8000 and is alone in its
// group: "/system.slice/shop.service", and "/shop" in version 1.
KernelTree cgroup_v2_tree();
KernelTree cgroup_v1_tree();

}  // namespace cotenant::test

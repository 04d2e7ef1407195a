// SPDX-License-Identifier: Apache-2.0
//
// The processes of an application added up, for where its control group holds others as well: CPU
// in ticks of 10 ms, memory of its own, what it read and wrote.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "validation/capture/capture.h"
#include "validation/capture/recorder/kernel_file.h"

namespace cotenant {

class ProcessFiles {
 public:
  explicit ProcessFiles(std::filesystem::path root) : root_(std::move(root)) {}

  // Which processes there are from now on.
  void follow(const std::vector<std::int64_t>& processes);

  // With the CPU of their children that have ended. Nothing where none of them is there.
  std::optional<GroupSample> read();

 private:
  std::filesystem::path root_;
  std::map<std::int64_t, KernelFile> stats_;
};

}  // namespace cotenant

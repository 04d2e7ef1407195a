// SPDX-License-Identifier: Apache-2.0
//
// The files that tell of a control group, whichever the version: a list of files, each with what is
// taken from it. cgroup_v1.h and cgroup_v2.h make the lists.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "validation/capture/capture.h"
#include "validation/capture/recorder/kernel_file.h"

namespace cotenant {

class GroupFiles {
 public:
  // Sets what the text of a file tells.
  using Take = void (*)(std::string_view text, GroupSample& sample);

  // The first that is added is that of the CPU, without which there is no sample.
  void add(std::filesystem::path file, Take take) {
    sources_.push_back({KernelFile(std::move(file)), take});
  }

  // Counters as the kernel has them; the time is left to the caller. Nothing where the group is
  // gone.
  std::optional<GroupSample> read();

 private:
  struct Source {
    KernelFile file;
    Take take;
  };
  std::vector<Source> sources_;
};

// "some avg10=0.00 … total=123456" and the same with "full": /proc/pressure and *.pressure.
struct Pressure {
  std::optional<Duration> some, full;
};
Pressure pressure_in(std::string_view text);

// What is taken from files that both versions have.
void take_cpu_pressure(std::string_view text, GroupSample& sample);
void take_memory_pressure(std::string_view text, GroupSample& sample);
void take_io_pressure(std::string_view text, GroupSample& sample);
void take_processes(std::string_view text, GroupSample& sample);  // a line for each

}  // namespace cotenant

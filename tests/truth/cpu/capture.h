// SPDX-License-Identifier: Apache-2.0
//
// A recording of the kernel (validation/data/E12_*): what was run, as a topology, and what came
// out. The recording machine has two CPUs, so its base slice is 1.4 ms, but everything was pinned
// to one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/models/cpu/rig.h"
#include "tests/truth/cpu/kernel_replay.h"

namespace cotenant::cpu_test {

struct Capture {
  std::string name;
  cpu_test::Host host{1};
  std::vector<TaskId> first_task;  // of each entry of "tasks"
  std::vector<GroupId> groups;     // in the order of their names
  std::vector<std::string> group_names;
  std::vector<Job> jobs;  // of the first task, if it is periodic; its start is at 100 ms
  nlohmann::json summary;

  explicit Capture(const std::string& name);

  double cpu_of(const std::string& group) const;
  std::vector<double> start_delays() const;
  std::vector<double> responses() const;
};

// The parameters of the machine on which all truth was recorded.
void like_the_recorder(cpu_test::Host& host);

// The jobs of a recording's periodic task; their start is at 100 ms.
std::vector<Job> recorded_jobs(const std::string& name);

// How many of the jobs have nearly the same start and response as recorded, to less than a tick.
// Nobody recorded the phase of the ticks: it is the one with the most of them.
std::size_t jobs_found_again(const cpu_test::Host& host, TaskId task, const std::vector<Job>& jobs);

// The same capture with other phases of tick and quota timers; `index` of `count`.
KernelReplay replay(const Capture& capture, int index, int count);

}  // namespace cotenant::cpu_test

// SPDX-License-Identifier: Apache-2.0
//
// What requests of a recording do with files, and the disk that they were on, as a scenario says
// it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"
#include "validation/recording/bundle.h"

namespace cotenant {

// A parameter of the path of a request that is about files.
bool is_about_files(std::string_view parameter);

// In the order in which the application does it. Requests do all the same: see the next.
std::vector<Step> file_steps_of(const Bundle& bundle);

// Why what they do cannot be replayed, as a sentence; empty if it can.
std::string why_files_are_not_replayed(const Bundle& bundle);

// None where no request uses files.
std::optional<Disk> disk_of(const Bundle& bundle);

// What a cgroup says of the disk, if there is one.
IoControl io_control_of(const Bundle& bundle, const RecordedGroup& group);

}  // namespace cotenant

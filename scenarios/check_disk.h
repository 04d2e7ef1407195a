// SPDX-License-Identifier: Apache-2.0
//
// Checks of files and disks.
#pragma once

#include <string>
#include <vector>

#include "scenarios/checker.h"
#include "scenarios/computers.h"
#include "scenarios/scenario.h"

namespace cotenant {

// The disk that is used on a computer: its own, or that of its host; null: none.
const Disk* disk_of(const Computer& computer);

// The disk of a computer, and what its groups say of it.
void check_disk(Checker& checker, const Computer& computer);

// Files of which it is said how large they are, and that nobody reads.
void check_file_sets(Checker& checker);

// What is done with a file.
void check_use(Checker& checker, const std::string& pointer, const ReadStep& step);
void check_use(Checker& checker, const std::string& pointer, const WriteStep& step);
void check_use(Checker& checker, const std::string& pointer, const FsyncStep& step);
void check_use(Checker& checker, const std::string& pointer, const LogStep& step);

// Neighbors that use files.
void check_file_users(Checker& checker, const std::string& pointer, const Setup& setup);

// Whoever uses files needs a disk, and whoever queues logs a daemon.
void check_files(Checker& checker, const std::string& setup_name, const Setup& setup);

}  // namespace cotenant

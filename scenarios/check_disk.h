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

// The disk of a computer, and what its groups say of it.
void check_disk(Checker& checker, const Computer& computer);

// Whoever uses files needs a disk.
// Files of which it is said how large they are, and that nobody reads.
void check_file_sets(Checker& checker);

void check_files(Checker& checker, const std::string& setup_name, const Setup& setup);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// What must hold for every mutation of a shipped scenario, all the way to a run: it is refused with
// reasons that have a place, or it compiles and runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cotenant::test {

// The shipped scenarios and the small ones of the golden runs, relative to the repository.
std::vector<std::string> scenarios_to_mutate();

// What became of the mutations of a file, so that a test can tell whether they reached anything.
struct Mutations {
  int refused = 0;
  int without_file = 0;  // a file that they name cannot be read
  int not_compiled = 0;  // accepted, but a recording disagrees
  int compiled = 0;
  int ran = 0;
};

// Mutations first, first + 1, ... of a file; every `run_every`-th of those that compile is run
// within a small budget. Throws std::runtime_error with number and text of the first one that
// breaks the law.
Mutations mutate(const std::string& file, std::uint64_t first, std::uint64_t count,
                 int run_every = 20);

}  // namespace cotenant::test

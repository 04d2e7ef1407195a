// SPDX-License-Identifier: Apache-2.0
//
// The whole command line program as a function: words in, exit code out, everything else through
// the environment. This is where exceptions end.
#pragma once

#include <span>
#include <string>

#include "cli/environment.h"

namespace cotenant {

// `words` without the name of the program. Never throws.
int run_cli(std::span<const std::string> words, Environment& environment);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Quick what-ifs from the command line: --set setups.vps.machine.cores=2 changes one value of the
// document before it is decoded. The strict decoder then judges the result as if the file said so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/document.h"
#include "sim/base/diagnostics.h"

namespace cotenant {

struct Override {
  std::vector<std::string> path;  // keys, or indices of arrays
  std::string value;              // JSON, or else a text: 2, true, 250ms, {"law": …}
};

// "path=value". The path is a JSON pointer if it starts with "/", else keys joined by dots.
Checked<Override> parse_override(std::string_view text);

// Sets the value; objects missing on the way are made and marked as implied, so that the decoder
// can tell a new key from a mistyped name.
void apply(const Override& change, Node& root, Diagnostics& diagnostics);

}  // namespace cotenant

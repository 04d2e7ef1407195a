// SPDX-License-Identifier: Apache-2.0
//
// Whether a command writes in color.
#pragma once

#include <string>

#include "cli/arguments.h"
#include "cli/environment.h"

namespace cotenant {

// Output: the file that is written to; empty: standard output.
inline bool use_color(ColorChoice choice, const std::string& output,
                      const Environment& environment) {
  switch (choice) {
    case ColorChoice::always:
      return true;
    case ColorChoice::never:
      return false;
    case ColorChoice::automatic:
      break;
  }
  return output.empty() && environment.out_is_terminal && !environment.no_color;
}

}  // namespace cotenant

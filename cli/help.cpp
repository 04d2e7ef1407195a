// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "cli/help.h"

#include "cli/exit_code.h"
#include "study/writers/display.h"

namespace cotenant {

std::string help_footer() {
  std::string text = "Examples:\n";
  for (const Example& example : kExamples) {
    text += "  " + std::string(example.command) + "\n      " + std::string(example.purpose) + "\n";
  }
  text += "\nExit codes:\n";
  for (const ExitCodeInfo& entry : kExitCodes) {
    text += "  " + pad_left(std::to_string(number(entry.code)), 3) + "  " +
            std::string(entry.meaning) + "\n";
  }
  return text +
         "\nWith several files the code is the first that applies of 130, 75, 99, 0.\n"
         "FILE may be \"-\" for standard input. NO_COLOR turns colors off.";
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// The program: looks at the process once, and leaves everything else to run_cli().
#include <string>
#include <vector>

#include "cli/process.h"
#include "cli/run_cli.h"
#include "cli/signals.h"

int main(int count, char** words) {
  cotenant::Environment environment = cotenant::process_environment(cotenant::handle_signals());
  return cotenant::run_cli(std::vector<std::string>(words + (count > 0 ? 1 : 0), words + count),
                           environment);
}

// SPDX-License-Identifier: GPL-3.0-or-later
//
// Access logs and settings of servers as the text of a scenario, and what became of each of their
// lines: what `cotenant import` writes and says.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "sim/base/diagnostics.h"
#include "validation/import/findings.h"

namespace cotenant::gui {

struct ImportedText {
  std::string scenario;
  Findings findings;
};

// Of files of any kinds, joined. The problems name their files. Ends soon after `stop` is set, with
// a problem.
Checked<ImportedText> import_files(const std::vector<std::string>& files,
                                   const std::atomic<bool>& stop);

}  // namespace cotenant::gui

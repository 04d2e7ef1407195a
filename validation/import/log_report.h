// SPDX-License-Identifier: Apache-2.0
//
// What was understood of a log, in words: for `cotenant import --explain` and in the findings.
#pragma once

#include <string>

#include "validation/import/findings.h"
#include "validation/import/log_tally.h"

namespace cotenant {

// What was taken of it, what had to be assumed, and what went wrong.
void say_log(const LogFacts& facts, FindingsOf findings);

// Format, rows, rejected lines, time span and zone of each log, and its classes.
std::string log_report_text(const LogTally& logs);
std::string log_report_json(const LogTally& logs);

}  // namespace cotenant

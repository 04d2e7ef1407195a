// SPDX-License-Identifier: Apache-2.0
//
// A report as JSON, for other programs; docs/report-format.md describes it. Everything that is in
// the Report is in the text, in a fixed order, and equal reports are equal bytes.
#pragma once

#include <string>
#include <vector>

#include "study/report.h"

namespace cotenant {

struct JsonOptions {
  bool with_build = true;  // provenance.build: left out where bytes are compared across compilers
};

// One report as an object; ends with a newline.
std::string write_json(const Report& report, const JsonOptions& options = {});

// Several reports as an array of such objects.
std::string write_json(const std::vector<Report>& reports, const JsonOptions& options = {});

}  // namespace cotenant

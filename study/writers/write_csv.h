// SPDX-License-Identifier: Apache-2.0
//
// A report as CSV (RFC 4180, lines end in a single newline), for spreadsheets and data frames: one
// row per setup, class and metric, with the columns setup, class, metric, unit, value, low, high.
// An empty class means all requests, an empty value that there is none. Disks that were used have
// rows, too. Numbers only: outcomes, wait states and reasons are in the JSON form.
#pragma once

#include <string>

#include "study/report.h"

namespace cotenant {

struct CsvOptions {
  bool with_header = true;
};

std::string write_csv(const Report& report, const CsvOptions& options = {});

}  // namespace cotenant

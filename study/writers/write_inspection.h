// SPDX-License-Identifier: Apache-2.0
//
// Requests and where their time went, as waterfalls for people and as JSON for programs.
#pragma once

#include <string>

#include "study/inspect.h"

namespace cotenant {

// "held back by its CPU limit (cpu.max throttling), web: 3 times, 180 ms": what held a request.
std::string sentence(const TraceShare& share);

// "a request of class page near the p99 of 1,234".
std::string title(const Inspection& inspection, const TracedRequest& request);

struct WaterfallOptions {
  std::size_t width = 100;  // columns, at least 72
  bool color = false;
};
std::string write_inspection_text(const Inspection& inspection, const WaterfallOptions& options);

// docs/cli.md describes it.
std::string write_inspection_json(const Inspection& inspection);

}  // namespace cotenant

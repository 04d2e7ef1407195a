// SPDX-License-Identifier: Apache-2.0
//
// A request as a log has it, before the recorder knows its class and sets its times right.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "validation/capture/capture.h"

namespace cotenant {

struct LogEntry {
  CapturedRequest request;  // its times count from 1970
  std::string class_name;
};

// Nothing for a line that is none.
using ReadLogLine = std::function<std::optional<LogEntry>(std::string_view line)>;

}  // namespace cotenant

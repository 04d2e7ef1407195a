// SPDX-License-Identifier: Apache-2.0
//
// Requests out of the lines of an access log, as they are written: by the parser of `import`, and
// with the CPU of each request where the log has it as cpu_us=1234.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sim/base/diagnostics.h"
#include "validation/capture/recorder/log_entry.h"
#include "validation/import/access_log.h"
#include "validation/import/paths.h"

namespace cotenant {

class LogRequests {
 public:
  LogRequests(AccessLogFormat format, bool has_cpu)
      : parser_(std::move(format)), has_cpu_(has_cpu) {}

  // Nothing for a line that is no request in the format of the log.
  std::optional<LogEntry> read(std::string_view line);

  const AccessLogFormat& format() const { return parser_.format(); }
  bool has_cpu() const { return has_cpu_; }

 private:
  AccessLogParser parser_;
  ClassNames names_;
  bool has_cpu_;
};

// By a format as access_log_format() takes it; empty: by the lines that the file begins with.
// Throws std::runtime_error when it cannot be read.
Checked<LogRequests> log_requests(const std::filesystem::path& file, const std::string& format);

}  // namespace cotenant

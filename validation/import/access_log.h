// SPDX-License-Identifier: Apache-2.0
//
// A line of an access log becomes a row, without allocating. The query string ends up nowhere, and
// addresses are not even looked at.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "validation/import/access_log_format.h"
#include "validation/import/log_time.h"

namespace cotenant {

struct LogRow {
  std::int64_t stamp = 0;      // ns since 1970, as logged
  std::int64_t duration = -1;  // ns; -1: not logged, as everywhere below
  std::int64_t service = -1;   // ns, with the servers behind a proxy
  std::int64_t bytes_in = -1, bytes_out = -1;
  std::int64_t worker = -1;
  std::int32_t status = 0;          // 0: not logged
  std::int32_t zone = 0;            // minutes east of Greenwich
  bool no_upstream = false;         // the proxy answered by itself
  std::string_view method, target;  // the target without its query; empty: no HTTP request

  // When the server first knew of it.
  std::int64_t arrival(bool stamps_are_arrivals) const {
    const std::int64_t took = duration >= 0 ? duration : service;
    return stamps_are_arrivals || took < 0 ? stamp : stamp - took;
  }
  std::int64_t took() const { return service >= 0 ? service : duration; }
};

class AccessLogParser {
 public:
  explicit AccessLogParser(AccessLogFormat format) : format_(std::move(format)) {}

  // Null, or what is wrong with the line: "has no time where the format has it".
  const char* parse(std::string_view line, LogRow& row);

  const AccessLogFormat& format() const { return format_; }

 private:
  const char* take(LogField field, std::string_view text, LogRow& row);
  bool take_clock(std::string_view text, LogRow& row);

  AccessLogFormat format_;
  // Lines of the same second have the same stamp.
  std::array<char, kClockLength> last_clock_{};
  LogStamp last_stamp_;
};

}  // namespace cotenant

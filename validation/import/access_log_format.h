// SPDX-License-Identifier: Apache-2.0
//
// The format of an access log as a list of fields with fixed texts between them. It comes from the
// configuration of nginx (log_format), Apache (LogFormat) or gunicorn (access_log_format), or from
// the first lines of a log (detect_access_log()). What every variable means, its unit, and whether
// the stamp is that of the arrival or of the end, is decided here and nowhere else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.h"
#include "sim/base/units.h"

namespace cotenant {

enum class LogField : std::uint8_t {
  ignored,
  clock,    // 10/Oct/2000:13:55:36 -0700, with or without brackets
  iso8601,  // 2000-10-10T13:55:36-07:00
  epoch_s,  // 971211336.123
  epoch_ms,
  epoch_us,
  request,  // GET /path HTTP/1.1
  method,
  target,
  status,
  bytes_in,
  bytes_out,
  duration_s,  // with a fraction or without
  duration_ms,
  duration_us,
  service_s,  // of the servers behind a proxy, in seconds: may be a list, or "-" for none
  worker,
};

enum class LogServer { nginx, apache, gunicorn };

struct LogPiece {
  std::string before;  // the text in front of it
  LogField field = LogField::ignored;
  friend bool operator==(const LogPiece&, const LogPiece&) = default;
};

struct AccessLogFormat {
  std::string name;  // for people: "nginx combined"
  LogServer server = LogServer::nginx;
  std::vector<LogPiece> pieces;  // up to the last one that is used
  std::string end;               // what follows that; empty: the end of the line
  bool stamps_are_arrivals = false;
  std::string doubt;  // what was guessed of it, in a sentence; empty: nothing

  bool has(LogField field) const;
  bool has_duration() const;
  Duration resolution() const;  // of its stamps
};

// "nginx:combined", "nginx:cotenant", "apache:combined", "apache:common", "gunicorn:default", or
// the text itself as the configuration has it: $variables of nginx, %(x)s of gunicorn, %x of
// Apache.
Checked<AccessLogFormat> access_log_format(std::string_view text);

// From the lines that a log begins with; nothing where they are no access log that is known.
std::optional<AccessLogFormat> detect_access_log(std::string_view head);

// The nginx format that says most, to be put into a configuration.
extern const std::string_view kRecommendedLogFormat;

}  // namespace cotenant

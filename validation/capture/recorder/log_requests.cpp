// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/recorder/log_requests.h"

#include <system_error>

#include "validation/capture/recorder/kernel_file.h"
#include "validation/import/log_bytes.h"

namespace cotenant {
namespace {

constexpr std::string_view kCpu = "cpu_us";

// The number after the last "cpu_us", whatever is between them: =, ": or blanks. Whoever sends
// requests can write into fields in front of it, not behind.
std::optional<std::int64_t> cpu_us_in(std::string_view line) {
  const std::size_t key = line.rfind(kCpu);
  if (key == std::string_view::npos) return std::nullopt;
  const std::size_t value = line.find_first_not_of("=\": ", key + kCpu.size());
  if (value == std::string_view::npos) return std::nullopt;
  const auto number = number_in(line.substr(value));
  constexpr std::int64_t kMost = 86'400'000'000;  // a day
  return number && *number >= 0 && *number <= kMost ? number : std::nullopt;
}

std::optional<std::int64_t> if_known(std::int64_t value) {
  return value >= 0 ? std::optional(value) : std::nullopt;
}

Diagnostics problem(std::string message) {
  Diagnostics diagnostics;
  diagnostics.add({"", 0, 0, std::move(message), {}, {}});
  return diagnostics;
}

}  // namespace

std::optional<LogEntry> LogRequests::read(std::string_view line) {
  LogRow row;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (parser_.parse(line, row) != nullptr) return std::nullopt;
  LogEntry logged;
  CapturedRequest& request = logged.request;
  const bool stamps_are_arrivals = format().stamps_are_arrivals;
  request.arrival = nanoseconds(row.arrival(stamps_are_arrivals));
  request.done = nanoseconds(row.stamp);
  if (stamps_are_arrivals && row.duration > 0) request.done += nanoseconds(row.duration);
  request.status = row.status;
  request.bytes_in = if_known(row.bytes_in);
  request.bytes_out = if_known(row.bytes_out);
  request.worker = if_known(row.worker);
  if (row.service >= 0) request.service = nanoseconds(row.service);
  if (has_cpu_) {
    if (const auto us = cpu_us_in(line)) request.cpu = CpuTime(1000) * *us;
  }
  logged.class_name =
      row.method.empty() ? "no HTTP request" : std::string(names_.name(row.method, row.target));
  return logged;
}

Checked<LogRequests> log_requests(const std::filesystem::path& file, const std::string& format) {
  if (!format.empty()) {
    Checked<AccessLogFormat> checked = access_log_format(format);
    if (!checked.ok()) return checked.diagnostics();
    return LogRequests(std::move(checked).value(), format.find(kCpu) != std::string::npos);
  }
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored) || std::filesystem::is_empty(file, ignored)) {
    return problem("has no lines yet, by which its format could be found out: say --log-format");
  }
  LogBytes bytes(file);
  const std::string_view head = bytes.head();
  auto detected = detect_access_log(head);
  if (!detected) return problem("is in no format that is known: say --log-format");
  return LogRequests(*std::move(detected), head.find(kCpu) != std::string_view::npos);
}

}  // namespace cotenant

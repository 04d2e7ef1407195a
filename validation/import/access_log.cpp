// SPDX-License-Identifier: Apache-2.0
#include "validation/import/access_log.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace cotenant {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
// A request that took longer is a mistake in the log; a WebSocket may take a day.
constexpr std::int64_t kLongestDuration = 2 * 86'400 * kSecond;

bool is_nothing(std::string_view text) { return text.empty() || text == "-"; }

// Where a field ends: at the text after it. Within quotes a quote that belongs to the value has a
// backslash before it (Apache, gunicorn, JSON; nginx writes \x22).
std::size_t find_end(std::string_view rest, std::string_view after) {
  if (after.empty()) return rest.size();
  for (std::size_t from = 0;;) {
    const void* found = std::memchr(rest.data() + from, after.front(), rest.size() - from);
    if (found == nullptr) return rest.npos;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - rest.data());
    from = at + 1;
    if (after.front() == '"') {
      std::size_t slashes = 0;
      while (slashes < at && rest[at - 1 - slashes] == '\\') ++slashes;
      if (slashes % 2 == 1) continue;
    }
    if (after.size() == 1) return at;
    if (from < rest.size() && rest[from] == after[1] && rest.substr(at).starts_with(after)) {
      return at;
    }
    if (from >= rest.size()) return rest.npos;
  }
}

// An HTTP method is letters; anything else is noise that a scanner sent, or a TLS handshake.
bool is_method(std::string_view text) {
  return !text.empty() && text.size() <= 20 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string_view without_query(std::string_view target) {
  std::size_t end = 0;
  while (end < target.size() && target[end] != '?' && target[end] != '#') ++end;
  return target.substr(0, end);
}

void split_request(std::string_view text, LogRow& row) {
  const std::size_t space = text.find(' ');
  if (space == text.npos || !is_method(text.substr(0, space))) return;
  const std::string_view rest = text.substr(space + 1);
  row.method = text.substr(0, space);
  row.target = without_query(rest.substr(0, rest.find(' ')));
}

// "0.012", "0.001, 0.020" of several peers, "0.001 : 0.002" after a redirect, "-" for none.
bool sum_of_list(std::string_view text, std::int64_t& sum) {
  sum = -1;
  while (!text.empty()) {
    std::size_t end = 0;
    while (end < text.size() && text[end] != ',' && text[end] != ':' && text[end] != ' ') ++end;
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (is_nothing(part)) continue;
    const auto value = parse_decimal(part, kSecond);
    if (!value || *value > kLongestDuration) return false;
    sum = std::max<std::int64_t>(sum, 0) + *value;
    if (sum > kLongestDuration) return false;
  }
  return true;
}

constexpr const char* kNoTime = "has no time where its format has one";
constexpr const char* kNoDuration = "has no duration where its format has one";
constexpr const char* kNoNumber = "has no number where its format has one";

const char* duration(std::string_view text, std::int64_t unit, std::int64_t& value) {
  if (is_nothing(text)) return nullptr;
  const auto parsed = parse_decimal(text, unit);
  if (!parsed || *parsed > kLongestDuration) return kNoDuration;
  value = *parsed;
  return nullptr;
}

const char* whole(std::string_view text, std::int64_t& value) {
  if (is_nothing(text)) return nullptr;
  // gunicorn writes process ids as <123>.
  if (text.size() > 2 && text.front() == '<' && text.back() == '>') {
    text = text.substr(1, text.size() - 2);
  }
  const auto parsed = parse_whole(text);
  if (!parsed) return kNoNumber;
  value = *parsed;
  return nullptr;
}

// Until the end of 2200, as for dates: what is added to a stamp later still fits.
const char* epoch(std::string_view text, std::int64_t unit, std::int64_t& value) {
  constexpr std::int64_t kLatest = 7'289'654'400 * kSecond;
  const auto parsed = parse_decimal(text, unit);
  if (!parsed || *parsed >= kLatest) return kNoTime;
  value = *parsed;
  return nullptr;
}

const char* status(std::string_view text, std::int32_t& value) {
  const auto parsed = parse_whole(text);
  if (text == "-") return nullptr;
  if (!parsed || *parsed > 999) return "has no status where its format has one";
  value = static_cast<std::int32_t>(*parsed);
  return nullptr;
}

}  // namespace

bool AccessLogParser::take_clock(std::string_view text, LogRow& row) {
  if (std::memcmp(text.data(), last_clock_.data(), kClockLength) != 0) {
    const auto stamp = parse_clock(text);
    if (!stamp) return false;
    std::memcpy(last_clock_.data(), text.data(), kClockLength);
    last_stamp_ = *stamp;
  }
  row.stamp = last_stamp_.ns;
  row.zone = last_stamp_.zone;
  return true;
}

const char* AccessLogParser::take(LogField field, std::string_view text, LogRow& row) {
  switch (field) {
    case LogField::ignored:
    case LogField::clock:
      return nullptr;
    case LogField::iso8601: {
      const auto stamp = parse_iso8601(text);
      if (!stamp) return kNoTime;
      row.stamp = stamp->ns;
      row.zone = stamp->zone;
      return nullptr;
    }
    case LogField::epoch_s:
      return epoch(text, kSecond, row.stamp);
    case LogField::epoch_ms:
      return epoch(text, 1'000'000, row.stamp);
    case LogField::epoch_us:
      return epoch(text, 1'000, row.stamp);
    case LogField::request:
      split_request(text, row);
      return nullptr;
    case LogField::method:
      if (is_method(text)) row.method = text;
      return nullptr;
    case LogField::target:
      row.target = without_query(text);
      return nullptr;
    case LogField::status:
      return status(text, row.status);
    case LogField::bytes_in:
      return whole(text, row.bytes_in);
    case LogField::bytes_out:
      return whole(text, row.bytes_out);
    case LogField::duration_s:
      return duration(text, kSecond, row.duration);
    case LogField::duration_ms:
      return duration(text, 1'000'000, row.duration);
    case LogField::duration_us:
      return duration(text, 1'000, row.duration);
    case LogField::service_s:
      if (!sum_of_list(text, row.service)) return kNoDuration;
      row.no_upstream = row.service < 0;
      return nullptr;
    case LogField::worker:
      return whole(text, row.worker);
  }
  return nullptr;
}

const char* AccessLogParser::parse(std::string_view line, LogRow& row) {
  constexpr const char* kShape = "is not in the format of this log";
  row = LogRow();
  const std::vector<LogPiece>& pieces = format_.pieces;
  bool is_known = false;  // what comes next is the text in front of the field
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (!is_known && !line.starts_with(pieces[i].before)) return kShape;
    line.remove_prefix(pieces[i].before.size());
    const std::string_view after = i + 1 < pieces.size() ? pieces[i + 1].before : format_.end;
    if (pieces[i].field == LogField::clock) {  // has blanks in it
      const std::size_t bracket = line.starts_with('[') ? 1 : 0;
      if (line.size() < kClockLength + 2 * bracket) return kNoTime;
      if (!take_clock(line.substr(bracket, kClockLength), row)) return kNoTime;
      line.remove_prefix(kClockLength + 2 * bracket);
      is_known = false;
      continue;
    }
    const std::size_t end = find_end(line, after);
    if (end == line.npos) return kShape;
    if (const char* problem = take(pieces[i].field, line.substr(0, end), row)) return problem;
    line.remove_prefix(end);
    is_known = true;
  }
  if (!is_known && !line.starts_with(format_.end)) return kShape;
  if (row.method.empty() && !row.target.empty() && !format_.has(LogField::method) &&
      !format_.has(LogField::request)) {
    row.method = "GET";  // the format does not say
  }
  if (row.method.empty()) row.target = {};
  return row.stamp < 0 ? kNoTime : nullptr;
}

}  // namespace cotenant

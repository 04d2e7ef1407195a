// SPDX-License-Identifier: Apache-2.0
//
// Formats that nobody names: the combined format and what may be appended to it, and JSON with
// names that can be recognized.
#include <algorithm>
#include <array>
#include <vector>

#include "validation/import/access_log.h"
#include "validation/import/access_log_format.h"

namespace cotenant {
namespace {

constexpr std::size_t kLines = 200;  // that are looked at

std::vector<std::string_view> first_lines(std::string_view head) {
  std::vector<std::string_view> lines;
  while (!head.empty() && lines.size() < kLines) {
    const std::size_t end = head.find('\n');
    std::string_view line = head.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && end != head.npos) lines.push_back(line);
    head.remove_prefix(end == head.npos ? head.size() : end + 1);
    if (end == head.npos && lines.empty() && !line.empty()) lines.push_back(line);
  }
  return lines;
}

// Most of the lines: the first may be a scanner's.
bool fits(const AccessLogFormat& format, const std::vector<std::string_view>& lines) {
  AccessLogParser parser(format);
  LogRow row;
  const auto good = std::count_if(lines.begin(), lines.end(), [&](std::string_view line) {
    return parser.parse(line, row) == nullptr;
  });
  return good > 0 && 2 * static_cast<std::size_t>(good) >= lines.size();
}

// What follows the combined format, a word at a time: "…" or anything without a blank.
std::vector<std::string_view> words_after(std::string_view line, std::size_t quoted) {
  std::vector<std::string_view> words;
  std::size_t quotes = 0, at = 0;
  for (; at < line.size() && quotes < 2 * quoted; ++at) {
    if (line[at] == '"' && (at == 0 || line[at - 1] != '\\')) ++quotes;
  }
  if (quoted == 1) {  // status and bytes follow
    for (int blanks = 0; at < line.size() && (line[at] != ' ' || ++blanks < 3);) ++at;
  }
  while (at < line.size()) {
    while (at < line.size() && line[at] == ' ') ++at;
    if (at >= line.size()) break;
    std::size_t end = at;
    bool in_quotes = false;
    for (; end < line.size() && (in_quotes || line[end] != ' '); ++end) {
      if (line[end] == '"' && line[end - 1] != '\\') in_quotes = !in_quotes;
    }
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

struct Word {
  std::string_view name, value;
  bool quoted = false;
};

// rt=0.012, urt="0.010", 0.012, "…"
Word split_word(std::string_view text) {
  Word word;
  const std::size_t equals = text.find('=');
  if (!text.starts_with('"') && equals != text.npos) {
    word.name = text.substr(0, equals);
    text.remove_prefix(equals + 1);
  }
  word.quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  word.value = word.quoted ? text.substr(1, text.size() - 2) : text;
  return word;
}

bool is_decimal(std::string_view text) {
  return text.find('.') != text.npos && parse_decimal(text, 1'000'000'000).has_value();
}

using Names = std::pair<std::string_view, LogField>;
constexpr std::array<Names, 29> kJsonNames = {{{"msec", LogField::epoch_s},
                                               {"time_local", LogField::clock},
                                               {"time_iso8601", LogField::iso8601},
                                               {"timestamp", LogField::iso8601},
                                               {"@timestamp", LogField::iso8601},
                                               {"time", LogField::iso8601},
                                               {"request", LogField::request},
                                               {"m", LogField::method},
                                               {"method", LogField::method},
                                               {"request_method", LogField::method},
                                               {"uri", LogField::target},
                                               {"path", LogField::target},
                                               {"request_uri", LogField::target},
                                               {"st", LogField::status},
                                               {"status", LogField::status},
                                               {"rl", LogField::bytes_in},
                                               {"request_length", LogField::bytes_in},
                                               {"bs", LogField::bytes_out},
                                               {"bytes_sent", LogField::bytes_out},
                                               {"body_bytes_sent", LogField::bytes_out},
                                               {"rt", LogField::duration_s},
                                               {"request_time", LogField::duration_s},
                                               {"urt", LogField::service_s},
                                               {"upstream_response_time", LogField::service_s},
                                               {"uct", LogField::ignored},
                                               {"c", LogField::ignored},
                                               {"cr", LogField::ignored},
                                               {"uht", LogField::ignored},
                                               {"remote_addr", LogField::ignored}}};

LogField json_field(std::string_view name, std::string_view value) {
  for (const auto& [known, field] : kJsonNames) {
    if (known != name) continue;
    if (field == LogField::iso8601 && !parse_iso8601(value)) {
      return parse_clock(value) ? LogField::clock : LogField::epoch_s;
    }
    return field;
  }
  return LogField::ignored;
}

// In the order of the first line; every line has the same, as long as one log_format wrote them.
std::optional<AccessLogFormat> json_format(std::string_view line) {
  AccessLogFormat format;
  format.name = "JSON";
  std::size_t at = 0;
  std::size_t literal = 0;  // where the text before the next value begins
  while (true) {
    const std::size_t key = line.find('"', at);
    if (key == line.npos) break;
    const std::size_t key_end = line.find('"', key + 1);
    if (key_end == line.npos) return std::nullopt;
    std::size_t value = line.find(':', key_end);
    if (value == line.npos) return std::nullopt;
    value = line.find_first_not_of(' ', value + 1);
    if (value == line.npos) return std::nullopt;
    std::size_t end = 0;
    if (line[value] == '"') {
      for (end = ++value; end < line.size() && line[end] != '"'; ++end) end += line[end] == '\\';
    } else {
      end = line.find_first_of(",}", value);
    }
    if (end >= line.size()) return std::nullopt;
    format.pieces.push_back(
        {std::string(line.substr(literal, value - literal)),
         json_field(line.substr(key + 1, key_end - key - 1), line.substr(value, end - value))});
    literal = end;
    at = line[end] == '"' ? end + 1 : end;
  }
  format.end = std::string(line.substr(literal));
  while (!format.pieces.empty() && format.pieces.back().field == LogField::ignored) {
    format.end = std::move(format.pieces.back().before);
    format.pieces.pop_back();
  }
  const bool has_time =
      format.has(LogField::clock) || format.has(LogField::iso8601) || format.has(LogField::epoch_s);
  return has_time ? std::optional(std::move(format)) : std::nullopt;
}

// A whole number at the end of lines of Apache: %T, %{ms}T or %D.
LogField unit_of(const std::vector<std::string_view>& lines, std::size_t quoted, std::size_t word,
                 std::string& doubt) {
  std::vector<std::int64_t> values;
  for (const std::string_view line : lines) {
    const auto words = words_after(line, quoted);
    if (words.size() <= word) continue;
    if (const auto value = parse_whole(split_word(words[word]).value)) values.push_back(*value);
  }
  if (values.empty()) return LogField::ignored;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  const std::int64_t median = values[values.size() / 2];
  const std::string guess = "whole numbers at the end of its lines, median " +
                            std::to_string(median) + ", are taken for ";
  const std::string way_out = "; if that is wrong, say --log-format";
  if (median >= 1000) {
    doubt = guess + "microseconds (%D), and stamps for those of arrivals, as Apache writes them" +
            way_out;
    return LogField::duration_us;
  }
  const std::int64_t most = *std::max_element(values.begin(), values.end());
  if (most <= 60) {
    doubt =
        guess + "seconds (%T), and stamps for those of arrivals, as Apache writes them" + way_out;
    return LogField::duration_s;
  }
  doubt = guess + "milliseconds (%{ms}T), and stamps for those of arrivals, as Apache writes them" +
          way_out;
  return LogField::duration_ms;
}

// The combined or common format, and words behind it.
std::optional<AccessLogFormat> combined_format(const std::vector<std::string_view>& lines,
                                               bool common) {
  Checked<AccessLogFormat> base = access_log_format(common ? "apache:common" : "nginx:combined");
  AccessLogFormat format = *std::move(base);
  const std::size_t quoted = common ? 1 : 3;
  format.stamps_are_arrivals = false;
  format.server = LogServer::nginx;
  format.name = common ? "common" : "combined";
  if (!fits(format, lines)) return std::nullopt;
  const std::vector<std::string_view> words = words_after(lines.front(), quoted);
  format.doubt =
      "nothing tells whether nginx, gunicorn or Apache wrote it: stamps are taken for those of "
      "ends; if Apache did, say --log-format apache:combined";
  if (words.empty() || (common && words.front().starts_with('"'))) return format;
  // In front of the words: the rest of the combined format.
  format.doubt.clear();
  if (!common) format.pieces.push_back({" \"", LogField::ignored});
  if (!common) format.pieces.push_back({"\" \"", LogField::ignored});
  std::string before = common ? " " : "\" ";
  bool any_decimal = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Word word = split_word(words[i]);
    LogField field = json_field(word.name, word.value);
    if (word.name.empty() && is_decimal(word.value)) {
      field = any_decimal ? LogField::service_s : LogField::duration_s;
      format.doubt =
          "the first number with a decimal point behind the combined format is taken "
          "for $request_time in seconds, a second one for $upstream_response_time";
      any_decimal = true;
    } else if (word.name.empty() && !word.quoted && parse_whole(word.value)) {
      field = any_decimal ? LogField::ignored : unit_of(lines, quoted, i, format.doubt);
      format.server = LogServer::apache;
      format.stamps_are_arrivals = true;
      any_decimal = true;
    }
    if (!word.name.empty()) before += std::string(word.name) + "=";
    if (word.quoted) before += "\"";
    format.pieces.push_back({before, field});
    before = word.quoted ? "\" " : " ";
  }
  format.name += " with more";
  while (format.pieces.back().field == LogField::ignored) {
    format.end = format.pieces.back().before;
    format.pieces.pop_back();
    before.clear();
  }
  if (!before.empty()) format.end = before.substr(0, before.size() - 1);
  return fits(format, lines) ? std::optional(std::move(format)) : std::nullopt;
}

}  // namespace

std::optional<AccessLogFormat> detect_access_log(std::string_view head) {
  const std::vector<std::string_view> lines = first_lines(head);
  if (lines.empty()) return std::nullopt;
  if (lines.front().starts_with('{')) {
    auto format = json_format(lines.front());
    return format && fits(*format, lines) ? format : std::nullopt;
  }
  if (auto format = combined_format(lines, false)) return format;
  return combined_format(lines, true);
}

}  // namespace cotenant

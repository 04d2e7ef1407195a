// SPDX-License-Identifier: Apache-2.0
#include "validation/import/access_log_format.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scenarios/document.h"
#include "scenarios/nearest.h"

namespace cotenant {

const std::string_view kRecommendedLogFormat =
    R"({"msec":"$msec","m":"$request_method","uri":"$uri","st":$status,"rl":$request_length,)"
    R"("bs":$bytes_sent,"rt":$request_time,"urt":"$upstream_response_time",)"
    R"("uct":"$upstream_connect_time","c":"$connection","cr":"$connection_requests"})";

namespace {

using Names = std::pair<std::string_view, LogField>;

// ngx_http_log_module.c, ngx_http_variables.c and ngx_http_upstream.c of nginx 1.22.
constexpr std::array<Names, 14> kNginx = {{{"time_local", LogField::clock},
                                           {"time_iso8601", LogField::iso8601},
                                           {"msec", LogField::epoch_s},
                                           {"request", LogField::request},
                                           {"request_method", LogField::method},
                                           {"request_uri", LogField::target},
                                           {"uri", LogField::target},
                                           {"document_uri", LogField::target},
                                           {"status", LogField::status},
                                           {"request_length", LogField::bytes_in},
                                           {"bytes_sent", LogField::bytes_out},
                                           {"body_bytes_sent", LogField::bytes_out},
                                           {"request_time", LogField::duration_s},
                                           {"upstream_response_time", LogField::service_s}}};

// gunicorn/glogging.py, atoms(): D us, M ms, L seconds with a fraction, T whole seconds.
constexpr std::array<Names, 13> kGunicorn = {{{"t", LogField::clock},
                                              {"r", LogField::request},
                                              {"m", LogField::method},
                                              {"U", LogField::target},
                                              {"s", LogField::status},
                                              {"b", LogField::bytes_out},
                                              {"B", LogField::bytes_out},
                                              {"D", LogField::duration_us},
                                              {"M", LogField::duration_ms},
                                              {"L", LogField::duration_s},
                                              {"T", LogField::duration_s},
                                              {"p", LogField::worker},
                                              {"h", LogField::ignored}}};

// mod_log_config. %T is in whole seconds, %D in microseconds; %t is when the request was received.
constexpr std::array<Names, 22> kApache = {{{"t", LogField::clock},
                                            {"{sec}t", LogField::epoch_s},
                                            {"{msec}t", LogField::epoch_ms},
                                            {"{usec}t", LogField::epoch_us},
                                            {"{begin:sec}t", LogField::epoch_s},
                                            {"{begin:msec}t", LogField::epoch_ms},
                                            {"{begin:usec}t", LogField::epoch_us},
                                            {"{end:sec}t", LogField::epoch_s},
                                            {"{end:msec}t", LogField::epoch_ms},
                                            {"{end:usec}t", LogField::epoch_us},
                                            {"r", LogField::request},
                                            {"m", LogField::method},
                                            {"U", LogField::target},
                                            {"s", LogField::status},
                                            {"I", LogField::bytes_in},
                                            {"b", LogField::bytes_out},
                                            {"B", LogField::bytes_out},
                                            {"O", LogField::bytes_out},
                                            {"T", LogField::duration_s},
                                            {"{s}T", LogField::duration_s},
                                            {"{ms}T", LogField::duration_ms},
                                            {"{us}T", LogField::duration_us}}};

template <std::size_t N>
LogField field_of(const std::array<Names, N>& table, std::string_view name) {
  for (const auto& [known, field] : table) {
    if (known == name) return field;
  }
  return LogField::ignored;
}

struct Known {
  std::string_view name, text;
};
constexpr std::string_view kGunicornDefault =
    R"(%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s")";
const std::array<Known, 6>& known_formats() {
  static const std::array<Known, 6> kFormats = {
      {{"nginx:combined",
        R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent )"
        R"("$http_referer" "$http_user_agent")"},
       {"nginx:cotenant", kRecommendedLogFormat},
       {"apache:combined", R"(%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i")"},
       {"apache:common", R"(%h %l %u %t "%r" %>s %b)"},
       {"gunicorn:default", kGunicornDefault},
       {"gunicorn:combined", kGunicornDefault}}};
  return kFormats;
}

// Collects fixed texts and fields in their order.
class Builder {
 public:
  void text(char c) { before_ += c; }
  void field(LogField field) {
    if (is_glued()) glued_ = true;
    format.pieces.push_back({std::exchange(before_, {}), field});
  }
  // What is after the last field that is used is of no interest.
  AccessLogFormat finish() {
    std::vector<LogPiece>& pieces = format.pieces;
    format.end = std::move(before_);
    while (!pieces.empty() && pieces.back().field == LogField::ignored) {
      format.end = std::move(pieces.back().before);
      pieces.pop_back();
    }
    return std::move(format);
  }
  // Two fields without a text between them cannot be told apart.
  bool glued() const { return glued_; }

  AccessLogFormat format;

 private:
  bool is_glued() const {
    return before_.empty() && !format.pieces.empty() &&
           format.pieces.back().field != LogField::clock;
  }
  std::string before_;
  bool glued_ = false;
};

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

void read_nginx(std::string_view text, Builder& builder) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '$') {
      builder.text(text[i++]);
      continue;
    }
    const bool braces = i + 1 < text.size() && text[i + 1] == '{';
    const std::size_t begin = i + (braces ? 2 : 1);
    std::size_t end = begin;
    while (end < text.size() && is_name(text[end])) ++end;
    builder.field(field_of(kNginx, text.substr(begin, end - begin)));
    i = end + (braces && end < text.size() ? 1 : 0);
  }
}

void read_gunicorn(std::string_view text, Builder& builder) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = text.substr(i).starts_with("%(") ? text.find(')', i) : text.npos;
    if (end == text.npos) {
      builder.text(text[i++]);
      continue;
    }
    builder.field(field_of(kGunicorn, text.substr(i + 2, end - i - 2)));
    i = end + 2;  // with the "s" of the conversion
  }
}

// "%>s", "%!200,304s", "%{Referer}i", "%^FB": modifiers, a name in braces, a letter.
void read_apache(std::string_view text, Builder& builder) {
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '%' || text.substr(i).starts_with("%%")) {
      const bool is_quote = text.substr(i).starts_with("\\\"");
      if (is_quote || text[i] == '%') ++i;  // \" of the configuration, %% for %
      if (i < text.size()) builder.text(text[i++]);
      continue;
    }
    constexpr std::string_view kModifiers = "<>!,0123456789";
    std::size_t at = ++i;
    while (at < text.size() && kModifiers.find(text[at]) != kModifiers.npos) ++at;
    std::size_t end = at;
    if (end < text.size() && text[end] == '{') end = text.find('}', end);
    if (end != text.npos && end < text.size() && text[end] == '}') ++end;
    if (end != text.npos && text.substr(end).starts_with('^')) end += 2;  // ^FB, ^FU
    if (end == text.npos || end >= text.size()) return;
    const std::string_view name = text.substr(at, end + 1 - at);
    if (name.starts_with("{end:")) builder.format.stamps_are_arrivals = false;
    builder.field(name == "D" ? LogField::duration_us : field_of(kApache, name));
    i = end + 1;
  }
}

Diagnostics refused(std::string message, std::string expected = {}, std::string nearest = {}) {
  Diagnostics diagnostics;
  diagnostics.add({"", 0, 0, std::move(message), std::move(expected), std::move(nearest)});
  return diagnostics;
}

Checked<AccessLogFormat> read_format(std::string_view text, std::string name) {
  Builder builder;
  if (text.find('$') != text.npos) {
    read_nginx(text, builder);
  } else if (text.find("%(") != text.npos) {
    builder.format.server = LogServer::gunicorn;
    read_gunicorn(text, builder);
  } else {
    builder.format.server = LogServer::apache;
    builder.format.stamps_are_arrivals = true;
    read_apache(text, builder);
  }
  if (builder.glued()) {
    return refused("the log format has two fields without anything between them");
  }
  AccessLogFormat format = builder.finish();
  format.name = std::move(name);
  const bool has_time = format.has(LogField::clock) || format.has(LogField::iso8601) ||
                        format.has(LogField::epoch_s) || format.has(LogField::epoch_ms) ||
                        format.has(LogField::epoch_us);
  if (!has_time) return refused("the log format has no time: without one there are no arrivals");
  return format;
}

}  // namespace

bool AccessLogFormat::has(LogField field) const {
  return std::any_of(pieces.begin(), pieces.end(),
                     [&](const LogPiece& piece) { return piece.field == field; });
}

bool AccessLogFormat::has_duration() const {
  return has(LogField::duration_s) || has(LogField::duration_ms) || has(LogField::duration_us) ||
         has(LogField::service_s);
}

Duration AccessLogFormat::resolution() const {
  if (has(LogField::epoch_us)) return microseconds(1);
  if (has(LogField::epoch_ms)) return milliseconds(1);
  // nginx's $msec has three decimals, %{sec}t of Apache none.
  if (has(LogField::epoch_s) && server == LogServer::nginx) return milliseconds(1);
  return seconds(1);
}

Checked<AccessLogFormat> access_log_format(std::string_view text) {
  std::vector<std::string_view> names;
  for (const Known& known : known_formats()) {
    if (text == known.name) return read_format(known.text, std::string(known.name));
    names.push_back(known.name);
  }
  if (text.find_first_of("$%") == text.npos) {
    std::string list;
    for (const std::string_view name : names)
      list += (list.empty() ? "" : ", ") + std::string(name);
    return refused(in_quotes(text) + " is not a log format",
                   "one of " + list + ", or the text of the configuration",
                   nearest_name(text, names));
  }
  return read_format(text, "as given");
}

}  // namespace cotenant

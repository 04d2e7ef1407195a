// SPDX-License-Identifier: Apache-2.0
#include "validation/import/log_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "scenarios/pretty.h"
#include "study/writers/display.h"
#include "study/writers/format.h"

namespace cotenant {
namespace {

// Beyond so many requests in one second its stamps cannot tell them apart.
constexpr std::int64_t kManyTied = 10;
constexpr std::int64_t kLongGap = 3'600'000'000'000;

std::string_view unit_text(const AccessLogFormat& format) {
  if (format.has(LogField::service_s)) {
    return format.has_duration() && format.has(LogField::duration_s)
               ? "requests and the servers behind the proxy, in seconds"
               : "the servers behind the proxy, in seconds";
  }
  if (format.has(LogField::duration_us)) return "requests, in microseconds";
  if (format.has(LogField::duration_ms)) return "requests, in milliseconds";
  return format.has(LogField::duration_s) ? "requests, in seconds" : "none";
}

std::string zone_text(std::int32_t minutes) {
  return fmt::format("UTC{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                     std::abs(minutes) % 60);
}

std::string span_text(const LogFacts& facts) {
  return utc_text(facts.first_arrival) + " to " + utc_text(facts.last_arrival);
}

std::string seconds_text(std::int64_t ns) { return plain_duration(static_cast<double>(ns) / 1e9); }

void say_rejected(const LogFacts& facts, FindingsOf& findings) {
  for (const RejectedLine& line : facts.first_rejected) {
    findings.ignored(static_cast<std::size_t>(line.line), "the line", line.why);
  }
  if (facts.rejected > static_cast<std::int64_t>(facts.first_rejected.size())) {
    findings.ignored(0, "lines", fmt::format("{} in all could not be read", facts.rejected));
  }
}

void say_stamps(const LogFacts& facts, FindingsOf& findings) {
  if (facts.format.stamps_are_arrivals) {
    findings.taken(0, "arrivals", "the stamps of the log, which are those of arrivals");
  } else if (facts.format.has_duration()) {
    findings.taken(0, "arrivals", "stamps less durations: the log is written when a reply is done");
  } else {
    findings.assumed(0, "arrivals",
                     "the stamps of the log, though they are later by what requests took");
  }
  if (facts.format.resolution() >= seconds(1) && facts.most_tied > kManyTied) {
    findings.assumed(0, "arrivals",
                     fmt::format("stamps are whole seconds, up to {} in one: they are spread over "
                                 "it evenly",
                                 facts.most_tied));
  }
  if (facts.steps_back > 0) {
    findings.assumed(0, "clock",
                     fmt::format("stamps go back {} times, by up to {}: taken as they are",
                                 facts.steps_back, seconds_text(facts.longest_step_back)));
  }
  if (facts.zone_changes > 0) {
    findings.taken(0, "zone",
                   fmt::format("changes {} times, as at the beginning or end of "
                               "daylight saving time: stamps are turned into UTC",
                               facts.zone_changes));
  }
  if (facts.longest_gap > kLongGap) {
    findings.assumed(
        static_cast<std::size_t>(facts.gap_line), "the time before this line",
        seconds_text(facts.longest_gap) + " without a request: taken for a time without any");
  }
}

nlohmann::ordered_json json_of(const LogFacts& facts) {
  nlohmann::ordered_json rejected = nlohmann::ordered_json::array();
  for (const RejectedLine& line : facts.first_rejected) {
    rejected.push_back({{"line", line.line}, {"why", line.why}});
  }
  return {{"file", printable(facts.file)},
          {"format", facts.format.name},
          {"doubt", facts.format.doubt},
          {"durations", unit_text(facts.format)},
          {"bytes", facts.bytes},
          {"lines", facts.lines},
          {"requests", facts.rows},
          {"rejected", facts.rejected},
          {"first_rejected", std::move(rejected)},
          {"not_http", facts.not_http},
          {"no_upstream", facts.no_upstream},
          {"aborted", facts.aborted},
          {"first_arrival", utc_text(facts.first_arrival)},
          {"last_arrival", utc_text(facts.last_arrival)},
          {"zone", zone_text(facts.zone)}};
}

std::vector<const LogClass*> by_number(const LogTally& logs) {
  std::vector<const LogClass*> classes;
  for (const LogClass& each : logs.classes()) classes.push_back(&each);
  std::stable_sort(classes.begin(), classes.end(),
                   [](const LogClass* a, const LogClass* b) { return a->count > b->count; });
  return classes;
}

std::string text_of(const LogFacts& facts) {
  std::string text = printable(facts.file) + ": access log\n";
  const auto line = [&](std::string_view label, const std::string& value) {
    text += "  " + pad_right(label, 11) + value + "\n";
  };
  line("format", facts.format.name);
  line("durations", std::string(unit_text(facts.format)));
  line("stamps", facts.format.stamps_are_arrivals ? "of arrivals" : "of ends");
  line("lines",
       fmt::format("{}, of which {} are requests to the application", facts.lines, facts.rows));
  line("rejected", std::to_string(facts.rejected));
  for (const RejectedLine& rejected : facts.first_rejected) {
    line("", fmt::format("line {} {}", rejected.line, rejected.why));
  }
  if (facts.rows == 0) return text;
  line("arrivals", span_text(facts));
  line("zone", zone_text(facts.zone));
  return text;
}

}  // namespace

void say_log(const LogFacts& facts, FindingsOf findings) {
  findings.taken(0, "access log", fmt::format("{}: {} requests", facts.format.name, facts.rows));
  if (!facts.format.doubt.empty()) findings.assumed(0, "format", facts.format.doubt);
  say_rejected(facts, findings);
  if (facts.rows == 0) return;
  findings.taken(0, "time", span_text(facts));
  say_stamps(facts, findings);
  if (facts.not_http > 0) {
    findings.ignored(0, "requests",
                     fmt::format("{} are not HTTP: scanners, broken connections", facts.not_http));
  }
  if (facts.no_upstream > 0) {
    findings.ignored(0, "requests",
                     fmt::format("{} were answered by the proxy itself, without "
                                 "the application",
                                 facts.no_upstream));
  }
  if (facts.aborted > 0) {
    findings.assumed(
        0, "requests",
        fmt::format("{} were given up by clients (499): taken like others", facts.aborted));
  }
  if (facts.statuses[5] > 0) {
    findings.assumed(0, "requests",
                     fmt::format("{} were answered with an error (5xx): taken like "
                                 "others, because overload is to be simulated",
                                 facts.statuses[5]));
  }
  findings.ignored(0, "addresses and query strings", "left out, to be nobody's business");
}

std::string log_report_text(const LogTally& logs) {
  std::string text;
  for (const LogFacts& facts : logs.files()) text += text_of(facts);
  if (logs.requests() == 0) return text;
  text += fmt::format("{} request classes\n", logs.classes().size());
  constexpr std::size_t kShown = 20;
  const std::vector<const LogClass*> classes = by_number(logs);
  for (std::size_t i = 0; i < std::min(classes.size(), kShown); ++i) {
    const LogClass& each = *classes[i];
    text += "  " + pad_left(std::to_string(each.count), 10) + "  " + printable(each.name);
    if (!each.took.empty()) {
      text += ", median " + seconds_text(each.took.quantile(0.5).count());
    }
    text += "\n";
  }
  return text;
}

std::string log_report_json(const LogTally& logs) {
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const LogFacts& facts : logs.files()) files.push_back(json_of(facts));
  nlohmann::ordered_json classes = nlohmann::ordered_json::array();
  for (const LogClass* each : by_number(logs)) {
    nlohmann::ordered_json entry = {
        {"name", printable(each->name)}, {"requests", each->count}, {"median_s", nullptr}};
    if (!each->took.empty()) entry["median_s"] = in_seconds(each->took.quantile(0.5));
    classes.push_back(std::move(entry));
  }
  return pretty({{"logs", std::move(files)}, {"classes", std::move(classes)}});
}

}  // namespace cotenant

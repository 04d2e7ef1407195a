// SPDX-License-Identifier: Apache-2.0
#include "study/writers/write_explanation.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "study/objectives.h"
#include "study/writers/display.h"
#include "study/writers/format.h"
#include "study/writers/json_report.h"
#include "study/writers/json_text.h"
#include "study/writers/page.h"
#include "study/writers/summary.h"
#include "study/writers/text_cliff.h"
#include "study/writers/text_details.h"
#include "study/writers/text_frame.h"
#include "study/writers/text_reasons.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

// "Half of its requests take less than 31.0 ms: 58 % of that is computing (cpu), …".
void add_percentile(std::vector<std::string>& lines, const SetupReport& setup, Metric metric,
                    const std::string& how_many, const std::optional<WaitBreakdown>& breakdown) {
  const MetricValue& value = at(setup.metrics, metric);
  if (!value.value) return;
  std::string text = how_many + " " + short_time(*value.value);
  const std::string where = breakdown ? share_sentence(*breakdown, "that") : "";
  text += where.empty() ? "." : ": " + where + what_it_waits_for(setup, *breakdown);
  lines.push_back(text);
}

std::string failures(const SetupReport& setup) {
  const std::string most = what_fails(setup);
  const MetricValue& ratio = at(setup.metrics, Metric::error_ratio);
  if (most.empty() || !ratio.value) return "None of its requests fails.";
  return with_unit(MetricUnit::ratio, *ratio.value) + " of its requests fail. " + most;
}

std::vector<std::string> sentences(const SetupReport& setup, const Cliff& cliff) {
  std::vector<std::string> lines;
  if (!setup.cannot_run.empty()) {
    return {"It cannot run: its plan " + enumerated(setup.cannot_run) + "."};
  }
  if (!setup.stability.stable) {
    lines.push_back("It has no steady state: " + why_unstable(setup.stability));
  }
  add_percentile(lines, setup, Metric::latency_p50, "Half of its requests take less than",
                 setup.wait_states.p50);
  add_percentile(lines, setup, Metric::latency_p99, "One request in a hundred takes longer than",
                 setup.wait_states.p99);
  lines.push_back(failures(setup));
  if (const std::string hours = by_the_hour(setup); !hours.empty())
    lines.push_back(hours.substr(1));
  for (std::string& line : what_is_left_of_credits(setup)) lines.push_back(std::move(line));
  for (const ObjectiveReport& objective : setup.objectives) {
    lines.push_back(std::string(words(objective.verdict).mark) + " " + printable(objective.text) +
                    (objective.reason.empty() ? "" : ": " + printable(objective.reason)) + ".");
  }
  lines.push_back(cliff_sentence(cliff));
  return lines;
}

std::string heading(const SetupReport& setup) {
  std::string text = printable(setup.name);
  if (setup.price) text += ", " + monthly(*setup.price) + " a month";
  if (setup.objectives.empty() && setup.cannot_run.empty()) return text;
  const VerdictWords& said = words(verdict_of(setup));
  return text + " " + std::string(said.mark) + " " + std::string(said.word);
}

void write(JsonText& json, const LoadPoint& point) {
  json.begin_object();
  json.member("factor", point.factor);
  json.member("verdict", to_string(point.verdict));
  write(json, point.setup.metrics);
  json.end_object();
}

void write(JsonText& json, const Cliff& cliff) {
  const auto load = [&](const char* key, const std::optional<std::size_t>& index) {
    json.key(key);
    if (!index) return json.null();
    json.value(cliff.points[*index].factor);
  };
  json.begin_object();
  load("holds", cliff.holds);
  load("breaks", cliff.breaks);
  json.member("text", cliff_sentence(cliff));
  json.member("stopped", cliff.stopped);
  json.key("points");
  json.begin_array();
  for (const LoadPoint& point : cliff.points) write(json, point);
  json.end_array();
  json.end_object();
}

void write(JsonText& json, const Explanation& explanation, const JsonOptions& options) {
  json.begin_object();
  json.key("report");
  write(json, explanation.report, options);
  json.key("cliffs");
  json.begin_array();
  for (const Cliff& cliff : explanation.cliffs) write(json, cliff);
  json.end_array();
  json.end_object();
}

}  // namespace

std::string write_explanation_text(const Explanation& explanation, const TextOptions& options) {
  const Ink ink(options.color);
  Page page(options.width);
  const Report& report = explanation.report;
  begin_page(page, report, ink);
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    page.blank();
    page.line(ink.color(setup_color(i), heading(report.setups[i])));
    for (const std::string& line : sentences(report.setups[i], explanation.cliffs[i])) {
      page.paragraph("  " + line, 4);
    }
  }
  end_page(page, report, ink);
  return page.take();
}

std::string write_explanation_markdown(const Explanation& explanation,
                                       const MarkdownOptions& options) {
  const Report& report = explanation.report;
  std::string text = markdown_heading(headline(report), options.heading_level);
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    text += "\n" + markdown_heading(heading(report.setups[i]), options.heading_level + 1) + "\n" +
            markdown_bullets(sentences(report.setups[i], explanation.cliffs[i]));
  }
  const std::vector<std::string> notes = doubts(report);
  if (!notes.empty()) text += "\nWhat to doubt:\n\n" + markdown_bullets(notes);
  return text;
}

std::string write_explanation_json(const Explanation& explanation, const JsonOptions& options) {
  JsonText json;
  write(json, explanation, options);
  return json.take() + "\n";
}

std::string write_explanation_json(const std::vector<Explanation>& explanations,
                                   const JsonOptions& options) {
  JsonText json;
  json.begin_array();
  for (const Explanation& explanation : explanations) write(json, explanation, options);
  json.end_array();
  return json.take() + "\n";
}

}  // namespace cotenant

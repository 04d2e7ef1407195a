// SPDX-License-Identifier: Apache-2.0
//
// See the header. The columns are those of the text report (study/summary.h), all of them: a page
// scrolls sideways.
#include "study/writers/write_markdown.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "study/objectives.h"
#include "study/writers/display.h"
#include "study/writers/summary.h"
#include "study/writers/table.h"
#include "study/writers/text_answer.h"
#include "study/writers/text_containers.h"
#include "study/writers/text_details.h"
#include "study/writers/text_differences.h"
#include "study/writers/text_memory.h"
#include "study/writers/text_prices.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

// Punctuation that Markdown or HTML would take for markup, made literal.
std::string escaped(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]<>|#~&";
  std::string result;
  for (const char c : printable(text)) {
    if (kMarkup.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string_view without_outer_spaces(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string table_row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

std::string cell_text(const std::optional<Figure>& cell) {
  if (!cell) return "–";
  return cell->half_width.empty() ? cell->value : cell->value + " ± " + cell->half_width;
}

// The numbers of one setup. Without a steady state, the first latency says so for all of them.
std::vector<std::string> metric_cells(const std::vector<SummaryColumn>& columns,
                                      const SetupReport& setup, std::size_t row) {
  std::vector<std::string> cells;
  bool said = setup.stability.stable;
  for (const SummaryColumn& column : columns) {
    const bool say = !said && is_latency(column.metric);
    cells.push_back(say ? instability(setup.stability) : cell_text(column.cells[row]));
    said = said || say;
  }
  return cells;
}

std::string verdict_cell(const SetupReport& setup, bool is_cheapest) {
  const Verdict verdict = verdict_of(setup);
  if (setup.objectives.empty() && verdict != Verdict::cannot_run) return "–";
  const VerdictWords& said = words(verdict);
  return std::string(said.mark) + " " + std::string(said.word) + (is_cheapest ? ", cheapest" : "");
}

std::vector<std::string> head(const std::vector<SummaryColumn>& columns, bool with_price,
                              bool with_verdict) {
  std::vector<std::string> cells = {"setup"};
  if (with_price) cells.emplace_back("price/month");
  for (const SummaryColumn& column : columns) {
    cells.push_back(column.unit.empty() ? column.heading
                                        : column.heading + " [" + column.unit + "]");
  }
  if (with_verdict) cells.emplace_back("verdict");
  return cells;
}

std::string summary_table(const Report& report) {
  MetricRows rows;
  bool with_price = false, with_verdict = false;
  for (const SetupReport& setup : report.setups) {
    rows.push_back(&setup.metrics);
    with_price = with_price || setup.price;
    with_verdict = with_verdict || !setup.objectives.empty() || !setup.cannot_run.empty();
  }
  const std::vector<SummaryColumn> columns = summary_columns(rows, summary_metrics(report));
  const std::vector<std::size_t> cheapest = cheapest_that_meet(report);

  const std::vector<std::string> heading = head(columns, with_price, with_verdict);
  std::vector<std::string> alignment(heading.size(), "---:");
  alignment.front() = ":---";
  if (with_verdict) alignment.back() = ":---";
  std::string text = table_row(heading) + table_row(alignment);
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    const SetupReport& setup = report.setups[i];
    std::vector<std::string> cells = {escaped(setup.name)};
    if (with_price) cells.push_back(setup.price ? escaped(monthly(*setup.price)) : "–");
    for (std::string& cell : metric_cells(columns, setup, i)) cells.push_back(std::move(cell));
    if (with_verdict) {
      const bool is_cheapest = std::find(cheapest.begin(), cheapest.end(), i) != cheapest.end();
      cells.push_back(verdict_cell(setup, is_cheapest));
    }
    text += table_row(cells);
  }
  return text;
}

std::string paragraphs(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + escaped(line) + "\n";
  return text;
}

std::string plain_table(const Table& table) {
  std::vector<std::string> heading, alignment;
  for (const TableColumn& column : table.columns) {
    heading.push_back(escaped(column.heading) +
                      (column.unit.empty() ? "" : " [" + escaped(column.unit) + "]"));
    alignment.emplace_back(column.align == Align::left ? ":---" : "---:");
  }
  std::string text = table_row(heading) + table_row(alignment);
  for (std::size_t row = 0; row < table.columns.front().cells.size(); ++row) {
    std::vector<std::string> cells;
    for (const TableColumn& column : table.columns) {
      cells.push_back(escaped(without_outer_spaces(column.cells[row])));
    }
    text += table_row(cells);
  }
  return text;
}

// Differences to the baseline, and what no simulation shows.
std::string comparison(const Report& report) {
  std::string text;
  const Table differences = difference_table(report);
  if (!differences.columns.empty()) text += "\n" + plain_table(differences);
  const std::vector<std::string> offers = attributes(report);
  if (!offers.empty()) text += "\n" + markdown_bullets(offers);
  return text;
}

}  // namespace

std::string markdown_heading(std::string_view text, int level) {
  return std::string(static_cast<std::size_t>(std::clamp(level, 1, 6)), '#') + " " + escaped(text) +
         "\n";
}

std::string markdown_bullets(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
    text += std::string(indent, ' ') + "- " + escaped(line.substr(indent)) + "\n";
  }
  return text;
}

std::string write_markdown(const Report& report, const MarkdownOptions& options) {
  std::string text = markdown_heading(headline(report), options.heading_level) + "\n";
  if (!report.provenance.complete) {
    const std::string& because = report.provenance.incomplete_because;
    text += "**Incomplete**" + (because.empty() ? "" : " (" + escaped(because) + ")") +
            ": these numbers cover only what was done until then.\n\n";
  }
  text += summary_table(report);
  if (options.comparison) text += "\n" + paragraphs(answer(report));
  const std::vector<std::string> reasons = explanations(report);
  if (!reasons.empty()) text += "\n" + markdown_bullets(reasons);
  if (options.comparison) text += comparison(report);
  const std::vector<std::string> workers = ended_workers(report);
  if (!workers.empty()) text += "\n" + markdown_bullets(workers);
  const std::vector<std::string> pods = containers(report);
  if (!pods.empty()) text += "\n" + markdown_bullets(pods);
  const std::vector<std::string> memory = memory_use(report);
  if (!memory.empty()) text += "\n" + markdown_bullets(memory);
  const std::vector<std::string> prices = price_notes(report, options.today);
  if (!prices.empty()) text += "\n" + markdown_bullets(prices);
  const std::vector<std::string> notes = doubts(report);
  if (!notes.empty()) text += "\nWhat to doubt:\n\n" + markdown_bullets(notes);
  return text + "\n<sub>" + escaped(fine_print(report.provenance)) + "</sub>\n";
}

}  // namespace cotenant

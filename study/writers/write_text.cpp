// SPDX-License-Identifier: Apache-2.0
//
// The order of the page: what was run, the numbers, why, where the time goes, what to doubt, and
// the fine print that lets somebody else repeat it.
#include "study/writers/write_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "study/writers/display.h"
#include "study/writers/text_counters.h"
#include "study/writers/text_details.h"
#include "study/writers/text_disks.h"
#include "study/writers/text_memory.h"
#include "study/writers/text_operations.h"
#include "study/writers/text_prices.h"
#include "study/writers/text_summary.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

constexpr std::size_t kNarrowest = 80;

class Page {
 public:
  explicit Page(std::size_t width) : width_(width) {}

  void blank() { text_ += '\n'; }
  void line(std::string_view content) {
    text_ += content;
    text_ += '\n';
  }
  void lines(const std::vector<std::string>& content) {
    for (const std::string& entry : content) line(entry);
  }
  // Wraps; following lines are indented by `hang`. Leading spaces of the content stay.
  void paragraph(const std::string& content, std::size_t hang) {
    const std::size_t indent = std::min(content.find_first_not_of(' '), content.size());
    const std::size_t room = width_ - std::max(indent, hang);
    std::size_t margin = indent;
    for (const std::string& part : wrap(content.substr(indent), room)) {
      line(std::string(margin, ' ') + part);
      margin = hang;
    }
  }
  std::string take() { return std::move(text_); }

 private:
  std::size_t width_;
  std::string text_;
};

}  // namespace

std::string write_text(const Report& report, const TextOptions& options) {
  const Ink ink(options.color);
  const std::size_t width = std::max(options.width, kNarrowest);
  Page page(width);

  for (const std::string& part : wrap(headline(report), width)) page.line(ink.bold(part));
  if (!report.provenance.complete) {
    const std::string because = report.provenance.incomplete_because;
    const std::string reason = because.empty() ? "" : " (" + printable(because) + ")";
    page.paragraph("Incomplete" + reason + ": these numbers cover only what was done until then.",
                   0);
  }
  page.blank();
  page.lines(setup_table(report, ink, width));

  const auto section = [&page](const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    page.blank();
    page.lines(lines);
  };
  const std::vector<std::string> reasons = explanations(report);
  if (!reasons.empty()) page.blank();
  for (const std::string& reason : reasons) {
    page.paragraph(reason, reason.front() == ' ' ? 4 : 2);
  }
  section(class_table(report, ink, width));
  section(time_tables(report, ink, width));
  section(operation_table(report, ink, width));
  section(counter_table(report, ink, width));
  section(disk_table(report, ink, width));
  section(outcome_table(report, ink));
  const auto paragraphs = [&page](const std::vector<std::string>& lines) {
    if (!lines.empty()) page.blank();
    for (const std::string& line : lines) page.paragraph(line, 2);
  };
  paragraphs(ended_workers(report));
  paragraphs(memory_use(report));
  paragraphs(price_notes(report, options.today));

  const std::vector<std::string> notes = doubts(report);
  if (!notes.empty()) {
    page.blank();
    page.line(ink.bold("What to doubt"));
    for (const std::string& note : notes) page.paragraph("  - " + note, 4);
  }
  page.blank();
  for (const std::string& part : wrap(fine_print(report.provenance), width))
    page.line(ink.dim(part));
  return page.take();
}

}  // namespace cotenant

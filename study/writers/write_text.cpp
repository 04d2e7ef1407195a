// SPDX-License-Identifier: Apache-2.0
//
// The order of the pages. Of a run: the numbers, why, where the time goes. Of a comparison: the
// numbers, what to buy, why not the others, what differs. At the end of both what to doubt, and the
// fine print that lets somebody else repeat it.
#include "study/writers/write_text.h"

#include <string>
#include <vector>

#include "study/writers/display.h"
#include "study/writers/page.h"
#include "study/writers/text_answer.h"
#include "study/writers/text_containers.h"
#include "study/writers/text_counters.h"
#include "study/writers/text_details.h"
#include "study/writers/text_differences.h"
#include "study/writers/text_disks.h"
#include "study/writers/text_frame.h"
#include "study/writers/text_memory.h"
#include "study/writers/text_operations.h"
#include "study/writers/text_prices.h"
#include "study/writers/text_summary.h"
#include "study/writers/words.h"

namespace cotenant {
namespace {

void explain(Page& page, const Report& report) {
  const std::vector<std::string> reasons = explanations(report);
  if (!reasons.empty()) page.blank();
  for (const std::string& reason : reasons) {
    page.paragraph(reason, reason.front() == ' ' ? 4 : 2);
  }
}

}  // namespace

std::string write_text(const Report& report, const TextOptions& options) {
  const Ink ink(options.color);
  Page page(options.width);
  begin_page(page, report, ink);
  page.section(setup_table(report, ink, page.width()));
  explain(page, report);
  page.section(class_table(report, ink, page.width()));
  page.section(time_tables(report, ink, page.width()));
  page.section(operation_table(report, ink, page.width()));
  page.section(counter_table(report, ink, page.width()));
  page.section(disk_table(report, ink, page.width()));
  page.section(outcome_table(report, ink));
  page.paragraphs(ended_workers(report));
  page.paragraphs(containers(report));
  page.paragraphs(memory_use(report));
  page.paragraphs(price_notes(report, options.today));
  end_page(page, report, ink);
  return page.take();
}

std::string write_comparison_text(const Report& report, const TextOptions& options) {
  const Ink ink(options.color);
  Page page(options.width);
  begin_page(page, report, ink);
  page.section(setup_table(report, ink, page.width()));
  page.paragraphs(answer(report));
  explain(page, report);
  page.section(class_table(report, ink, page.width()));
  page.section(difference_lines(report, ink, page.width()));
  page.section(spread_lines(report, ink));
  page.section(hour_lines(report, ink));
  page.section(resource_lines(report, ink, page.width()));
  page.section(outcome_table(report, ink));
  page.paragraphs(containers(report));
  page.paragraphs(attributes(report));
  page.paragraphs(price_notes(report, options.today));
  end_page(page, report, ink);
  return page.take();
}

}  // namespace cotenant

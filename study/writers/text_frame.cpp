// SPDX-License-Identifier: Apache-2.0
#include "study/writers/text_frame.h"

#include <string>
#include <vector>

#include "study/writers/text_details.h"

namespace cotenant {

void begin_page(Page& page, const Report& report, const Ink& ink) {
  for (const std::string& part : wrap(headline(report), page.width())) page.line(ink.bold(part));
  if (!report.provenance.complete) {
    const std::string because = report.provenance.incomplete_because;
    const std::string reason = because.empty() ? "" : " (" + printable(because) + ")";
    page.paragraph("Incomplete" + reason + ": these numbers cover only what was done until then.",
                   0);
  }
}

void end_page(Page& page, const Report& report, const Ink& ink) {
  const std::vector<std::string> notes = doubts(report);
  if (!notes.empty()) {
    page.blank();
    page.line(ink.bold("What to doubt"));
    for (const std::string& note : notes) page.paragraph("  - " + note, 4);
  }
  page.blank();
  for (const std::string& part : wrap(fine_print(report.provenance), page.width()))
    page.line(ink.dim(part));
}

}  // namespace cotenant

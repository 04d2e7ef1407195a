// SPDX-License-Identifier: Apache-2.0
//
// See the header. The first entry whose group and text fit counts; the text is looked for in id,
// model and metric.
#include "tests/oracle/uncovered.h"

#include <string_view>

namespace cotenant::oracle {
namespace {

struct Reason {
  std::string_view group;
  std::string_view text;  // empty: the whole group
  std::string_view why;
};

constexpr Reason kReasons[] = {
    {"fcfs-single", "busy period", "The report has no busy periods."},
    {"cpu-quota-open", "qo-c-",
     "Four constant requests fill a quota exactly, and rounding in the reference's floating-point "
     "arithmetic decides which of them end in time. Requests a nanosecond longer would have a mean "
     "of 9.4 ms instead of 7.75 ms. (An independent simulation that rounds nowhere agrees with "
     "Cotenant: mean 7.751 ms both.)"},
    {"patience-retries", "retry storm threshold",
     "A threshold between loads, which no single report has: tests/models/workload/retry_test.cpp "
     "has a load below it recover and one above it not."},
    {"token-bucket", "I/O credit bucket",
     "Those of a gp2 are whole IOs, a third of a millisecond each, which is not as exact as the "
     "row; "
     "a unit test of the disk has its numbers."},
    {"fair-share-deterministic", "k8s-weight",
     "Pure arithmetic: the old conversion of container runtimes, `linear` in the format, which "
     "has a unit test."},
    {"statistics", "CRN",
     "About the difference of two scenarios, which no single report has: a coverage experiment."},
    {"statistics", "quantile CI",
     "Ranks of order statistics; reports use sectioning over replications instead."},
    {"statistics", "coverage experiment",
     "Pure arithmetic: the band that coverage experiments are judged by."},
    {"statistics", "DDSketch", "The histogram is log-linear, not a DDSketch."},
    {"statistics", "HdrHistogram", "The histogram has other parameters than this HdrHistogram."},
};

bool mentions(const Row& row, std::string_view text) {
  return text.empty() || row.id.find(text) != std::string::npos ||
         row.model.find(text) != std::string::npos || row.metric.find(text) != std::string::npos;
}

}  // namespace

std::string why_not_covered(const Row& row) {
  for (const Reason& reason : kReasons) {
    if (row.group == reason.group && mentions(row, reason.text)) return std::string(reason.why);
  }
  return "";
}

}  // namespace cotenant::oracle

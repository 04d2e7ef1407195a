// SPDX-License-Identifier: Apache-2.0
//
// Many studies of one scenario that differ in their seeds only, on all cores: text, decode(),
// run_study(), and what the reports say. Nothing is written to a file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "study/report.h"

namespace cotenant::coverage {

// Of consecutive seeds. The same reports for any number of threads. Throws when the scenario is
// refused.
std::vector<Report> studies(const std::string& scenario, int count, std::uint64_t first_seed = 1);

const MetricValue& metric_of(const Report& report, Metric metric);

// How often intervals contain the truth. A report without an interval counts as one that does not.
struct Coverage {
  int reports = 0;
  int containing = 0;
  double share() const { return static_cast<double>(containing) / reports; }
};
Coverage coverage(const std::vector<Report>& reports, Metric metric, double truth);

struct Moments {
  double mean = 0;
  double variance = 0;
  double error = 0;  // standard error of the mean
};
Moments moments(const std::vector<double>& values);

std::vector<double> values_of(const std::vector<Report>& reports, Metric metric);

// The mean of t (half the width / Student's factor)^2, where t is the observed time of all
// replications of a study: an estimate of the variance constant of a time average.
double variance_constant(const std::vector<Report>& reports, Metric metric);

}  // namespace cotenant::coverage

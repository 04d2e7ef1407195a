// SPDX-License-Identifier: Apache-2.0
//
// Reports made by hand for the tests of the writers. The numbers are invented; what matters is that
// each report has something that is hard to print.
#pragma once

#include "study/report.h"

namespace cotenant {

MetricValue exactly(double value);
MetricValue interval(double value, double half_width);
MetricValue missing(std::string why);

// Three setups with prices and objectives: one meets, one meets and is dearer, one misses because
// of throttling and has errors.
Report web_shop();

// One setup, one replication, no objectives, no intervals, nothing to doubt.
Report single_setup();

// A setup whose queue grows beside one that cannot tell.
Report overloaded();

// Eight setups with long names, two classes, a request class objective and hostile text.
Report eight_setups();

// Latencies from nanoseconds to days, rates from 10^-6 to 10^9, and exact zeros.
Report extremes();

// Nothing completed: a run that was ended before its first replication.
Report interrupted();

}  // namespace cotenant

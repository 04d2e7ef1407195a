// SPDX-License-Identifier: Apache-2.0
//
// From reports to estimates with standard errors. The error of a metric is half its interval
// divided by the Student factor the interval was made with; where several studies were run, it is
// the spread of their values instead.
#pragma once

#include <functional>
#include <string>

#include "scenarios/metric.h"
#include "tests/oracle/simulation.h"

namespace cotenant::oracle {

using OneReport = std::function<Estimate(const Report&)>;

// The mean over the studies.
Estimator each(OneReport of_report);

// One of these metrics.
Estimate metric(const Report& report, const Metrics& metrics, Metric metric);

// A metric of all requests, or of one class.
Estimate metric(const Report& report, Metric metric, const std::string& request_class = "");

// value * factor + shift, as Estimate and as estimator.
Estimate scaled(Estimate estimate, double factor, double shift = 0);

// A metric in model units: divided by `unit`, less `shift` model units.
Estimator of(Metric which, double unit = 1, double shift = 0,
             const std::string& request_class = "");

// The latency metric of "quantile p=0.95" or "quantile p=.5".
Metric quantile_metric(const std::string& words);

// The square of the latency's standard deviation, less the variance of what is known to be
// independent of the rest.
Estimator variance_of_latency(double unit, double less = 0, const std::string& request_class = "");

// Time in the states accept_queue and run_queue of the mean request; its error is taken to be that
// of the mean latency, which contains it.
Estimator mean_wait(double unit);

// The variance of one value per replication, from the width of the interval for their mean.
// `factor` scales it; the error of a variance from normal values would be sqrt(2 / (n - 1)), but
// the spread over studies is used.
Estimator variance_between_replications(Metric which, double factor);

// The same where each study has one replication: `value` of each report, multiplied by the length
// that makes it a rate constant; with the error from the fourth moment.
Estimator variance_between_studies(std::function<double(const Report&)> value, double factor);

double mean_wait_of(const Report& report);

}  // namespace cotenant::oracle

// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/oracle/estimators.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "sim/stats/student.h"
#include "tests/oracle/row.h"

namespace cotenant::oracle {
namespace {

const Metrics& metrics_of(const Report& report, const std::string& request_class) {
  const SetupReport& setup = report.setups.front();
  if (request_class.empty()) return setup.metrics;
  for (const ClassReport& each : setup.classes) {
    if (each.name == request_class) return each.metrics;
  }
  throw std::runtime_error("no class " + request_class + " in the report");
}

double factor_of_interval(const Report& report) {
  const auto replications = static_cast<double>(report.provenance.replications);
  return student_two_sided(report.provenance.confidence, replications - 1);
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// The central moment of this order, with the divisor n.
double moment(const std::vector<double>& values, double mean, int order) {
  double sum = 0;
  for (const double value : values) sum += std::pow(value - mean, order);
  return sum / static_cast<double>(values.size());
}

Estimate mean_and_spread(const std::vector<double>& values) {
  const double mean = mean_of(values);
  const auto n = static_cast<double>(values.size());
  return {mean, std::sqrt(moment(values, mean, 2) / (n - 1))};
}

Estimate variance_and_error(const std::vector<double>& values) {
  const double mean = mean_of(values);
  const auto n = static_cast<double>(values.size());
  const double variance = moment(values, mean, 2) * n / (n - 1);
  const double fourth = moment(values, mean, 4);
  return {variance, std::sqrt((fourth - variance * variance) / n)};
}

double in_state(const WaitBreakdown& breakdown, WaitState state) {
  return breakdown.states[static_cast<std::size_t>(state)];
}

}  // namespace

Estimator each(OneReport of_report) {
  return [of_report = std::move(of_report)](const Reports& reports) {
    if (reports.size() == 1) return of_report(reports.front());
    std::vector<double> values;
    for (const Report& report : reports) values.push_back(of_report(report).value);
    return mean_and_spread(values);
  };
}

Estimate metric(const Report& report, const Metrics& metrics, Metric which) {
  const MetricValue& value = metrics[static_cast<std::size_t>(which)];
  if (!value.value) {
    throw std::runtime_error("no " + std::string(info(which).key) + ": " + value.why);
  }
  if (!value.high) return {*value.value, 0};
  // The upper half: the lower one may be cut off at zero.
  return {*value.value, (*value.high - *value.value) / factor_of_interval(report)};
}

Estimate metric(const Report& report, Metric which, const std::string& request_class) {
  return metric(report, metrics_of(report, request_class), which);
}

Estimate scaled(Estimate estimate, double factor, double shift) {
  return {estimate.value * factor + shift, estimate.error * std::abs(factor)};
}

Estimator of(Metric which, double unit, double shift, const std::string& request_class) {
  return each([=](const Report& report) {
    return scaled(metric(report, which, request_class), 1 / unit, -shift);
  });
}

Metric quantile_metric(const std::string& words) {
  const double p = number_after(words, "p=");
  constexpr std::pair<double, Metric> kQuantiles[] = {{0.5, Metric::latency_p50},
                                                      {0.9, Metric::latency_p90},
                                                      {0.95, Metric::latency_p95},
                                                      {0.99, Metric::latency_p99},
                                                      {0.999, Metric::latency_p999}};
  for (const auto& [probability, which] : kQuantiles) {
    if (std::abs(p - probability) < 1e-12) return which;
  }
  throw std::runtime_error("the report has no \"" + words + "\"");
}

Estimator variance_of_latency(double unit, double less, const std::string& request_class) {
  return each([=](const Report& report) {
    const Estimate deviation =
        scaled(metric(report, Metric::latency_stddev, request_class), 1 / unit);
    return Estimate{deviation.value * deviation.value - less,
                    2 * deviation.value * deviation.error};
  });
}

double mean_wait_of(const Report& report) {
  const auto& mean = report.setups.front().wait_states.mean;
  if (!mean) throw std::runtime_error("no wait states in the report");
  return in_state(*mean, WaitState::accept_queue) + in_state(*mean, WaitState::run_queue);
}

Estimator mean_wait(double unit) {
  return each([=](const Report& report) {
    const double error = metric(report, Metric::latency_mean).error;
    return scaled({mean_wait_of(report), error}, 1 / unit);
  });
}

Estimator variance_between_replications(Metric which, double factor) {
  return each([=](const Report& report) {
    const double error = metric(report, which).error;
    return Estimate{error * error * static_cast<double>(report.provenance.replications) * factor,
                    0};
  });
}

Estimator variance_between_studies(std::function<double(const Report&)> value, double factor) {
  return [value = std::move(value), factor](const Reports& reports) {
    std::vector<double> values;
    for (const Report& report : reports) values.push_back(value(report));
    return scaled(variance_and_error(values), factor);
  };
}

}  // namespace cotenant::oracle

// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/coverage/experiments.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "scenarios/decode.h"
#include "sim/stats/student.h"
#include "study/study.h"

namespace cotenant::coverage {
namespace {

template <class T>
T accepted(Checked<T> checked) {
  if (checked.ok()) return std::move(checked).value();
  throw std::runtime_error(render(checked.diagnostics(), "scenario"));
}

}  // namespace

std::vector<Report> studies(const std::string& text, int count, std::uint64_t first_seed) {
  const Scenario scenario = accepted(decode(text));
  std::vector<Report> reports(static_cast<std::size_t>(count));
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr error;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < reports.size(); i = next++) {
        StudyOptions options;
        options.seed = first_seed + i;
        reports[i] = accepted(run_study(scenario, ".", options));
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      error = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> threads;
    const unsigned cores = std::max(std::thread::hardware_concurrency(), 1u);
    for (unsigned i = 0; i < cores; ++i) threads.emplace_back(work);
  }
  if (error) std::rethrow_exception(error);
  return reports;
}

const MetricValue& metric_of(const Report& report, Metric metric) {
  return report.setups.at(0).metrics[static_cast<std::size_t>(metric)];
}

Coverage coverage(const std::vector<Report>& reports, Metric metric, double truth) {
  Coverage coverage;
  for (const Report& report : reports) {
    const MetricValue& value = metric_of(report, metric);
    ++coverage.reports;
    if (value.low && value.high && *value.low <= truth && truth <= *value.high) {
      ++coverage.containing;
    }
  }
  return coverage;
}

Moments moments(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  Moments moments;
  for (const double value : values) moments.mean += value / count;
  for (const double value : values) {
    moments.variance += (value - moments.mean) * (value - moments.mean) / (count - 1);
  }
  moments.error = std::sqrt(moments.variance / count);
  return moments;
}

std::vector<double> values_of(const std::vector<Report>& reports, Metric metric) {
  std::vector<double> values;
  for (const Report& report : reports) {
    const MetricValue& value = metric_of(report, metric);
    if (!value.value) throw std::runtime_error("a report has no value: " + value.why);
    values.push_back(*value.value);
  }
  return values;
}

double variance_constant(const std::vector<Report>& reports, Metric metric) {
  double sum = 0;
  for (const Report& report : reports) {
    const MetricValue& value = metric_of(report, metric);
    if (!value.low || !value.high) throw std::runtime_error("a report has no interval");
    const Provenance& run = report.provenance;
    const auto replications = static_cast<double>(run.replications);
    const double error =
        (*value.high - *value.low) / 2 / student_two_sided(run.confidence, replications - 1);
    sum += error * error * replications * (run.horizon - run.warmup);
  }
  return sum / static_cast<double>(reports.size());
}

}  // namespace cotenant::coverage

// SPDX-License-Identifier: Apache-2.0
#include "study/parameter_uncertainty.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/stats/student.h"

namespace cotenant {
namespace {

// So many that Student's law is the normal one.
constexpr double kManyDegrees = 1e6;

bool is_latency(Metric metric) {
  return metric >= Metric::latency_mean && metric <= Metric::latency_max;
}

// A variance of the values that are there; 0 of fewer than two.
double variance_of(const std::vector<double>& values) {
  if (values.size() < 2) return 0;
  const auto n = static_cast<double>(values.size());
  double mean = 0;
  for (const double value : values) mean += value / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / (n - 1);
}

// Variances of one figure besides that of its runs.
struct Further {
  double parameters = 0, discrepancy = 0;
};

void widen_metric(MetricValue& metric, const Further& further, double z, bool may_be_negative) {
  if (!metric.value || !metric.low || !metric.high) return;
  const double value = *metric.value;
  const double more = further.parameters + further.discrepancy;
  const auto half = [&](double of_runs) { return std::sqrt(of_runs * of_runs + z * z * more); };
  const double runs = (*metric.high - *metric.low) / 2 / z;
  const double all = runs * runs + more;
  if (all > 0) {
    metric.parts =
        UncertaintyParts{further.parameters / all, runs * runs / all, further.discrepancy / all};
  }
  metric.low = value - half(value - *metric.low);
  metric.high = value + half(*metric.high - value);
  if (!may_be_negative && *metric.low < 0) metric.low = 0;
}

template <class MetricsOf>
std::vector<double> values_of(const std::vector<std::vector<SetupReport>>& members, Metric metric,
                              MetricsOf metrics_of) {
  std::vector<double> values;
  for (const auto& member : members) {
    const Metrics* metrics = metrics_of(member);
    if (metrics != nullptr && at(*metrics, metric).value) {
      values.push_back(*at(*metrics, metric).value);
    }
  }
  return values;
}

// Of all figures of some requests, of the whole setup or of one class.
template <class MetricsOf>
void widen_all(Metrics& metrics, const std::vector<std::vector<SetupReport>>& members,
               double discrepancy, double z, MetricsOf metrics_of) {
  for (std::size_t m = 0; m < kMetrics; ++m) {
    const auto metric = static_cast<Metric>(m);
    MetricValue& value = metrics[m];
    Further further{variance_of(values_of(members, metric, metrics_of)), 0};
    if (is_latency(metric) && value.value) {
      further.discrepancy = discrepancy * discrepancy * *value.value * *value.value;
    }
    widen_metric(value, further, z, false);
    if (info(metric).unit == MetricUnit::ratio && value.high) {
      value.high = std::min(*value.high, 1.0);
    }
  }
}

std::string percent(double part) { return fmt::format("{:.0f} %", part * 100); }

// What would narrow the interval of the p95 most.
void add_note(SetupReport& setup) {
  const MetricValue& p95 = at(setup.metrics, Metric::latency_p95);
  if (!p95.parts) return;
  const UncertaintyParts& parts = *p95.parts;
  const char* remedy = "more replications would narrow it most";
  if (parts.parameters > std::max(parts.simulation, parts.discrepancy)) {
    remedy = "more captures would narrow it most";
  } else if (parts.discrepancy > parts.simulation) {
    remedy = "neither captures nor replications would narrow it much";
  }
  setup.notes.push_back("of the uncertainty of its p95, " + shares_text(parts) + ": " + remedy);
}

}  // namespace

std::string shares_text(const UncertaintyParts& parts) {
  return fmt::format(
      "{} is what is not known about the parameters, {} the luck of the runs, {} what the model "
      "leaves out",
      percent(parts.parameters), percent(parts.simulation), percent(parts.discrepancy));
}

void ParameterUncertainty::widen(std::size_t index, SetupReport& setup) const {
  const double z = student_two_sided(confidence_, kManyDegrees);
  const auto of_setup = [&](const std::vector<SetupReport>& member) {
    return &member[index].metrics;
  };
  widen_all(setup.metrics, members_, discrepancy_, z, of_setup);
  for (std::size_t c = 0; c < setup.classes.size(); ++c) {
    const auto of_class = [&](const std::vector<SetupReport>& member) -> const Metrics* {
      return c < member[index].classes.size() ? &member[index].classes[c].metrics : nullptr;
    };
    widen_all(setup.classes[c].metrics, members_, discrepancy_, z, of_class);
  }
  add_note(setup);
}

void ParameterUncertainty::widen_differences(std::size_t index, std::size_t baseline,
                                             SetupReport& setup) const {
  const double z = student_two_sided(confidence_, kManyDegrees);
  for (Difference& difference : setup.differences) {
    std::vector<double> values;
    for (const auto& member : members_) {
      const MetricValue& own = at(member[index].metrics, difference.metric);
      const MetricValue& other = at(member[baseline].metrics, difference.metric);
      if (own.value && other.value) values.push_back(*own.value - *other.value);
    }
    widen_metric(difference.value, {variance_of(values), 0}, z, true);
  }
}

std::vector<std::string> sentences_about(const ParameterSet& set, const std::string& file,
                                         const std::vector<bool>& used) {
  std::vector<std::string> unknown, unused;
  for (std::size_t i = 0; i < set.parameters.size(); ++i) {
    const std::string& of = set.parameters[i].of;
    if (!used[i]) {
      if (std::find(unused.begin(), unused.end(), of) == unused.end()) unused.push_back(of);
    } else if (!set.parameters[i].identified) {
      unknown.push_back(name_of(set.parameters[i]));
    }
  }
  std::vector<std::string> sentences;
  sentences.push_back(fmt::format(
      "parameters are those of {}, fitted to {} {}; intervals include what is not known about them",
      file, set.captures.size(), set.captures.size() == 1 ? "capture" : "captures"));
  if (!unknown.empty()) {
    sentences.push_back(fmt::format("the captures do not determine {}: assumed as before",
                                    fmt::join(unknown, ", ")));
  }
  if (!unused.empty()) {
    sentences.push_back(
        fmt::format("what was fitted of {} is of no use here", fmt::join(unused, ", ")));
  }
  return sentences;
}

}  // namespace cotenant

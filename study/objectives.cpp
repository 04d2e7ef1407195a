// SPDX-License-Identifier: Apache-2.0
#include "study/objectives.h"

#include <algorithm>
#include <string>

#include "study/quotients.h"
#include "study/writers/format.h"

namespace cotenant {
namespace {

std::string text_of(const Objective& objective, const MetricInfo& about, double bound) {
  std::string text(about.key);
  if (!objective.request_class.empty()) text += " of " + objective.request_class;
  return text + (objective.below ? " below " : " above ") + with_unit(about.unit, bound);
}

// The value in words: "118 ms (115 ms to 121 ms)".
std::string found(const MetricInfo& about, const MetricValue& metric) {
  std::string text = with_unit(about.unit, *metric.value);
  if (metric.low && metric.high) {
    text += " (" + with_unit(about.unit, *metric.low) + " to " +
            with_unit(about.unit, *metric.high) + ")";
  }
  return text;
}

// A bound on one side of the whole interval decides; one inside it does not.
Verdict compare(const MetricValue& metric, const Objective& objective) {
  const double low = metric.low.value_or(*metric.value);
  const double high = metric.high.value_or(*metric.value);
  if (objective.below) {
    if (high < *objective.below) return Verdict::met;
    return low >= *objective.below ? Verdict::missed : Verdict::cannot_tell;
  }
  if (low > *objective.above) return Verdict::met;
  return high <= *objective.above ? Verdict::missed : Verdict::cannot_tell;
}

// A percentile is of the requests that completed. Whoever got no reply waited longer than anybody
// who did: where more fail than may be slower than the percentile, no bound on it is kept.
Verdict with_failures(Verdict verdict, const Objective& objective, Metric metric,
                      const Metrics& metrics) {
  const MetricValue& errors = at(metrics, Metric::error_ratio);
  const std::optional<double> percentile = percentile_of(metric);
  if (!percentile || !objective.below || verdict == Verdict::missed || !errors.value) {
    return verdict;
  }
  const double may_be_slower = 1 - *percentile;
  if (errors.low.value_or(*errors.value) > may_be_slower) return Verdict::missed;
  return errors.high.value_or(*errors.value) > may_be_slower ? Verdict::cannot_tell : verdict;
}

std::string reason_for(Verdict verdict, const MetricInfo& about, const MetricValue& metric) {
  const std::string value = "it is " + found(about, metric);
  if (verdict != Verdict::cannot_tell) return value;
  return value + ", and the objective lies within that interval: more replications would tell";
}

std::string failed_instead(const Metrics& metrics) {
  const MetricValue& errors = at(metrics, Metric::error_ratio);
  return ", but of all requests " + found(info(Metric::error_ratio), errors) + " failed";
}

ObjectiveReport judge_one(const SetupReport& setup, const Objective& objective) {
  const Metric metric = *metric_named(objective.metric);
  const MetricInfo& about = info(metric);
  const double bound = objective.below ? *objective.below : *objective.above;
  ObjectiveReport report{text_of(objective, about, bound),
                         metric,
                         objective.request_class,
                         objective.below,
                         objective.above,
                         Verdict::cannot_tell,
                         {}};
  const Metrics* metrics = metrics_of(setup, objective.request_class);
  COTENANT_ASSERT(metrics);
  const MetricValue& value = at(*metrics, metric);
  if (!setup.cannot_run.empty()) {
    report.verdict = Verdict::cannot_run;
    report.reason = value.why;
    return report;
  }
  Verdict of_completed = Verdict::cannot_tell;
  if (value.value) {
    of_completed = compare(value, objective);
  } else if (!setup.stability.stable && objective.below) {
    of_completed = Verdict::missed;  // a backlog that grows without end grows past every bound
  }
  report.reason = value.value ? reason_for(of_completed, about, value) : value.why;
  report.verdict = with_failures(of_completed, objective, metric, *metrics);
  if (report.verdict != of_completed) report.reason += failed_instead(*metrics);
  return report;
}

}  // namespace

const Metrics* metrics_of(const SetupReport& setup, const std::string& request_class) {
  if (request_class.empty()) return &setup.metrics;
  for (const ClassReport& report : setup.classes) {
    if (report.name == request_class) return &report.metrics;
  }
  return setup.classes.empty() ? &setup.metrics : nullptr;  // the only class is the whole
}

void judge(SetupReport& setup, const std::vector<Objective>& objectives) {
  for (const Objective& objective : objectives) {
    setup.objectives.push_back(judge_one(setup, objective));
  }
}

bool is_met(const ObjectiveReport& objective, double value, double error_ratio) {
  const std::optional<double> percentile = percentile_of(objective.metric);
  if (percentile && objective.below && error_ratio > 1 - *percentile) return false;
  return objective.below ? value < *objective.below : value > *objective.above;
}

Verdict verdict_of(const SetupReport& setup) {
  if (!setup.cannot_run.empty()) return Verdict::cannot_run;
  Verdict verdict = Verdict::met;
  for (const ObjectiveReport& objective : setup.objectives) {
    if (objective.verdict == Verdict::missed) return Verdict::missed;
    if (objective.verdict == Verdict::cannot_tell) verdict = Verdict::cannot_tell;
  }
  return verdict;
}

bool misses_an_objective(const Report& report) {
  return std::any_of(report.setups.begin(), report.setups.end(), [](const SetupReport& setup) {
    return std::any_of(
        setup.objectives.begin(), setup.objectives.end(), [](const ObjectiveReport& objective) {
          return objective.verdict == Verdict::missed || objective.verdict == Verdict::cannot_run;
        });
  });
}

}  // namespace cotenant

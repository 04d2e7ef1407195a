// SPDX-License-Identifier: Apache-2.0
#include "study/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <tuple>

#include "sim/stats/interval.h"
#include "study/objectives.h"
#include "study/quotients.h"

namespace cotenant {
namespace {

using Values = std::vector<std::optional<double>>;

constexpr std::array kCompared = {Metric::latency_mean, Metric::latency_p50, Metric::latency_p95,
                                  Metric::latency_p99,  Metric::throughput,  Metric::error_ratio};

// A setup in which nothing is random has one replication, which stands for all.
const std::optional<double>& value_in(const Values& values, std::size_t replication) {
  return values.size() == 1 ? values.front() : values[replication];
}

// Of the replications in which both have a value.
std::vector<double> paired(const Values& ours, const Values& theirs) {
  const std::size_t count = ours.size() == 1     ? theirs.size()
                            : theirs.size() == 1 ? ours.size()
                                                 : std::min(ours.size(), theirs.size());
  std::vector<double> differences;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& our = value_in(ours, i);
    const auto& their = value_in(theirs, i);
    if (our && their) differences.push_back(*our - *their);
  }
  return differences;
}

// The center is the difference of what both report, which is of all their requests; the spread is
// that of the differences by replication around it.
MetricValue difference(Metric metric, const ComparedSetup& setup, const ComparedSetup& baseline,
                       double confidence) {
  const MetricValue& our = at(setup.report.metrics, metric);
  const MetricValue& their = at(baseline.report.metrics, metric);
  if (!our.value) return {{}, {}, {}, our.why};
  if (!their.value) return {{}, {}, {}, baseline.report.name + ": " + their.why};
  const std::vector<double> sections =
      paired(by_replication(metric, setup.tally.all, setup.tally),
             by_replication(metric, baseline.tally.all, baseline.tally));
  const Estimate estimate = sectioned(*our.value - *their.value, sections, confidence);
  MetricValue value{estimate.value, {}, {}, {}};
  if (estimate.interval) {
    value.low = estimate.interval->low;
    value.high = estimate.interval->high;
  }
  return value;
}

const RequestTally& requests_of(const ComparedSetup& setup, const std::string& request_class) {
  for (std::uint32_t c = 0; c < setup.report.classes.size(); ++c) {
    if (setup.report.classes[c].name == request_class) return setup.tally.classes[ClassId(c)];
  }
  return setup.tally.all;
}

std::optional<Spread> spread_of(const Values& values) {
  std::vector<double> sorted;
  for (const auto& value : values) {
    if (!value) return std::nullopt;
    sorted.push_back(*value);
  }
  if (sorted.size() < 2) return std::nullopt;
  std::sort(sorted.begin(), sorted.end());
  const auto at_least = [&sorted](double p) {
    const double rank = std::ceil(p * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(rank) - 1];
  };
  return Spread{sorted.front(), at_least(0.5), at_least(0.9), sorted.back(), sorted.size()};
}

// A p95 of fewer is one of the slowest few.
constexpr std::uint64_t kEnoughInAnHour = 100;
// More that fail, and there is no p95 of all of them.
constexpr double kFailing = 0.05;

struct Hour {
  double failed;  // the part of its requests that fails
  double p95;     // of the others
  std::uint64_t number;

  bool is_better_than(const Hour& other) const {
    const double ours = failed > kFailing ? failed : 0;
    const double theirs = other.failed > kFailing ? other.failed : 0;
    return std::tie(ours, p95, number) < std::tie(theirs, other.p95, other.number);
  }
};

std::optional<HourlySpread> hourly_spread(const HourlyRecord& hourly) {
  std::vector<Hour> hours;
  for (std::size_t h = 0; h < hourly.hours.size(); ++h) {
    const auto& [latency, failed] = hourly.hours[h];
    const std::uint64_t ended = latency.count() + failed;
    if (ended < kEnoughInAnHour) continue;
    hours.push_back({static_cast<double>(failed) / static_cast<double>(ended),
                     latency.empty() ? 0 : in_seconds(latency.quantile(0.95)),
                     static_cast<std::uint64_t>(hourly.first_hour) + h});
  }
  if (hours.size() < 2) return std::nullopt;
  std::sort(hours.begin(), hours.end(),
            [](const Hour& a, const Hour& b) { return a.is_better_than(b); });
  const Hour& worst = hours.back();
  return HourlySpread{hours.front().p95, hours[(hours.size() - 1) / 2].p95,
                      worst.p95,         worst.number,
                      worst.failed,      hours.size()};
}

}  // namespace

void compare_with(std::size_t baseline, const std::vector<ComparedSetup>& setups,
                  double confidence) {
  for (std::size_t s = 0; s < setups.size(); ++s) {
    if (s == baseline) continue;
    for (const Metric metric : kCompared) {
      setups[s].report.differences.push_back(
          {metric, difference(metric, setups[s], setups[baseline], confidence)});
    }
  }
}

void judge_replications(const ComparedSetup& setup) {
  if (setup.report.stability.stable) {
    setup.report.latency_p95_spread =
        spread_of(by_replication(Metric::latency_p95, setup.tally.all, setup.tally));
  }
  setup.report.latency_p95_hours = hourly_spread(setup.tally.hourly);
  for (ObjectiveReport& objective : setup.report.objectives) {
    const RequestTally& requests = requests_of(setup, objective.request_class);
    const Values values = by_replication(objective.metric, requests, setup.tally);
    const Values errors = by_replication(Metric::error_ratio, requests, setup.tally);
    for (std::size_t r = 0; r < values.size(); ++r) {
      if (!values[r]) continue;
      ++objective.judged_in;
      if (is_met(objective, *values[r], errors[r].value_or(0))) ++objective.met_in;
    }
  }
}

}  // namespace cotenant

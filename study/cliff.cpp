// SPDX-License-Identifier: Apache-2.0
//
// Loads are doubled, or halved, until one meets and one misses; then the gap between them is halved
// on a logarithmic scale. Where a load cannot be judged, it is tried again with more
// replications, and then stays inside the gap.
#include "study/cliff.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scenarios/load.h"
#include "study/objectives.h"

namespace cotenant {
namespace {

constexpr std::uint64_t kReplications = 10;     // of each load, unless something else is said
constexpr std::uint64_t kMoreReplications = 4;  // times as many, for a load that cannot be judged

class Search {
 public:
  Search(const Scenario& scenario, const std::filesystem::path& directory,
         const CliffOptions& options)
      : scenario_(scenario), directory_(directory), options_(options) {}

  Checked<Cliff> from(const SetupReport& setup) {
    cliff_.points.push_back({1, verdict_of(setup), setup});
    widen();
    narrow();
    finish();
    if (!problems_.empty()) return std::move(problems_);
    return std::move(cliff_);
  }

 private:
  bool stopped() const { return options_.study.stop && options_.study.stop->load(); }

  std::optional<double> lowest_missed() const {
    std::optional<double> lowest;
    for (const LoadPoint& point : cliff_.points) {
      if (point.verdict != Verdict::missed) continue;
      if (!lowest || point.factor < *lowest) lowest = point.factor;
    }
    return lowest;
  }

  // Below the lowest that misses.
  std::optional<double> highest_met() const {
    const std::optional<double> missed = lowest_missed();
    std::optional<double> highest;
    for (const LoadPoint& point : cliff_.points) {
      if (point.verdict != Verdict::met || (missed && point.factor > *missed)) continue;
      if (!highest || point.factor > *highest) highest = point.factor;
    }
    return highest;
  }

  // False when the search must end.
  bool try_load(double factor) {
    if (stopped()) return false;
    std::uint64_t replications = options_.study.replications.value_or(kReplications);
    std::optional<LoadPoint> point = simulate(factor, replications);
    if (point && point->verdict == Verdict::cannot_tell && !stopped()) {
      point = simulate(factor, replications * kMoreReplications);
    }
    if (!point) return false;
    cliff_.points.push_back(std::move(*point));
    return true;
  }

  std::optional<LoadPoint> simulate(double factor, std::uint64_t replications) {
    StudyOptions options = options_.study;
    options.replications = replications;
    Checked<Report> report = run_study(at_load(scenario_, factor), directory_, options);
    if (!report.ok()) {
      problems_ = report.diagnostics();
      return std::nullopt;
    }
    if (!report->provenance.complete) {
      cliff_.stopped = true;
      return std::nullopt;
    }
    SetupReport& setup = std::move(report).value().setups.front();
    return LoadPoint{factor, verdict_of(setup), std::move(setup)};
  }

  void widen() {
    for (double factor = 2; !lowest_missed() && factor <= options_.most; factor *= 2) {
      if (!try_load(factor)) return;
    }
    for (double factor = 0.5; !highest_met() && factor >= options_.least; factor /= 2) {
      if (!try_load(factor)) return;
    }
  }

  // Halves what is not known yet, until nothing is left of it but loads that cannot be judged.
  void narrow() {
    while (const std::optional<double> load = next_load()) {
      if (!try_load(*load)) return;
    }
  }

  // Between the highest load that meets and the lowest that misses; where loads between them could
  // not be judged, on either side of these. Nothing when the gaps are small enough.
  std::optional<double> next_load() const {
    const std::optional<double> met = highest_met(), missed = lowest_missed();
    if (!met || !missed) return std::nullopt;
    std::optional<double> first_unknown, last_unknown;
    for (const LoadPoint& point : cliff_.points) {
      if (point.verdict != Verdict::cannot_tell) continue;
      if (point.factor < *met || point.factor > *missed) continue;
      first_unknown = std::min(first_unknown.value_or(point.factor), point.factor);
      last_unknown = std::max(last_unknown.value_or(point.factor), point.factor);
    }
    if (const auto load = middle(*met, first_unknown.value_or(*missed))) return load;
    return last_unknown ? middle(*last_unknown, *missed) : std::nullopt;
  }

  std::optional<double> middle(double low, double high) const {
    if (high <= low * (1 + options_.precision)) return std::nullopt;
    return std::sqrt(low * high);
  }

  void finish() {
    const std::optional<double> met = highest_met(), missed = lowest_missed();
    std::sort(cliff_.points.begin(), cliff_.points.end(),
              [](const LoadPoint& a, const LoadPoint& b) { return a.factor < b.factor; });
    for (std::size_t i = 0; i < cliff_.points.size(); ++i) {
      if (met && cliff_.points[i].factor == *met) cliff_.holds = i;
      if (missed && cliff_.points[i].factor == *missed) cliff_.breaks = i;
    }
    cliff_.stopped = cliff_.stopped || stopped();
  }

  const Scenario& scenario_;
  const std::filesystem::path& directory_;
  const CliffOptions& options_;
  Cliff cliff_;
  Diagnostics problems_;
};

Cliff without_search(std::string why) {
  Cliff cliff;
  cliff.why_none = std::move(why);
  return cliff;
}

}  // namespace

Checked<Cliff> find_cliff(const Scenario& scenario, const SetupReport& setup,
                          const std::filesystem::path& directory, const CliffOptions& options) {
  Scenario alone = scenario;
  std::erase_if(alone.setups, [&setup](const auto& named) { return named.first != setup.name; });
  if (!setup.cannot_run.empty()) return without_search("it cannot run");
  if (alone.objectives.empty()) return without_search("no objectives are stated");
  if (has_recorded_arrivals(alone.workload))
    return without_search("recorded arrivals cannot be multiplied");
  return Search(alone, directory, options).from(setup);
}

}  // namespace cotenant

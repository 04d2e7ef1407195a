// SPDX-License-Identifier: Apache-2.0
#include "study/inspect.h"

#include <algorithm>
#include <utility>

#include "models/step.h"
#include "scenarios/compile.h"
#include "study/run_plan.h"
#include "study/trace_rows.h"

namespace cotenant {
namespace {

constexpr double kSecond = 1e9;  // ns

// A latency that nobody has waited for: 100 years.
constexpr double kLongest = 3e9;  // s

Duration nanoseconds_of(double seconds) {
  return Duration(static_cast<std::int64_t>(std::clamp(seconds, 0.0, kLongest) * kSecond + 0.5));
}

ClassId class_named(const Blueprint& blueprint, const std::string& name) {
  for (std::uint32_t c = 0; c < blueprint.request_classes(); ++c) {
    if (blueprint.classes[ClassId(c)].name == name) return ClassId(c);
  }
  return ClassId::none();
}

// What is looked for, and what was found.
struct Choice {
  std::optional<double> percentile;
  Duration wanted;
  Exemplar found;
};

std::vector<Choice> choose(const Exemplars& exemplars, const InspectOptions& options) {
  std::vector<Choice> choices;
  const auto add = [&](std::optional<double> percentile, Duration wanted) {
    if (const auto found = exemplars.nearest(wanted)) {
      choices.push_back({percentile, wanted, *found});
    }
  };
  if (exemplars.latency().empty()) return choices;
  for (const double p : options.percentiles) add(p, exemplars.latency().quantile(p));
  for (const double latency : options.latencies) add(std::nullopt, nanoseconds_of(latency));
  return choices;
}

class InspectionRun {
 public:
  InspectionRun(const Scenario& scenario, const InspectOptions& options,
                const std::vector<Blueprint>& blueprints)
      : scenario_(scenario), options_(options), blueprints_(blueprints) {
    run_ = run_options(scenario, options.seed);
    run_.cancel = options.stop;
  }

  Inspection inspect(const Blueprint& blueprint) {
    Inspection inspection;
    inspection.setup = blueprint.setup;
    run_.recorder.warmup = Instant() + warmup();
    inspection.warmup = in_seconds(run_.recorder.warmup - Instant());
    const Exemplars exemplars = run_for_exemplars(blueprint);
    inspection.requests = exemplars.latency().count();
    const std::vector<Choice> choices = choose(exemplars, options_);
    if (!choices.empty() && !stopped()) inspection.traces = run_for_traces(blueprint, choices);
    if (inspection.traces.empty()) inspection.why_none = why_none();
    return inspection;
  }

 private:
  bool stopped() const { return options_.stop && options_.stop->load(); }

  std::string why_none() const {
    if (stopped()) return "it was stopped";
    const std::string what = options_.request_class.empty()
                                 ? "no request"
                                 : "no request of class \"" + options_.request_class + "\"";
    return what + " ended as " + std::string(to_string(options_.outcome)) + " after the warm-up";
  }

  Duration warmup() const {
    if (options_.warmup) return nanoseconds_of(*options_.warmup);
    if (scenario_.study.warmup) return *scenario_.study.warmup;
    return is_stationary(blueprints_)
               ? warmup_of_pilots(scenario_, blueprints_, run_, options_.jobs).length
               : Duration();
  }

  Exemplars run_for_exemplars(const Blueprint& blueprint) const {
    RunOptions run = run_;
    run.recorder.exemplars = {class_named(blueprint, options_.request_class), options_.outcome};
    return *cotenant::run(blueprint, run).exemplars;
  }

  // The same course once more, as far as it is needed.
  std::vector<TracedRequest> run_for_traces(const Blueprint& blueprint,
                                            const std::vector<Choice>& choices) const {
    RunOptions run = run_;
    Instant last;
    for (const Choice& choice : choices) {
      run.recorder.traced.push_back(choice.found.key);
      last = std::max(last, choice.found.arrival + choice.found.latency);
    }
    run.recorder.horizon = std::min(run.recorder.horizon, last + nanoseconds(1));
    run.recorder.warmup = std::min(run.recorder.warmup, run.recorder.horizon);
    const RunRecord record = cotenant::run(blueprint, run);
    std::vector<TracedRequest> traced;
    for (const Choice& choice : choices) {
      const auto trace =
          std::find_if(record.traces.begin(), record.traces.end(),
                       [&](const TraceRecord& each) { return each.key == choice.found.key; });
      if (trace == record.traces.end()) continue;  // it was stopped
      traced.push_back(trace_of(blueprint, *trace));
      traced.back().percentile = choice.percentile;
      traced.back().wanted = in_seconds(choice.wanted);
    }
    return traced;
  }

  const Scenario& scenario_;
  const InspectOptions& options_;
  const std::vector<Blueprint>& blueprints_;
  RunOptions run_;
};

}  // namespace

Checked<Inspection> inspect(const Scenario& said, const std::filesystem::path& directory,
                            const InspectOptions& options) {
  const Scenario scenario = without_unable(said);
  const Checked<std::vector<Blueprint>> blueprints = compile(scenario, directory);
  if (!blueprints) return blueprints.diagnostics();
  const auto& all = blueprints.value();
  const auto blueprint = std::find_if(all.begin(), all.end(), [&](const Blueprint& each) {
    return options.setup.empty() || each.setup == options.setup;
  });
  if (blueprint == all.end()) {
    Inspection nothing;
    nothing.setup = options.setup;
    nothing.why_none = "the application cannot run on its plan";
    return nothing;
  }
  return InspectionRun(scenario, options, all).inspect(*blueprint);
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "study/study.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/apply_parameters.h"
#include "scenarios/assumptions.h"
#include "scenarios/cannot_run.h"
#include "scenarios/compile.h"
#include "scenarios/encode.h"
#include "sim/base/hash.h"
#include "study/comparison.h"
#include "study/container_report.h"
#include "study/objectives.h"
#include "study/parameter_uncertainty.h"
#include "study/plan_report.h"
#include "study/replicate.h"
#include "study/run_plan.h"
#include "study/summarize.h"
#include "study/summarize_timeline.h"
#include "study/tally.h"
#include "study/visibility.h"
#include "study/warmup.h"

namespace cotenant {
namespace {

// Of each member of an ensemble: its runs have the luck of the first ones, so few will do.
constexpr std::uint64_t kRunsOfMember = 2;

constexpr std::string_view kStopped = "stopped before its first run ended";

std::uint64_t grown(std::uint64_t replications) { return replications + (replications + 1) / 2; }

// The setups that can run, and why the others cannot.
struct Candidates {
  Scenario able;
  std::vector<std::vector<std::string>> reasons;  // by setup, as the user said them
};

Candidates candidates_of(const Scenario& said) {
  Candidates candidates{said, {}};
  candidates.able.setups.clear();
  for (const auto& named : said.setups) {
    candidates.reasons.push_back(reasons_against(said, named.second));
    if (candidates.reasons.back().empty()) candidates.able.setups.push_back(named);
  }
  return candidates;
}

// Whether each replication is another box.
bool has_boxes(const Blueprint& blueprint) {
  return std::any_of(blueprint.neighbors.begin(), blueprint.neighbors.end(),
                     [](const NeighborSpec& neighbor) { return neighbor.box.has_value(); });
}

// A setup without numbers.
SetupReport without_numbers(const std::string& name, std::string_view why) {
  SetupReport setup;
  setup.name = name;
  for (MetricValue& metric : setup.metrics) metric.why = why;
  return setup;
}

// Where the user said them.
void add_unable(Report& report, const Candidates& candidates, const Scenario& said) {
  for (std::size_t s = 0; s < said.setups.size(); ++s) {
    if (candidates.reasons[s].empty()) continue;
    const auto& [name, setup] = said.setups[s];
    SetupReport unable = without_numbers(name, "the application cannot run on its plan");
    unable.description = setup.description;
    unable.cannot_run = candidates.reasons[s];
    unable.price = price_report(said, setup, unable);
    judge(unable, said.objectives);
    report.setups.insert(report.setups.begin() + static_cast<std::ptrdiff_t>(s), std::move(unable));
  }
}

class StudyRun {
 public:
  StudyRun(const Scenario& scenario, const StudyOptions& options, std::vector<Blueprint> blueprints)
      : scenario_(scenario), options_(options), blueprints_(std::move(blueprints)) {
    for (const Blueprint& blueprint : blueprints_) tallies_.emplace_back(blueprint);
    run_ = run_options(scenario, options.seed);
    run_.recorder.ingredients = options.ingredients;
    run_.cancel = options.stop;
    run_.tie_salt = options.tie_salt;
    run_.recorder.timeline_slices = options.timeline_slices;
    stationary_ = is_stationary(blueprints_);
    random_ = is_random(blueprints_);
  }

  // The same setups with each member of the ensemble of fitted parameters.
  void set_ensemble(double discrepancy, std::vector<std::vector<Blueprint>> members) {
    uncertainty_.emplace(discrepancy, scenario_.study.confidence);
    members_ = std::move(members);
  }

  // `show` is given each interim report.
  template <class Show>
  Report report(Show show) {
    std::uint64_t wanted = first_stage();
    find_warmup(wanted);
    if (options_.interim) {
      for (std::uint64_t few = 1; few < wanted && !stopped(); few *= 2) {
        run_replications(few);
        if (!stopped()) show(make_report());
      }
    }
    while (!stopped()) {
      run_replications(wanted);
      if (precise_enough() || wanted >= most_replications()) break;
      if (options_.interim) show(make_report());
      wanted = std::min(grown(wanted), most_replications());
    }
    run_ensemble();
    return make_report();
  }

 private:
  bool stopped() const { return options_.stop && options_.stop->load(); }

  bool wants_precision() const {
    return scenario_.study.precision && !options_.replications && random_;
  }

  std::uint64_t first_stage() const {
    if (!random_) return 1;
    if (options_.replications) return *options_.replications;
    return first_replications(scenario_.study, wants_precision());
  }

  std::uint64_t most_replications() const {
    return wants_precision() ? static_cast<std::uint64_t>(scenario_.study.max_replications) : 0;
  }

  // The relative half-width of every p95: h <= g / (1 + g) |value| keeps the error below g.
  bool precise_enough() const {
    if (!wants_precision()) return true;
    const double goal = *scenario_.study.precision / (1 + *scenario_.study.precision);
    for (std::size_t s = 0; s < tallies_.size(); ++s) {
      if (!blueprints_[s].is_random()) continue;  // exact
      const SetupReport setup = summarize(blueprints_[s], tallies_[s], summary_options());
      if (!setup.stability.stable) continue;
      const MetricValue& p95 = at(setup.metrics, Metric::latency_p95);
      if (!p95.value || !p95.low || !p95.high) return false;
      if ((*p95.high - *p95.low) / 2 > goal * *p95.value) return false;
    }
    return true;
  }

  SummaryOptions summary_options() const { return {scenario_.study.confidence, stationary_}; }

  ReplicationPlan plan(std::uint64_t first, std::uint64_t count) {
    return {blueprints_, run_, first, count, options_.jobs, [this] {
              ++progress_.runs_done;
              tell_progress();
            }};
  }

  void expect_runs(std::uint64_t first, std::uint64_t count) {
    for (const Blueprint& blueprint : blueprints_) {
      for (std::uint64_t r = first; r < first + count; ++r) {
        if (has_replication(blueprint, r)) ++progress_.runs_planned;
      }
    }
    tell_progress();
  }

  void tell_progress() {
    if (!options_.progress) return;
    progress_.fraction = static_cast<double>(progress_.runs_done) /
                         static_cast<double>(std::max<std::uint64_t>(progress_.runs_planned, 1));
    options_.progress(progress_);
  }

  void find_warmup(std::uint64_t replications) {
    if (scenario_.study.warmup) {
      warmup_ = {*scenario_.study.warmup, true};
    } else if (stationary_) {
      const std::uint64_t pilots = std::min(replications, kWarmupPilots);
      expect_runs(kFirstPilot, pilots);
      warmup_ = warmup_from(replicate(plan(kFirstPilot, pilots)), blueprints_.size());
    }
    run_.recorder.warmup = Instant() + warmup_.length;
  }

  // Brings every setup to `wanted` replications.
  void run_replications(std::uint64_t wanted) {
    const std::uint64_t have = replications_run_;
    expect_runs(have, wanted - have);
    const auto records = replicate(plan(have, wanted - have));
    replications_run_ = wanted;
    add_runs(records, [](const RunRecord& record) { return record.stop != StopReason::cancelled; });
    // A run that was cancelled half-way is better than none, but does not mix with whole ones.
    add_runs(
        records, [](const RunRecord&) { return true; }, 1);
  }

  // Each member on the luck of the first replications: what differs is the parameters.
  void run_ensemble() {
    for (const std::vector<Blueprint>& member : members_) {
      if (stopped()) return;
      const ReplicationPlan plan{member,        run_, 0, std::min(replications_run_, kRunsOfMember),
                                 options_.jobs, [] {}};
      std::vector<SetupTally> tallies;
      for (const Blueprint& blueprint : member) tallies.emplace_back(blueprint);
      const auto records = replicate(plan);
      if (stopped()) return;
      for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i]) tallies[i % tallies.size()].add(*records[i]);
      }
      std::vector<SetupReport> setups;
      for (std::size_t s = 0; s < member.size(); ++s) {
        setups.push_back(summarize(member[s], tallies[s], summary_options()));
      }
      uncertainty_->add(std::move(setups));
    }
    members_.clear();
  }

  // Adds the runs that are wanted to their setups, as long as these have fewer than `most`.
  template <class Wanted>
  void add_runs(const std::vector<std::optional<RunRecord>>& records, Wanted wanted,
                std::size_t most = std::numeric_limits<std::size_t>::max()) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      SetupTally& tally = tallies_[i % tallies_.size()];
      if (records[i] && wanted(*records[i]) && tally.replications() < most) tally.add(*records[i]);
    }
  }

  Report make_report() {
    Report report;
    report.name = scenario_.name;
    report.description = scenario_.description;
    for (std::size_t s = 0; s < blueprints_.size(); ++s) report.setups.push_back(setup_report(s));
    compare(report);
    report.notes = notes();
    report.provenance = provenance();
    return report;
  }

  SetupReport setup_report(std::size_t index) {
    const Setup& said = scenario_.setups[index].second;
    SetupReport setup = tallies_[index].replications() == 0
                            ? without_numbers(blueprints_[index].setup, kStopped)
                            : summarize(blueprints_[index], tallies_[index], summary_options());
    setup.description = said.description;
    setup.price = price_report(scenario_, said, setup);
    setup.boxes_differ = has_boxes(blueprints_[index]);
    if (uncertainty_) uncertainty_->widen(index, setup);
    judge(setup, scenario_.objectives);
    if (tallies_[index].replications() == 0) return setup;
    if (const auto& timeline = tallies_[index].timeline) {
      setup.timeline = summarize(blueprints_[index], *timeline);
    }
    judge_replications({tallies_[index], setup});
    add_failures(setup, tallies_[index],
                 sight_of(blueprints_[index], tells_of_kills(scenario_, said)));
    return setup;
  }

  // Those of which there are replications, to the baseline.
  void compare(Report& report) const {
    std::vector<ComparedSetup> setups;
    std::optional<std::size_t> baseline;
    std::size_t baseline_setup = 0;
    for (std::size_t s = 0; s < report.setups.size(); ++s) {
      if (tallies_[s].replications() == 0) continue;
      const bool wanted = options_.baseline.empty() || report.setups[s].name == options_.baseline;
      if (wanted && !baseline) {
        baseline = setups.size();
        baseline_setup = s;
      }
      setups.push_back({tallies_[s], report.setups[s]});
    }
    if (!baseline || setups.size() < 2) return;
    report.baseline = setups[*baseline].report.name;
    compare_with(*baseline, setups, scenario_.study.confidence);
    for (std::size_t s = 0; uncertainty_ && s < report.setups.size(); ++s) {
      uncertainty_->widen_differences(s, baseline_setup, report.setups[s]);
    }
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> sentences = assumptions(scenario_);
    if (!random_ && !blueprints_.empty()) {
      sentences.push_back("nothing in this scenario is random: one replication is exact");
    }
    if (!stationary_ && !scenario_.study.warmup) {
      sentences.push_back(
          "the load changes by design, so nothing was removed as warm-up and no steady state is "
          "claimed; \"warmup\" can say otherwise");
    }
    if (!warmup_.reliable) {
      sentences.push_back(
          "the warm-up could not be found with confidence: a longer duration would help");
    }
    if (wants_precision() && !precise_enough()) {
      sentences.push_back("the precision asked for was not reached");
    }
    return sentences;
  }

  Provenance provenance() const {
    Provenance provenance;
    provenance.seed = run_.seed;
    provenance.warmup = static_cast<double>(warmup_.length.count()) / 1e9;
    provenance.warmup_reliable = warmup_.reliable;
    provenance.horizon = static_cast<double>(scenario_.study.duration.count()) / 1e9;
    provenance.confidence = scenario_.study.confidence;
    Hasher fingerprint;
    for (const SetupTally& tally : tallies_) {
      provenance.replications =
          std::max<std::uint64_t>(provenance.replications, tally.replications());
      provenance.events += tally.events;
      provenance.censored += tally.all.outcomes[static_cast<std::size_t>(Outcome::censored)];
      fingerprint.add(tally.fingerprint);
      if (tally.cut_short) {
        provenance.complete = false;
        provenance.incomplete_because =
            "a run ended early: " + std::string(to_string(tally.cut_by));
      }
    }
    provenance.fingerprint = fingerprint.value();
    if (stopped()) {
      provenance.complete = false;
      provenance.incomplete_because = "it was stopped";
    }
    return provenance;
  }

  const Scenario& scenario_;
  const StudyOptions& options_;
  std::vector<Blueprint> blueprints_;
  std::vector<SetupTally> tallies_;
  std::vector<std::vector<Blueprint>> members_;
  std::optional<ParameterUncertainty> uncertainty_;
  RunOptions run_;
  WarmupLength warmup_;
  bool stationary_ = true;
  bool random_ = true;
  std::uint64_t replications_run_ = 0;
  Progress progress_;
};

// As many fits of an ensemble as tell its spread to a fifth.
constexpr std::size_t kMembers = 12;

// The setups that can run, with each of some members of the ensemble.
Checked<std::vector<std::vector<Blueprint>>> compile_members(
    const Scenario& able, const ParameterSet& set, const std::filesystem::path& directory) {
  std::vector<std::vector<Blueprint>> members;
  for (std::size_t m = 0; m < std::min(set.ensemble_size(), kMembers); ++m) {
    auto blueprints = compile(with_parameters(able, set, set.values(m)).scenario, directory);
    if (!blueprints) return blueprints.diagnostics();
    members.push_back(std::move(blueprints).value());
  }
  return members;
}

}  // namespace

Checked<Report> run_study(const Scenario& said, const std::filesystem::path& directory,
                          const StudyOptions& options) {
  const Candidates candidates = candidates_of(said);
  const Checked<std::optional<ParameterSet>> checked = parameters_of(said, directory);
  if (!checked) return checked.diagnostics();
  const std::optional<ParameterSet>& set = *checked;
  const ParametrizedScenario fitted = set ? with_parameters(candidates.able, *set, set->values())
                                          : ParametrizedScenario{candidates.able, {}};
  Checked<std::vector<Blueprint>> blueprints = compile(fitted.scenario, directory);
  if (!blueprints) return blueprints.diagnostics();
  StudyRun study(fitted.scenario, options, std::move(blueprints).value());
  if (set) {
    auto members = compile_members(candidates.able, *set, directory);
    if (!members) return members.diagnostics();
    study.set_ensemble(set->discrepancy, std::move(members).value());
  }
  const auto complete = [&](Report report) {
    report.provenance.scenario_hash = scenario_hash(said);
    add_unable(report, candidates, said);
    add_plans(report, said);
    add_containers(report, said);
    if (set) {
      report.provenance.parameters_hash = hash_text(encode(*set));
      for (std::string& sentence : sentences_about(*set, said.parameters, fitted.used)) {
        report.notes.push_back(std::move(sentence));
      }
    }
    return report;
  };
  return complete(
      study.report([&](Report so_far) { options.interim(complete(std::move(so_far))); }));
}

}  // namespace cotenant

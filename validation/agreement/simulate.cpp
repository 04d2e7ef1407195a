// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/simulate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "scenarios/apply_parameters.h"
#include "scenarios/compile.h"
#include "study/replicate.h"
#include "validation/recording/recorded_machine.h"
#include "validation/recording/replay.h"

namespace cotenant {
namespace {

// Where nothing better is found: it changes latencies by less than what is compared.
constexpr double kGoodEnough = 1e-3;
constexpr int kMostSteps = 8;
constexpr double kLargestFactor = 1000;

// One recording with one set of overheads.
class Simulator {
 public:
  Simulator(const Bundle& bundle, const SimulationOptions& options)
      : bundle_(bundle), options_(options) {}

  // False, with problems, when a demand in the recording cannot be read.
  bool prepare(double overhead_factor) {
    auto compiled = compile(scenario_with(overhead_factor), bundle_.directory);
    if (compiled.ok()) {
      blueprints_ = std::move(compiled).value();
      whole_.clear();
      for (Blueprint& blueprint : blueprints_) {
        like_the_recorded_machine(blueprint.machines[kHardware].cpu.kernel, overhead_factor);
      }
    } else {
      problems = compiled.diagnostics();
    }
    return compiled.ok();
  }

  bool stopped() const { return options_.stop && options_.stop->load(); }

  // Until every client has its reply or has given up, counted from the start.
  const std::vector<RunRecord>& whole_runs() {
    if (!whole_.empty()) return whole_;
    RecorderOptions recorder;
    recorder.horizon =
        Instant() + bundle_.load.duration + bundle_.load.timeout - start_of_replay(bundle_);
    recorder.log_requests = true;
    whole_ = run(recorder);
    return whole_;
  }

  // From the warm-up to the end of the load.
  std::vector<RunRecord> intervals() const {
    const Duration start = start_of_replay(bundle_);
    RecorderOptions recorder;
    recorder.warmup = Instant() + std::max(bundle_.load.warmup - start, Duration(0));
    recorder.horizon = Instant() + bundle_.load.duration - start;
    return run(recorder);
  }

  // Seconds, on average over all phases.
  double cpu_per_request() {
    double sum = 0;
    const std::vector<RunRecord>& runs = whole_runs();
    for (const RunRecord& record : runs) {
      const double cpu = static_cast<double>(usage_of_service(blueprint(), record).usage.count());
      sum += cpu / 1e9 / static_cast<double>(std::max<std::uint64_t>(served(record), 1));
    }
    return runs.empty() ? 0 : sum / static_cast<double>(runs.size());
  }

  const Blueprint& blueprint() const { return blueprints_.front(); }

  Diagnostics problems;

 private:
  Scenario scenario_with(double overhead_factor) const {
    Scenario scenario = replay_of(bundle_, overhead_factor);
    if (options_.parameters == nullptr) return scenario;
    const ParameterSet& set = *options_.parameters;
    return with_parameters(std::move(scenario), set,
                           options_.values.empty() ? set.values() : options_.values)
        .scenario;
  }

  std::vector<RunRecord> run(const RecorderOptions& recorder) const {
    RunOptions options;
    options.seed = options_.seed;
    options.recorder = recorder;
    options.cancel = options_.stop;
    std::vector<RunRecord> records;
    for (auto& record :
         replicate({blueprints_, options, 0, options_.phases, options_.jobs, nullptr})) {
      if (record) records.push_back(std::move(*record));
    }
    return records;
  }

  const Bundle& bundle_;
  const SimulationOptions& options_;
  std::vector<Blueprint> blueprints_;
  std::vector<RunRecord> whole_;  // of these blueprints, once they have run
};

struct Factor {
  double value = 1;
  bool cost_reached = false;
};

// The factor with which a request costs what it did in the recording, by the secant method from 0
// and 1: cost grows almost linearly with the factor. Leaves the simulator prepared with it. Nothing
// when there were problems or a stop.
std::optional<Factor> find_factor(Simulator& simulator, double wanted, double tolerance) {
  if (!simulator.prepare(0)) return std::nullopt;
  double before = 0;
  double cost_before = simulator.cpu_per_request();
  double factor = 1;
  for (int step = 0; step < kMostSteps; ++step) {
    if (!simulator.prepare(factor)) return std::nullopt;
    const double cost = simulator.cpu_per_request();
    if (simulator.stopped()) return std::nullopt;
    if (std::fabs(cost - wanted) <= tolerance * wanted) return Factor{factor, true};
    const double slope = (cost - cost_before) / (factor - before);
    const double next = std::clamp(factor + (wanted - cost) / slope, 0.0, kLargestFactor);
    if (!(slope > 0) || next == factor) break;
    before = std::exchange(factor, next);
    cost_before = cost;
  }
  if (!simulator.prepare(factor)) return std::nullopt;
  const double cost = simulator.cpu_per_request();
  return Factor{factor, std::fabs(cost - wanted) <= kGoodEnough * wanted};
}

}  // namespace

Checked<std::optional<Simulation>> simulate(const Bundle& bundle,
                                            const SimulationOptions& options) {
  Simulator simulator(bundle, options);
  Simulation simulation;
  // The CPU per request of a run in which workers were replaced is also that of replacing them.
  const bool scaled = options.overhead == OverheadSource::measured && bundle.worker_restarts == 0;
  if (scaled) {
    const double wanted = static_cast<double>(bundle.cpu_per_request.count()) / 1e9;
    if (const std::optional<Factor> factor =
            find_factor(simulator, wanted, options.cost_tolerance)) {
      simulation.overhead_factor = factor->value;
      simulation.cost_reached = factor->cost_reached;
    }
  } else {
    simulator.prepare(1);
  }
  if (!simulator.problems.empty()) return simulator.problems;
  if (simulator.stopped()) return std::optional<Simulation>();

  std::vector<RunRecord> whole = simulator.whole_runs();
  std::vector<RunRecord> intervals = options.latencies_only ? whole : simulator.intervals();
  if (simulator.stopped()) return std::optional<Simulation>();
  COTENANT_ASSERT(whole.size() == intervals.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    simulation.phases.push_back(statistics_of_simulation(
        bundle, simulator.blueprint(),
        {std::move(whole[i]), std::move(intervals[i]), simulation.overhead_factor}));
  }
  return std::optional(std::move(simulation));
}

}  // namespace cotenant

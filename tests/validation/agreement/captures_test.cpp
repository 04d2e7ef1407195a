// SPDX-License-Identifier: Apache-2.0
//
// Real servers on a real kernel, replayed with the CPU per request of each run and 16 phases. The
// medians over the runs of a family catch a wrong model, the limits of each run a wrong case. Where
// the phase of a timer decides, which nobody recorded, three standard deviations over the phases
// are allowed. The recordings are not part of the repository: without them, beside it in
// shared/captures, these tests are skipped. docs/validation.md has the figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "models/step.h"
#include "scenarios/compile.h"
#include "validation/agreement/agreement.h"
#include "validation/recording/replay.h"

namespace cotenant {
namespace {

std::filesystem::path captures() {
  return std::filesystem::path(COTENANT_SOURCE_DIR) / ".." / "shared" / "captures";
}

std::vector<std::filesystem::path> recordings_of(const std::string& family) {
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::directory_iterator(captures())) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(family + "_", 0) == 0) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

// The service did not keep up with its arrivals. Latency is then the length of a growing queue, in
// which errors of throughput add up, and percentiles say little else: such runs have limits of
// their own.
bool overloaded(const Bundle& bundle) {
  constexpr double kKeepsUp = 0.97;
  const auto within = [&](Duration at) {
    return at >= bundle.load.warmup && at <= bundle.load.duration;
  };
  double arrivals = 0;
  double completions = 0;
  for (const MeasuredRequest& request : bundle.requests) {
    if (within(request.scheduled)) ++arrivals;
    if (request.outcome == Outcome::completed && within(request.done)) ++completions;
  }
  return completions < kKeepsUp * arrivals;
}

// Of the size of an error: relative, and in units of the metric where the measured value is small.
struct Limit {
  Compared metric;
  double largest;
};

struct Gates {
  std::string family;
  bool overload = false;
  std::vector<Limit> medians;         // relative, over the runs of the family
  std::vector<Limit> runs;            // relative, of each run
  std::vector<Limit> runs_by_phases;  // the same, or three standard deviations over the phases
  std::vector<Limit> absolute;        // of each run
};

std::string name_of(const Gates& gates) {
  return gates.family + (gates.overload ? "_overload" : "");
}
std::ostream& operator<<(std::ostream& out, const Gates& gates) { return out << name_of(gates); }

std::vector<BundleAgreement> agreements_of(const std::string& family, bool overload = false) {
  SimulationOptions options;
  options.overhead = OverheadSource::measured;
  std::vector<BundleAgreement> agreements;
  for (const auto& folder : recordings_of(family)) {
    const Checked<Bundle> bundle = read_bundle(folder);
    EXPECT_TRUE(bundle.ok()) << render(bundle.diagnostics(), folder.string());
    if (!bundle.ok() || !why_not_replayed(*bundle).empty()) continue;
    if (overloaded(*bundle) != overload) continue;
    const auto simulation = simulate(*bundle, options);
    EXPECT_TRUE(simulation.ok());
    if (simulation.ok()) agreements.push_back(compare(*bundle, **simulation));
  }
  return agreements;
}

// Of those who kept up, and of those who did not.
std::vector<BundleAgreement> all_agreements_of(const std::string& family) {
  std::vector<BundleAgreement> agreements = agreements_of(family, false);
  for (BundleAgreement& agreement : agreements_of(family, true)) {
    agreements.push_back(std::move(agreement));
  }
  return agreements;
}

const Cell* cell_of(const BundleAgreement& agreement, Compared metric) {
  for (const Cell& cell : agreement.cells) {
    if (cell.metric == metric) return &cell;
  }
  return nullptr;
}

// Gates that are missed, and why. A miss that is none any more fails its test, so that it is taken
// from here and from docs/validation.md.
struct Miss {
  const char* bundle;
  Compared metric;
};
constexpr std::array kMisses = {
    // -0.157 ms instead of 0.15. Work of others took 21 % of the core in this run; who runs beside
    // the recorded groups, and when, is not in a recording.
    Miss{"E0_sync_cpu5_s1", Compared::latency_mean},
    // -0.544 ms instead of 0.5: the same, 8 % of the core. In all other runs it was at most 5 %.
    Miss{"E0_gthread4_cpu0_s1", Compared::latency_p99},
    // -14 % instead of 12: light requests of 2 ms that meet nobody, 2.6 ms instead of 2.8 to 3.0.
    Miss{"E6_gthread4_mix_r30_s1", Compared::latency_p50},
};

void expect_within(const Cell& cell, double error, double allowed) {
  const bool known = std::any_of(kMisses.begin(), kMisses.end(), [&](const Miss& miss) {
    return cell.bundle == miss.bundle && cell.metric == miss.metric;
  });
  const bool missed = std::fabs(error) > allowed;
  EXPECT_EQ(missed, known) << cell.bundle << ' ' << to_string(cell.metric) << " is off by " << error
                           << ", allowed are " << allowed;
}

void expect_runs_within(const std::vector<BundleAgreement>& agreements, const Limit& limit,
                        double deviations_allowed) {
  for (const BundleAgreement& agreement : agreements) {
    const Cell* cell = cell_of(agreement, limit.metric);
    if (cell == nullptr || cell->measured == 0) continue;  // see NeverThrottled
    const double allowed =
        std::max(limit.largest, deviations_allowed * cell->phase_spread / cell->measured);
    expect_within(*cell, *cell->relative_error, allowed);
  }
}

void expect_medians_within(const std::vector<BundleAgreement>& agreements,
                           const std::vector<Limit>& limits) {
  const std::vector<FamilyError> errors = by_family(agreements);
  for (const Limit& limit : limits) {
    const auto error = std::find_if(errors.begin(), errors.end(), [&](const FamilyError& each) {
      return each.metric == limit.metric;
    });
    ASSERT_NE(error, errors.end()) << to_string(limit.metric);
    EXPECT_LE(error->median, limit.largest) << "median of " << to_string(limit.metric);
  }
}

void expect_absolutely_within(const std::vector<BundleAgreement>& agreements, const Limit& limit) {
  for (const BundleAgreement& agreement : agreements) {
    if (const Cell* cell = cell_of(agreement, limit.metric)) {
      expect_within(*cell, cell->predicted - cell->measured, limit.largest);
    }
  }
}

class Captures : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::is_directory(captures())) GTEST_SKIP() << "no recordings here";
  }
};
class CapturedFamily : public Captures, public ::testing::WithParamInterface<Gates> {};

TEST_P(CapturedFamily, IsMatchedByItsMediansAndRunByRun) {
  const Gates& gates = GetParam();
  const auto agreements = agreements_of(gates.family, gates.overload);
  if (agreements.empty()) GTEST_SKIP() << "no recordings of this kind here";
  expect_medians_within(agreements, gates.medians);
  for (const Limit& limit : gates.runs) expect_runs_within(agreements, limit, 0);
  for (const Limit& limit : gates.runs_by_phases) expect_runs_within(agreements, limit, 3);
  for (const Limit& limit : gates.absolute) expect_absolutely_within(agreements, limit);
}

std::vector<Limit> latencies(double mean, double p50, double p95, double p99) {
  return {{Compared::latency_mean, mean},
          {Compared::latency_p50, p50},
          {Compared::latency_p95, p95},
          {Compared::latency_p99, p99}};
}

std::vector<Limit> operator+(std::vector<Limit> limits, const std::vector<Limit>& more) {
  limits.insert(limits.end(), more.begin(), more.end());
  return limits;
}

// Who keeps up serves what arrives, and the CPU per request is taken from the run.
const std::vector<Limit> kKeepsUp = {{Compared::throughput, 0.005},
                                     {Compared::service_cpu_utilization, 0.01}};
// Neighbors must be within a hundredth of a core.
const Limit kNeighbors = {Compared::neighbor_cpu_utilization, 0.01};

std::vector<Gates> all_gates() {
  std::vector<Gates> all;
  // Latencies below a millisecond, which end in the jitter of an idle CPU waking up; seconds.
  // Nearly idle, it is judged by the throughput alone: starting up is 1 % of its CPU.
  all.push_back({"E0",
                 false,
                 {},
                 {{Compared::throughput, 0.005}},
                 {},
                 latencies(150e-6, 150e-6, 500e-6, 500e-6)});
  all.push_back({"E1",
                 false,
                 latencies(0.015, 0.015, 0.025, 0.03),
                 latencies(0.03, 0.04, 0.06, 0.07) + kKeepsUp,
                 {},
                 {}});
  all.push_back({"E2",
                 false,
                 latencies(0.025, 0.03, 0.03, 0.04),
                 latencies(0.05, 0.06, 0.10, 0.12) + kKeepsUp,
                 {},
                 {}});
  all.push_back({"E3",
                 false,
                 latencies(0.06, 0.06, 0.07, 0.07) +
                     std::vector<Limit>{{Compared::throttled_time_ratio, 0.06},
                                        {Compared::nr_throttled, 0.06}},
                 kKeepsUp,
                 latencies(0.12, 0.12, 0.15, 0.15) +
                     std::vector<Limit>{{Compared::throttled_time_ratio, 0.10}},
                 {}});
  all.push_back({"E4",
                 false,
                 latencies(0.015, 0.03, 0.03, 0.03),
                 latencies(0.04, 0.09, 0.06, 0.09) + kKeepsUp,
                 {},
                 {kNeighbors}});
  all.push_back({"E4",
                 true,
                 latencies(0.02, 0.02, 0.02, 0.02),
                 latencies(0.03, 0.03, 0.03, 0.03) +
                     std::vector<Limit>{{Compared::throughput, 0.007},
                                        {Compared::service_cpu_utilization, 0.01}},
                 {},
                 {kNeighbors}});
  all.push_back({"E5",
                 false,
                 latencies(0.01, 0.01, 0.015, 0.02),
                 latencies(0.03, 0.03, 0.08, 0.08) + kKeepsUp,
                 {},
                 {}});
  all.push_back({"E5", true, {}, {{Compared::throughput, 0.03}}, {}, {}});
  all.push_back({"E6",
                 false,
                 latencies(0.02, 0.09, 0.03, 0.05),
                 latencies(0.05, 0.12, 0.10, 0.12) + kKeepsUp,
                 {},
                 {}});
  // Closed users: whoever is slower is asked less often.
  all.push_back(
      {"E11",
       false,
       latencies(0.015, 0.02, 0.03, 0.05),
       latencies(0.03, 0.06, 0.07, 0.14) + std::vector<Limit>{{Compared::throughput, 0.03}},
       {},
       {}});
  // Disk limits, and logs that wait for the disk: what an undisturbed IO takes is known to a tenth
  // of a millisecond only.
  all.push_back({"E8",
                 false,
                 {},
                 {{Compared::throughput, 0.03}, {Compared::latency_p95, 0.15}},
                 {},
                 {{Compared::latency_p50, 300e-6}}});
  all.push_back({"E10",
                 false,
                 latencies(0.03, 0.04, 0.05, 0.05),
                 latencies(0.06, 0.06, 0.12, 0.10) + kKeepsUp,
                 {{Compared::throttled_time_ratio, 0.12}},
                 {kNeighbors}});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Recorded, CapturedFamily, ::testing::ValuesIn(all_gates()),
                         [](const auto& gates) { return name_of(gates.param); });

// With a burst as large as its quota the service was never out of it. A few milliseconds in 20 s
// are the luck of some phases.
TEST_F(Captures, NeverThrottledAreNeverThrottled) {
  constexpr double kLongestSeconds = 0.005;
  std::size_t runs = 0;
  for (const BundleAgreement& agreement : agreements_of("E3_q50p100_burst50")) {
    const Cell* count = cell_of(agreement, Compared::nr_throttled);
    const Cell* share = cell_of(agreement, Compared::throttled_time_ratio);
    ASSERT_TRUE(count != nullptr && share != nullptr);
    if (count->measured > 0) continue;
    const Checked<Bundle> bundle = read_bundle(captures() / agreement.bundle);
    const Duration interval = bundle->load.duration - bundle->load.warmup;
    EXPECT_LT(share->predicted * static_cast<double>(interval.count()) / 1e9, kLongestSeconds);
    ++runs;
  }
  EXPECT_GT(runs, 0u);
}

// A quota is not a slower CPU: one of a fifth of the speed would make latencies at half load four
// times longer.
TEST_F(Captures, UnderAQuotaAreNotAFluid) {
  const auto agreements = agreements_of("E3_q20p100_r50");
  ASSERT_FALSE(agreements.empty());
  for (const BundleAgreement& agreement : agreements) {
    const Cell* mean = cell_of(agreement, Compared::latency_mean);
    ASSERT_NE(mean, nullptr);
    EXPECT_LT(mean->predicted, 1.5 * mean->measured) << agreement.bundle;
  }
}

// Of a request that sleeps 50 ms, what the server adds.
TEST_F(Captures, OfSleepersAreMatchedWithoutTheirSleep) {
  constexpr double kSleep = 0.050;
  constexpr double kAllowed = 0.20;
  const auto agreements = agreements_of("E5");
  ASSERT_FALSE(agreements.empty());
  for (const BundleAgreement& agreement : agreements) {
    const Cell* mean = cell_of(agreement, Compared::latency_mean);
    ASSERT_NE(mean, nullptr);
    EXPECT_NEAR(mean->predicted, mean->measured, kAllowed * (mean->measured - kSleep))
        << agreement.bundle;
  }
}

// Killed workers and overload: how much is served, and how many requests fail in which way. Where
// queues grow, percentiles say little.
TEST_F(Captures, OfFailuresCountTheSameOnes) {
  const std::vector<BundleAgreement> agreements = all_agreements_of("E9");
  ASSERT_FALSE(agreements.empty());
  for (const BundleAgreement& agreement : agreements) {
    expect_within(*cell_of(agreement, Compared::throughput),
                  *cell_of(agreement, Compared::throughput)->relative_error, 0.03);
    for (const Compared metric : {Compared::timed_out, Compared::refused, Compared::reset,
                                  Compared::error_500, Compared::worker_restarts}) {
      const Cell* cell = cell_of(agreement, metric);
      if (cell == nullptr) continue;
      EXPECT_NEAR(cell->predicted, cell->measured, std::max(1.0, 0.1 * cell->measured))
          << agreement.bundle << ' ' << to_string(metric);
    }
  }
}

// Memory held and leaked under a limit: who is killed, how often, and when first. The CPU of the
// server is taken as it is: in these runs it contains that of replacing workers.
TEST_F(Captures, OfKilledProcessesCountTheSameOnes) {
  const std::vector<BundleAgreement> agreements = all_agreements_of("E7");
  ASSERT_FALSE(agreements.empty());
  for (const BundleAgreement& agreement : agreements) {
    for (const Compared metric :
         {Compared::oom_kills, Compared::worker_restarts, Compared::reset}) {
      const Cell* cell = cell_of(agreement, metric);
      ASSERT_NE(cell, nullptr);
      EXPECT_GT(cell->measured, 0);
      EXPECT_NEAR(cell->predicted, cell->measured, std::max(1.0, 0.1 * cell->measured))
          << agreement.bundle << ' ' << to_string(metric);
    }
    expect_within(*cell_of(agreement, Compared::first_oom_kill),
                  *cell_of(agreement, Compared::first_oom_kill)->relative_error, 0.10);
    expect_within(*cell_of(agreement, Compared::latency_mean),
                  *cell_of(agreement, Compared::latency_mean)->relative_error, 0.10);
  }
}

double mean_latency(const Statistics& statistics) {
  return statistics[static_cast<std::size_t>(Compared::latency_mean)];
}

// The family E6 is what can tell one switch interval from another, and a lock from none.
TEST_F(Captures, OfTheLockRejectAnotherSwitchIntervalAndNone) {
  const Checked<Bundle> bundle = read_bundle(captures() / "E6_gthread4_mix_r30_s1");
  ASSERT_TRUE(bundle.ok());
  const double measured = mean_latency(statistics_of_recording(*bundle));
  const auto error_with = [&](std::optional<Duration> interval) {
    const auto compiled = compile(replay_of(*bundle), bundle->directory);
    Blueprint blueprint = compiled->front();
    std::optional<GilSpec>& gil = blueprint.processes[ProcessId(0)].gil;
    if (interval) {
      gil->switch_interval = *interval;
    } else {
      gil.reset();
    }
    RunOptions options;
    options.recorder.horizon = Instant() + bundle->load.duration + bundle->load.timeout;
    options.recorder.log_requests = true;
    const SimulatedPhase phase{run(blueprint, options), run(blueprint, options)};
    return std::fabs(mean_latency(statistics_of_simulation(*bundle, blueprint, phase)) / measured -
                     1);
  };
  EXPECT_LT(error_with(milliseconds(5)), 0.05);
  EXPECT_GT(error_with(milliseconds(1)), 0.05);
  EXPECT_GT(error_with(milliseconds(20)), 0.05);
  EXPECT_GT(error_with(std::nullopt), 0.05);
}

}  // namespace
}  // namespace cotenant

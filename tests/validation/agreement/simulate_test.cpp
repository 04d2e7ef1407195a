// SPDX-License-Identifier: Apache-2.0
//
// The whole way from a recording to its statistics; and the strongest test of it: a simulation
// written down as if it were a recording agrees with itself.
#include "validation/agreement/simulate.h"

#include <gtest/gtest.h>

#include <sstream>

#include "models/step.h"
#include "scenarios/compile.h"
#include "tests/validation/recording/recording.h"
#include "validation/agreement/agreement.h"
#include "validation/recording/recorded_machine.h"
#include "validation/recording/replay.h"

namespace cotenant {
namespace {

// 60 requests of 12 to 30 ms CPU and some sleep, every 40 ms: queues form and go away again.
std::string busy_requests() {
  std::ostringstream text;
  text << "sched_us,done_us,lat_us,err,path\n";
  for (int i = 0; i < 60; ++i) {
    const int at = 200'000 + 40'000 * i;
    text << at << ',' << at + 50'000 << ",50000,0,/w?cpu=" << 12 + i * 7 % 19
         << ".000&sleep=" << i % 3 << ".000\n";
  }
  return text.str();
}

RecordingFiles busy_recording(const std::string& group) {
  RecordingFiles files = with_experiment(R"("srv_cg": {})", R"("srv_cg": )" + group);
  files.requests = busy_requests();
  return files;
}

// The same recording with what a simulation of it gave, in the formats of the real programs.
RecordingFiles recording_of(RecordingFiles files, const Bundle& bundle, double factor) {
  const auto blueprints = compile(replay_of(bundle, factor), bundle.directory);
  EXPECT_TRUE(blueprints.ok());
  Blueprint blueprint = blueprints->front();
  like_the_recorded_machine(blueprint.machines[kHardware].cpu.kernel, factor);
  RunOptions options;
  options.recorder.horizon = Instant() + seconds(7);
  options.recorder.log_requests = true;
  const RunRecord whole = run(blueprint, options);
  std::ostringstream requests;
  requests << "sched_us,done_us,lat_us,err,path\n";
  for (const LoggedRequest& request : whole.requests) {
    // As the client sees it.
    const Instant done = request.end + client_share(factor);
    requests << request.arrival.ns() / 1000 << ',' << done.ns() / 1000 << ','
             << (done - request.arrival).count() / 1000 << ",0,"
             << bundle.requests[request.ordinal].path << '\n';
  }
  files.requests = requests.str();
  std::ostringstream samples;
  samples << "t_us,nr_periods,nr_throttled,throttled_us,srv_cpu_us,nb_cpu_us\n0,0,0,0,0,0\n";
  for (int i = 1; i <= 30; ++i) {
    options.recorder.horizon = Instant() + milliseconds(100) * i;
    const GroupUsage usage = usage_of_service(blueprint, run(blueprint, options));
    samples << 100'000 * i << ',' << usage.nr_periods << ',' << usage.nr_throttled << ','
            << usage.throttled_time.count() / 1000 << ',' << usage.usage.count() / 1000 << ",0\n";
  }
  files.resources = samples.str();
  std::ostringstream summary;
  const auto cpu = static_cast<double>(usage_of_service(blueprint, whole).usage.count());
  summary << std::fixed
          << "{\"srv_cpu_ms_per_request\": " << cpu / 1e6 / static_cast<double>(served(whole))
          << "}";
  files.summary = summary.str();
  return files;
}

BundleAgreement agreement_of(const Bundle& bundle, const SimulationOptions& options) {
  const auto simulation = simulate(bundle, options);
  EXPECT_TRUE(simulation.ok() && simulation->has_value());
  return compare(bundle, **simulation);
}

// Reads the files in a directory that outlives the bundle: a replay reads requests.csv.gz again.
struct OnDisk {
  explicit OnDisk(const RecordingFiles& files) {
    files.write_to(directory);
    bundle = *read_bundle(directory.path());
  }
  TemporaryDirectory directory;
  Bundle bundle;
};

TEST(Simulate, AgreesWithARecordingOfItself) {
  const RecordingFiles files = busy_recording("{}");
  const OnDisk original(files);
  const OnDisk recorded(recording_of(files, original.bundle, 1));
  SimulationOptions options;
  options.phases = 1;
  const BundleAgreement agreement = agreement_of(recorded.bundle, options);
  for (const Cell& cell : agreement.cells) {
    ASSERT_TRUE(cell.relative_error) << to_string(cell.metric);
    // Recordings are in whole microseconds, the shortest latency is 12 ms.
    EXPECT_NEAR(*cell.relative_error, 0, 1e-4) << to_string(cell.metric);
  }
}

// The server behind a proxy needs for each request what the recording says of it.
TEST(Simulate, AgreesWithARecordingOfItselfBehindNginx) {
  RecordingFiles files = busy_recording("{}");
  const std::string part = R"("neighbours": [])";
  files.experiment.replace(files.experiment.find(part), part.size(), R"("proxy": "nginx")");
  const OnDisk original(files);
  const OnDisk recorded(recording_of(files, original.bundle, 1));
  ASSERT_TRUE(recorded.bundle.server.proxy);
  SimulationOptions options;
  options.phases = 1;
  for (const Cell& cell : agreement_of(recorded.bundle, options).cells) {
    ASSERT_TRUE(cell.relative_error) << to_string(cell.metric);
    EXPECT_NEAR(*cell.relative_error, 0, 1e-4) << to_string(cell.metric);
  }
  // 60 requests of 12 to 30 ms, 1.2 s in all.
  EXPECT_GT(recorded.bundle.cpu_per_request, milliseconds(20));
}

TEST(Simulate, AgreesWithARecordingOfItselfUnderAQuota) {
  const RecordingFiles files = busy_recording(R"({"quota_us": 60000})");
  const OnDisk original(files);
  const OnDisk recorded(recording_of(files, original.bundle, 1));
  SimulationOptions options;
  options.phases = 1;
  for (const Cell& cell : agreement_of(recorded.bundle, options).cells) {
    ASSERT_TRUE(cell.relative_error) << to_string(cell.metric);
    EXPECT_NEAR(*cell.relative_error, 0, 1e-4) << to_string(cell.metric);
  }
}

TEST(Simulate, FindsTheFactorFromTheMeasuredCpu) {
  const RecordingFiles files = busy_recording("{}");
  const OnDisk original(files);
  // The server of this recording costs 1.7 times the preset.
  const OnDisk recorded(recording_of(files, original.bundle, 1.7));
  SimulationOptions options;
  options.phases = 1;
  EXPECT_EQ(agreement_of(recorded.bundle, options).overhead_factor, 1);
  options.overhead = OverheadSource::measured;
  const BundleAgreement agreement = agreement_of(recorded.bundle, options);
  EXPECT_TRUE(agreement.cost_reached);
  // The overhead is some 0.4 ms of 21 ms: CPU per request to 2e-5 tells the factor to 1e-3.
  EXPECT_NEAR(agreement.overhead_factor, 1.7, 2e-3);
  for (const Cell& cell : agreement.cells) {
    EXPECT_NEAR(*cell.relative_error, 0, 1e-3) << to_string(cell.metric);
  }
}

TEST(Simulate, SaysWhenNoFactorGivesTheMeasuredCpu) {
  RecordingFiles files = busy_recording("{}");
  files.summary = R"({"srv_cpu_ms_per_request": 1})";  // less than the requests alone demand
  const OnDisk recorded(files);
  SimulationOptions options;
  options.phases = 1;
  options.overhead = OverheadSource::measured;
  const BundleAgreement agreement = agreement_of(recorded.bundle, options);
  EXPECT_FALSE(agreement.cost_reached);
  EXPECT_EQ(agreement.overhead_factor, 0);
}

TEST(Simulate, DrawsPhasesOfTheQuota) {
  const OnDisk recorded(busy_recording(R"({"quota_us": 60000})"));
  SimulationOptions options;
  const auto simulation = simulate(recorded.bundle, options);
  ASSERT_TRUE(simulation.ok() && simulation->has_value());
  EXPECT_EQ((*simulation)->phases.size(), 16u);
  const BundleAgreement agreement = compare(recorded.bundle, **simulation);
  for (const Cell& cell : agreement.cells) {
    if (cell.metric != Compared::latency_mean) continue;
    EXPECT_GT(cell.phase_spread, 0);
  }
}

TEST(Simulate, DoesNotDependOnTheNumberOfThreads) {
  const OnDisk recorded(busy_recording(R"({"quota_us": 60000})"));
  SimulationOptions options;
  const auto one = simulate(recorded.bundle, options);
  options.jobs = 3;
  const auto three = simulate(recorded.bundle, options);
  ASSERT_TRUE(one.ok() && three.ok());
  EXPECT_EQ((*one)->phases, (*three)->phases);
  options.seed = 2;
  const auto other = simulate(recorded.bundle, options);
  EXPECT_NE((*one)->phases, (*other)->phases);
}

TEST(Simulate, ReportsDemandsThatAreNoNumbers) {
  RecordingFiles files = small_recording();
  files.requests = "sched_us,done_us,lat_us,err,path\n5,9,4,0,/w?cpu=much\n";
  const OnDisk recorded(files);
  const auto simulation = simulate(recorded.bundle, {});
  ASSERT_FALSE(simulation.ok());
  EXPECT_NE(render(simulation.diagnostics(), "run").find("\"much\""), std::string::npos);
}

TEST(Simulate, EndsWhenItIsStopped) {
  const OnDisk recorded(busy_recording("{}"));
  const std::atomic<bool> stop{true};
  SimulationOptions options;
  options.stop = &stop;
  for (const OverheadSource source : {OverheadSource::fixed, OverheadSource::measured}) {
    options.overhead = source;
    const auto simulation = simulate(recorded.bundle, options);
    ASSERT_TRUE(simulation.ok());
    EXPECT_FALSE(simulation->has_value());
  }
}

}  // namespace
}  // namespace cotenant

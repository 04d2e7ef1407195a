// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/class_latencies.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "models/machine/machine.h"
#include "scenarios/compile.h"
#include "sim/random/stream.h"
#include "study/replicate.h"
#include "validation/calibration/captured_scenario.h"
#include "validation/calibration/windows.h"

namespace cotenant {
namespace {

Percentiles percentiles_of(std::vector<Duration> latencies) {
  Percentiles percentiles{};
  if (latencies.size() < kLeastRequests) return percentiles;
  std::sort(latencies.begin(), latencies.end());
  for (std::size_t i = 0; i < percentiles.size(); ++i) {
    const double position = kComparedPercentiles[i] * static_cast<double>(latencies.size());
    const auto index = std::min(static_cast<std::size_t>(position), latencies.size() - 1);
    percentiles[i] = in_seconds(latencies[index]);
  }
  return percentiles;
}

// Those that were answered without an error, which is what simulated ones are.
bool counts(const CapturedRequest& request) {
  return request.status >= 100 && request.status < 500;
}

using ByClass = std::vector<std::vector<Duration>>;

ByClass latencies_of(const Capture& capture, std::size_t first, std::size_t last) {
  ByClass latencies(capture.classes.size());
  for (std::size_t r = first; r < last; ++r) {
    const CapturedRequest& request = capture.requests[r];
    if (counts(request)) latencies[request.class_index].push_back(request.done - request.arrival);
  }
  return latencies;
}

std::vector<Percentiles> percentiles_of(ByClass latencies) {
  std::vector<Percentiles> classes;
  for (auto& of_class : latencies) classes.push_back(percentiles_of(std::move(of_class)));
  return classes;
}

// The bounds of stretches in the list of requests.
std::vector<std::size_t> stretches_of(const Capture& capture) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t r = 0; r < capture.requests.size(); ++r) {
    const std::int64_t stretch = capture.requests[r].arrival.count() / kStretch.count();
    while (starts.size() <= static_cast<std::size_t>(stretch)) starts.push_back(r);
  }
  starts.push_back(capture.requests.size());
  return starts;
}

std::size_t number_of(const std::string& name) {
  std::size_t number = 0;
  std::from_chars(name.data(), name.data() + name.size(), number);
  return number;
}

// Of the service's group, over a run.
double cpu_of(const Blueprint& blueprint, const RunRecord& record) {
  const IdVector<GroupId, std::string>& names = blueprint.machines[kHardware].group_names;
  for (std::uint32_t g = 0; g < names.size(); ++g) {
    if (names[GroupId(g)] != kCapturedGroup) continue;
    return in_seconds(record.machines[kHardware].groups[GroupId(g)].usage);
  }
  return 0;
}

}  // namespace

ClassLatencies captured_latencies(const Capture& capture) {
  ClassLatencies result;
  result.classes = percentiles_of(latencies_of(capture, 0, capture.requests.size()));
  const GroupSeries* group = find_group(capture, capture.server.group);
  if (group != nullptr && !group->samples.empty()) {
    result.cpu = in_seconds(group->samples.back().cpu - group->samples.front().cpu);
  }
  return result;
}

std::vector<ClassLatencies> resampled_latencies(const Capture& capture, std::uint64_t seed,
                                                std::uint64_t resamples) {
  const std::vector<std::size_t> starts = stretches_of(capture);
  const std::size_t stretches = starts.size() - 1;
  const Stream stream = Stream::keyed(seed, 0, "capture", capture.name);
  std::vector<ClassLatencies> results;
  for (std::uint64_t draw = 0; draw < resamples; ++draw) {
    Draws draws = stream.at(draw);
    ByClass latencies(capture.classes.size());
    for (std::size_t s = 0; s < stretches; ++s) {
      const std::size_t at = draws.next_below(stretches);
      const ByClass part = latencies_of(capture, starts[at], starts[at + 1]);
      for (std::size_t c = 0; c < part.size(); ++c) {
        latencies[c].insert(latencies[c].end(), part[c].begin(), part[c].end());
      }
    }
    results.push_back({percentiles_of(std::move(latencies)), 0});
  }
  return results;
}

Checked<std::optional<SimulatedLatencies>> simulated_latencies(const Scenario& scenario,
                                                               const std::filesystem::path& folder,
                                                               std::size_t classes,
                                                               const CalibrationOptions& options) {
  const auto blueprints = compile(scenario, folder);
  if (!blueprints) return blueprints.diagnostics();
  RunOptions run;
  run.seed = options.seed;
  run.recorder.horizon = Instant() + scenario.study.duration;
  run.cancel = options.stop;
  const auto records = replicate({*blueprints, run, 0, options.phases, options.jobs, nullptr});
  SimulatedLatencies result;
  result.mean.classes.resize(classes);
  result.phase_variance.resize(classes);
  const auto phases = static_cast<double>(records.size());
  const Blueprint& blueprint = blueprints->front();
  for (const auto& record : records) {
    if (!record || options.stopped()) return std::optional<SimulatedLatencies>();
    result.mean.cpu += cpu_of(blueprint, *record) / phases;
    for (std::uint32_t c = 0; c < record->classes.size(); ++c) {
      const std::size_t number = number_of(blueprint.classes[ClassId(c)].name);
      const Histogram& latency = record->classes[ClassId(c)].latency;
      if (latency.empty()) continue;
      for (std::size_t i = 0; i < kComparedPercentiles.size(); ++i) {
        const double value = in_seconds(latency.quantile(kComparedPercentiles[i]));
        result.mean.classes[number][i] += value / phases;
        result.phase_variance[number][i] += value * value / phases;
      }
    }
  }
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t i = 0; i < kComparedPercentiles.size(); ++i) {
      const double mean = result.mean.classes[c][i];
      double& variance = result.phase_variance[c][i];
      variance = mean > 0 ? std::max(variance / (mean * mean) - 1, 0.0) : 0;
    }
  }
  return std::optional(std::move(result));
}

}  // namespace cotenant

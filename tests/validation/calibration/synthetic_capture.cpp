// SPDX-License-Identifier: Apache-2.0
#include "tests/validation/calibration/synthetic_capture.h"

#include <algorithm>
#include <cmath>

#include "sim/random/sampler.h"

namespace cotenant {
namespace {

Duration rounded(double seconds) {
  return Duration(static_cast<std::int64_t>(seconds * 1e9 + 0.5));
}

// CPU per second of the group, to which requests add.
class Meter {
 public:
  explicit Meter(const SyntheticOptions& options)
      : used_(static_cast<std::size_t>(options.seconds), options.background) {}

  void spend(double from, double until, double cpu) {
    for (double at = from; at < until;) {
      const auto second = static_cast<std::size_t>(at);
      const double end = std::min(until, static_cast<double>(second) + 1);
      if (second < used_.size()) used_[second] += cpu * (end - at) / (until - from);
      at = end;
    }
  }

  std::vector<GroupSample> samples() const {
    std::vector<GroupSample> all(1);
    double sum = 0;
    for (const double second : used_) {
      sum += second;
      GroupSample sample;
      sample.at = seconds(static_cast<std::int64_t>(all.size()));
      sample.cpu = CpuTime(rounded(sum).count());
      all.push_back(sample);
    }
    return all;
  }

 private:
  std::vector<double> used_;
};

double share_of_period(const SyntheticOptions& options, std::size_t k, int period) {
  const auto entity = options.together ? "all" : options.classes[k].name;
  Draws draws =
      Stream::keyed(options.seed, 0, "mix", entity).at(static_cast<std::uint64_t>(period));
  return std::max(0.0, 1 + options.mix_cv * std::sqrt(3.0) * (2 * draws.next_unit() - 1));
}

void add_class(const SyntheticOptions& options, std::size_t k, Capture& capture, Meter& meter) {
  const SyntheticClass& type = options.classes[k];
  const Stream stream = Stream::keyed(options.seed, 1, "requests", type.name);
  const Sampler demands(type.cv > 0 ? Law(law::Gamma{type.demand, type.cv})
                                    : Law(law::Constant{type.demand}));
  double due = 0;  // in requests
  double at = 0;
  for (std::uint64_t i = 0;; ++i) {
    Draws draws = stream.at(i);
    due = -std::log(draws.next_unit());
    // Uses up the rates of the periods that pass until it comes.
    while (at < options.seconds) {
      const int period = static_cast<int>(at) / options.period;
      const double rate = type.rate * share_of_period(options, k, period);
      const double end = static_cast<double>(period + 1) * options.period;
      if (rate * (end - at) > due) {
        at += due / rate;
        break;
      }
      due -= rate * (end - at);
      at = end;
    }
    if (at >= options.seconds) return;
    const double cpu = demands.draw(draws);
    CapturedRequest request;
    request.arrival = rounded(at);
    request.done = rounded(at + options.stretch * cpu);
    request.class_index = static_cast<std::uint32_t>(k);
    request.status = 200;
    if (options.request_cpu) request.cpu = CpuTime(rounded(cpu).count());
    capture.requests.push_back(request);
    meter.spend(at, at + options.stretch * cpu, cpu);
  }
}

}  // namespace

Capture synthetic_capture(const SyntheticOptions& options) {
  Capture capture;
  capture.name = "synthetic";
  capture.origin = "a test";
  capture.machine.cores = 4;
  capture.server = {"gunicorn-sync", "gunicorn 20.1.0", "web", 8, 1, {}, {}, {}, {}, {}};
  capture.resolution = microseconds(1);
  Meter meter(options);
  for (std::size_t k = 0; k < options.classes.size(); ++k) {
    capture.classes.push_back(options.classes[k].name);
    add_class(options, k, capture, meter);
  }
  std::stable_sort(
      capture.requests.begin(), capture.requests.end(),
      [](const CapturedRequest& a, const CapturedRequest& b) { return a.arrival < b.arrival; });
  GroupSeries series;
  series.group.name = "web";
  series.samples = meter.samples();
  capture.groups.push_back(series);
  return capture;
}

}  // namespace cotenant

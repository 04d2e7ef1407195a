// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/noise_floor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "sim/random/stream.h"

namespace cotenant {
namespace {

constexpr std::uint64_t kResamples = 200;
// As long as most busy periods of the recordings; shorter ones would take their requests for
// independent.
constexpr Duration kBlock = seconds(1);

struct Deviation {
  double sum = 0, squares = 0;
  std::uint64_t count = 0;

  void add(double value) {
    sum += value;
    squares += value * value;
    ++count;
  }
  double relative() const {
    if (count == 0) return 0;
    const double mean = sum / static_cast<double>(count);
    const double variance = squares / static_cast<double>(count) - mean * mean;
    return mean > 0 ? std::sqrt(std::max(variance, 0.0)) / mean : 0;
  }
};

// Latencies of the requests that arrive after the warm-up, by block.
std::vector<std::vector<Duration>> blocks_of(const Bundle& bundle) {
  const Duration length = bundle.load.duration - bundle.load.warmup;
  const std::int64_t count = length.count() / kBlock.count();
  std::vector<std::vector<Duration>> blocks(
      static_cast<std::size_t>(std::max<std::int64_t>(count, 0)));
  for (const MeasuredRequest& request : bundle.requests) {
    if (request.outcome != Outcome::completed || request.scheduled < bundle.load.warmup) continue;
    const std::int64_t block = (request.scheduled - bundle.load.warmup).count() / kBlock.count();
    if (block < count) blocks[static_cast<std::size_t>(block)].push_back(request.latency);
  }
  return blocks;
}

}  // namespace

std::vector<Statistics> resampled_latencies(const Bundle& bundle, std::uint64_t seed,
                                            std::uint64_t resamples) {
  const std::vector<std::vector<Duration>> blocks = blocks_of(bundle);
  std::vector<Statistics> runs;
  if (blocks.size() < kLeastBlocks) return runs;
  const Stream stream = Stream::keyed(seed, 0, "noise floor", bundle.name);
  for (std::uint64_t r = 0; r < resamples; ++r) {
    Draws draws = stream.at(r);
    std::vector<Duration> latencies;
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      const std::vector<Duration>& block = blocks[draws.next_below(blocks.size())];
      latencies.insert(latencies.end(), block.begin(), block.end());
    }
    runs.push_back(latency_statistics(std::move(latencies)));
  }
  return runs;
}

Statistics noise_floor(const Bundle& bundle, std::uint64_t seed) {
  std::array<Deviation, kCompared> deviations{};
  for (const Statistics& run : resampled_latencies(bundle, seed, kResamples)) {
    for (std::size_t m = 0; m < kCompared; ++m) deviations[m].add(run[m]);
  }
  Statistics floor{};
  for (std::size_t m = 0; m < kCompared; ++m) floor[m] = deviations[m].relative();
  return floor;
}

}  // namespace cotenant

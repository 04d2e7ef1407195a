// SPDX-License-Identifier: Apache-2.0
#include "study/warmup.h"

#include <algorithm>

#include "sim/stats/warm_up.h"

namespace cotenant {
namespace {

WarmupLength warmup_of_setup(const std::vector<std::optional<RunRecord>>& pilots, std::size_t setup,
                             std::size_t setups) {
  std::vector<std::vector<double>> series;
  Duration slice;
  for (std::size_t i = setup; i < pilots.size(); i += setups) {
    if (!pilots[i] || pilots[i]->stop != StopReason::horizon_reached) continue;
    series.push_back(pilots[i]->in_system.means());
    slice = pilots[i]->in_system.slice();
  }
  if (series.empty()) return {};
  const WarmUp warm_up = mser5(average_series(series));
  return {slice * static_cast<std::int64_t>(warm_up.observations_dropped), warm_up.reliable};
}

}  // namespace

WarmupLength warmup_from(const std::vector<std::optional<RunRecord>>& pilots, std::size_t setups) {
  WarmupLength longest;
  for (std::size_t setup = 0; setup < setups; ++setup) {
    const WarmupLength warmup = warmup_of_setup(pilots, setup, setups);
    longest.length = std::max(longest.length, warmup.length);
    longest.reliable = longest.reliable && warmup.reliable;
  }
  return longest;
}

}  // namespace cotenant

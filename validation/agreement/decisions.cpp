// SPDX-License-Identifier: Apache-2.0
#include "validation/agreement/decisions.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "sim/base/hash.h"

namespace cotenant {
namespace {

std::uint64_t job_of(const Bundle& bundle) {
  Hasher hasher;
  for (const MeasuredRequest& request : bundle.requests) {
    hasher.add_signed(request.scheduled.count());
    hasher.add(request.path);
  }
  return hasher.value();
}

const Cell* p95_of(const BundleAgreement& agreement) {
  const auto found =
      std::find_if(agreement.cells.begin(), agreement.cells.end(),
                   [](const Cell& cell) { return cell.metric == Compared::latency_p95; });
  return found == agreement.cells.end() ? nullptr : &*found;
}

Decision decide(const std::vector<const Cell*>& cells) {
  Decision decision;
  for (const Cell* cell : cells) decision.candidates.push_back(cell->bundle);
  const auto lowest = [&](auto value) {
    return *std::min_element(cells.begin(), cells.end(),
                             [&](const Cell* a, const Cell* b) { return value(*a) < value(*b); });
  };
  const Cell* chosen = lowest([](const Cell& cell) { return cell.predicted; });
  const Cell* best = lowest([](const Cell& cell) { return cell.measured; });
  decision.chosen = chosen->bundle;
  decision.best = best->bundle;
  const double noise = 2 * (chosen->noise_floor + best->noise_floor);
  decision.agrees = chosen->measured <= best->measured * (1 + noise);
  return decision;
}

}  // namespace

std::vector<Decision> decisions(const std::vector<Bundle>& bundles,
                                const std::vector<BundleAgreement>& agreements) {
  // In the order of the first run of each job.
  std::vector<std::uint64_t> order;
  std::map<std::uint64_t, std::vector<const Cell*>> jobs;
  for (std::size_t i = 0; i < bundles.size() && i < agreements.size(); ++i) {
    const Cell* cell = p95_of(agreements[i]);
    if (cell == nullptr || bundles[i].load.closed) continue;
    const std::uint64_t job = job_of(bundles[i]);
    if (jobs[job].empty()) order.push_back(job);
    jobs[job].push_back(cell);
  }
  std::vector<Decision> decisions;
  for (const std::uint64_t job : order) {
    if (jobs[job].size() > 1) decisions.push_back(decide(jobs[job]));
  }
  return decisions;
}

}  // namespace cotenant

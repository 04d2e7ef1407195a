// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/oracle/models.h"

#include <utility>

namespace cotenant::oracle {

Parts parts_of(const Row& row) {
  constexpr Parts (*kFamilies[])(const Row&) = {
      single_station, ensembles,    recorded_arrivals, sharing,         priorities, tasks,
      polling,        worker_pools, closed_sources,    closed_networks, balancing,  token_buckets,
      retries,        networks,     lone_quota,        open_quota,      by_hand};
  for (const auto family : kFamilies) {
    Parts parts = family(row);
    if (!parts.empty()) return parts;
  }
  return {};
}

Parts only(Part part) {
  Parts parts;
  parts.push_back(std::move(part));
  return parts;
}

Length steady(double completions, double rate) {
  Length length;
  const double observed = completions / rate / length.replications;
  length.warmup = observed / 10;
  length.duration = observed + length.warmup;
  length.completions = completions;
  return length;
}

Length steady_in_studies(double completions, double rate) {
  constexpr int kStudies = 40;
  Length length;
  const double observed = completions / rate / kStudies;
  length.warmup = observed / 10;
  length.duration = observed + length.warmup;
  length.replications = 1;
  length.studies = kStudies;
  return length;
}

}  // namespace cotenant::oracle

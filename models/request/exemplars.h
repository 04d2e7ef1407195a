// SPDX-License-Identifier: Apache-2.0
//
// For each latency that occurs, to within 0.4 %, the first request that took so long: from these a
// face picks the request nearest to a percentile. What it occupies grows with the range of
// latencies, not with the number of requests.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/ids.h"
#include "models/request/outcome.h"
#include "models/request/request.h"
#include "sim/base/units.h"
#include "sim/stats/histogram.h"

namespace cotenant {

// A client's request, in all runs of the same seed.
struct RequestKey {
  SourceId source;
  std::uint64_t ordinal = 0;  // in its source

  friend bool operator==(const RequestKey&, const RequestKey&) = default;
};

inline RequestKey key_of(const Request& request) { return {request.source, request.ordinal}; }

struct ExemplarFilter {
  ClassId request_class;  // none: any
  Outcome outcome = Outcome::completed;
};

struct Exemplar {
  RequestKey key;
  Instant arrival;
  Duration latency;
};

class Exemplars {
 public:
  explicit Exemplars(const ExemplarFilter& filter) : filter_(filter) {}

  void record(const Request& request, Outcome outcome, Duration latency) {
    if (outcome != filter_.outcome) return;
    const bool any = filter_.request_class.is_none();
    if (!any && request.request_class != filter_.request_class) return;
    latency_.record(latency);
    const auto bucket =
        static_cast<std::size_t>(Histogram::bucket_of(static_cast<std::uint64_t>(latency.count())));
    if (bucket >= first_.size()) first_.resize(bucket + 1);
    if (!first_[bucket]) first_[bucket] = {key_of(request), request.arrival, latency};
  }

  const Histogram& latency() const { return latency_; }

  // Nothing if there is none. Of two that are equally near, the faster one.
  std::optional<Exemplar> nearest(Duration wanted) const {
    std::optional<Exemplar> best;
    const auto distance = [&](const Exemplar& exemplar) {
      return exemplar.latency < wanted ? wanted - exemplar.latency : exemplar.latency - wanted;
    };
    for (const std::optional<Exemplar>& exemplar : first_) {
      if (exemplar && (!best || distance(*exemplar) < distance(*best))) best = exemplar;
    }
    return best;
  }

 private:
  ExemplarFilter filter_;
  Histogram latency_;
  std::vector<std::optional<Exemplar>> first_;  // by bucket of the histogram
};

}  // namespace cotenant

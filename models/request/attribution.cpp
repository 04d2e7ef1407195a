// SPDX-License-Identifier: Apache-2.0
#include "models/request/attribution.h"

namespace cotenant {

void Attribution::Band::add(const Band& other) {
  requests += other.requests;
  for (std::size_t state = 0; state < kWaitStates; ++state) times[state] += other.times[state];
}

void Attribution::merge(const Attribution& other) {
  for (std::size_t i = 0; i < bands_.size(); ++i) bands_[i].add(other.bands_[i]);
}

Attribution::Band Attribution::total() const {
  Band total;
  for (const Band& band : bands_) total.add(band);
  return total;
}

void Attribution::hash_into(Hasher& hasher) const {
  for (const Band& band : bands_) {
    hasher.add(band.requests);
    cotenant::hash_into(hasher, band.times);
  }
}

}  // namespace cotenant

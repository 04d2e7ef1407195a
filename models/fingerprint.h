// SPDX-License-Identifier: Apache-2.0
//
// A run in one number, made of chosen ingredients. When a golden fingerprint changes, comparing
// again with fewer ingredients tells what kind of change it was: another order of events, other
// outcomes, or another final state only. The idea is OMNeT++'s.
#pragma once

#include <cstdint>

#include "models/event.h"
#include "models/request/outcome.h"
#include "models/request/request.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

struct Ingredients {
  bool events = false;    // every event: instant, kind, entity
  bool outcomes = true;   // every request: source, number, outcome, instant
  bool accounts = false;  // where each request's time went
  bool state = true;      // the world at the end
};

class Fingerprint {
 public:
  explicit Fingerprint(const Ingredients& ingredients = {}) : ingredients_(ingredients) {}

  const Ingredients& ingredients() const { return ingredients_; }

  void event(Instant at, const Event& event) {
    if (!ingredients_.events) return;
    hasher_.add_signed(at.ns());
    event.hash_into(hasher_);
  }
  void outcome(Instant at, const Request& request, Outcome outcome, const WaitTimes& account) {
    if (ingredients_.outcomes) {
      hasher_.add_signed(at.ns());
      hasher_.add(request.ordinal);
      hasher_.add(static_cast<std::uint64_t>(request.source.index()) << 8 |
                  static_cast<std::uint64_t>(outcome));
    }
    if (ingredients_.accounts) {
      hash_into(hasher_, account);
    }
  }
  void state(std::uint64_t world_hash) {
    if (ingredients_.state) hasher_.add(world_hash);
  }

  std::uint64_t value() const { return hasher_.value(); }

 private:
  Ingredients ingredients_;
  Hasher hasher_;
};

}  // namespace cotenant

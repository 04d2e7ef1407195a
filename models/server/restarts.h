// SPDX-License-Identifier: Apache-2.0
//
// How long it takes until a service is started again whose main process has ended: Kubernetes' and
// Docker's delays, which grow as long as it does not run well, and systemd's, which end in giving
// it up. Mechanism, sources and evidence: docs/models/restarts.md.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

struct RestartSpec {
  bool never = false;
  Duration first;                       // the delay of the first restart in a row
  Duration delay;                       // of the second one
  std::int64_t factor = 1;              // by which it grows from then on
  Duration longest;                     // and that it never exceeds
  std::optional<Duration> reset_after;  // of running; none: a row never ends
  std::uint32_t starts = 0;             // at most so many in a time; 0: any number
  Duration within;                      // that time
  Duration start;                       // of a new container, until its first process runs
};

class Restarts {
 public:
  // The delay from now on, when what was started then has ended; none: it is given up.
  std::optional<Duration> next(const RestartSpec& spec, Instant started, Instant now) {
    if (spec.never) return std::nullopt;
    if (spec.reset_after && now - started >= *spec.reset_after) row_ = 0;
    const Duration delay = row_ == 0 ? spec.first : delay_;
    delay_ = row_ == 0 ? spec.delay : grown(spec);
    ++row_;
    if (!may_start(spec, now + delay)) return std::nullopt;
    return delay;
  }

  void hash_into(Hasher& hasher) const {
    hasher.add(std::uint64_t{row_} << 32 | starts_);
    hasher.add_signed(delay_.count());
    hasher.add_signed(window_.ns());
  }

 private:
  // It cannot overflow: what is divided is the longest one.
  Duration grown(const RestartSpec& spec) const {
    if (delay_ > spec.longest / spec.factor) return spec.longest;
    return delay_ * spec.factor;
  }

  // ratelimit_below() of systemd, src/basic/ratelimit.c: a new window begins with the first start
  // after the last one.
  bool may_start(const RestartSpec& spec, Instant at) {
    if (spec.starts == 0) return true;
    if (starts_ == 0 || at - window_ > spec.within) {
      window_ = at;
      starts_ = 0;
    }
    return ++starts_ <= spec.starts;
  }

  std::uint32_t row_ = 0;  // restarts
  Duration delay_;         // of the next one
  std::uint32_t starts_ = 0;
  Instant window_;  // in which these were
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// nginx's limit_req: a leaky bucket counted in thousandths of a request, by a clock of whole
// milliseconds (ngx_http_limit_req_module.c, 1.22). One for all requests of a service.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

struct LeakyBucketSpec {
  std::int64_t rate = 0;   // thousandths of a request per second
  std::int64_t burst = 0;  // thousandths of requests that may be ahead of it
  bool delays = true;      // those are held back; otherwise they are served at once
};

class LeakyBucket {
 public:
  // How long the next request is held back; none: it is rejected.
  std::optional<Duration> admit(const LeakyBucketSpec& spec, Instant now) {
    constexpr std::int64_t kRequest = 1000;
    const std::int64_t clock = now.ns() / 1'000'000;
    if (!used_) {
      used_ = true;
      last_ = clock;
      return Duration(0);
    }
    const std::int64_t leaked = spec.rate * (clock - last_) / 1000;
    const std::int64_t excess = std::max<std::int64_t>(excess_ - leaked + kRequest, 0);
    if (excess > spec.burst) return std::nullopt;
    excess_ = excess;
    last_ = clock;
    return spec.delays ? milliseconds(excess * 1000 / spec.rate) : Duration(0);
  }

  void hash_into(Hasher& hasher) const {
    if (!used_) return;
    hasher.add_signed(excess_);
    hasher.add_signed(last_);
  }

 private:
  bool used_ = false;
  std::int64_t excess_ = 0;  // thousandths of requests
  std::int64_t last_ = 0;    // ms
};

}  // namespace cotenant

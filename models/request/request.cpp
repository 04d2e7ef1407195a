// SPDX-License-Identifier: Apache-2.0
#include "models/request/request.h"

namespace cotenant {

void Request::hash_into(Hasher& hasher) const {
  hasher.add(ordinal);
  hasher.add(source.index());
  hasher.add(request_class.index());
  hasher.add(user.index());
  hasher.add_signed(arrival.ns());
  hasher.add(static_cast<std::uint64_t>(step) << 16 |
             static_cast<std::uint64_t>(syns_dropped) << 8 | std::uint64_t{failed()} << 2 |
             std::uint64_t{ended} << 1 | std::uint64_t{at_server});
  // A first attempt adds nothing, so that retries change no fingerprint of runs without them.
  if (attempts > 1) {
    hasher.add(attempts);
    hasher.add_signed(attempted.ns());
  }
  if (!held.is_zero()) hasher.add_signed(held.count());
  if (!connection.is_none()) hasher.add(connection.index());
  hasher.add(static_cast<std::uint64_t>(state));
  hasher.add_signed(since.ns());
  cotenant::hash_into(hasher, times);
}

}  // namespace cotenant

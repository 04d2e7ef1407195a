// SPDX-License-Identifier: Apache-2.0
//
// A session: one visit of a client, who makes several requests, waits for each reply, and thinks in
// between. Its row is used again when it has ended. What it does is in sessions.h, mechanism and
// evidence in docs/models/sessions.md.
#pragma once

#include <cstdint>

#include "models/ids.h"
#include "sim/base/hash.h"
#include "sim/base/row_table.h"
#include "sim/base/units.h"
#include "sim/engine/event_set.h"

namespace cotenant {

struct Session {
  std::uint64_t ordinal = 0;  // its number in its source: the key of everything random about it
  SourceId source;
  Instant began;               // with its first request
  std::uint32_t requests = 0;  // that it has made
  std::uint64_t length = 0;    // how many it will make, where that is drawn beforehand
  std::uint32_t turn = 0;      // of its walk or script, at which it is
  Timer thinks;                // until its next request
  // Of a WebSocket on which its client sends pings: until the next one, or for the answer.
  Timer ping;
  bool awaits_pong = false;
  ConnectionId websocket;

  void hash_into(Hasher& hasher) const {
    hasher.add(ordinal);
    hasher.add(source.index());
    hasher.add_signed(began.ns());
    hasher.add(requests);
    hasher.add(length);
    hasher.add(turn);
    if (!ping.is_none()) hasher.add(std::uint64_t{awaits_pong} << 32 | websocket.index());
  }
};

using SessionTable = RowTable<SessionId, Session>;

}  // namespace cotenant

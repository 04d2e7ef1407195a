// SPDX-License-Identifier: Apache-2.0
//
// What a client and a server send each other, and how fast the client can: a row beside each row of
// the request table, in scenarios in which that matters. Plain values and arithmetic; when a
// transfer begins, and who waits for it, is in models/workload/transfers.h. Mechanism, sources and
// evidence: docs/models/slow-clients.md.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/ids.h"
#include "sim/base/hash.h"
#include "sim/base/id.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"
#include "sim/engine/event_set.h"
#include "sim/random/sampler.h"

namespace cotenant {

// Bytes that the kernel takes from a server whose client is slow: tcp_wmem[2]. Measured: of 2 MB
// nobody waited for the client (python-servers.md section 5).
inline constexpr Bytes kSendBuffer{4 << 20};

// Bytes of a request that wait at a server that has not begun to read them: the window that half of
// tcp_rmem[1] gives. Assumed, it was not measured.
inline constexpr Bytes kReceiveBuffer{64 << 10};

// Bytes that an event loop of Python takes besides, before a handler waits: uvicorn's high water
// (uvicorn/protocols/http/flow_control.py).
inline constexpr Bytes kLoopBuffer{64 << 10};

// Zero: no slower than whoever is at the other end.
using BytesPerSecond = std::int64_t;

// The client's end.
struct LinkSpec {
  BytesPerSecond upload = 0;
  BytesPerSecond download = 0;
  Duration silence;  // after it has connected, until its request begins to come

  bool is_slow() const { return upload > 0 || download > 0 || !silence.is_zero(); }
};

// Those of all clients: most are alike, and a part is slow.
struct LinksSpec {
  LinkSpec usual, slow;
  double slow_share = 0;

  bool any_slow() const { return usual.is_slow() || (slow_share > 0 && slow.is_slow()); }
};

// Of a request class, in bytes; as made by default there is none.
struct BodySpec {
  Sampler request, response;
};

// Rounded up: the last byte counts.
inline Duration time_for(Bytes bytes, BytesPerSecond bandwidth) {
  if (bandwidth == 0) return Duration(0);
  const Int128 product = Int128{bytes.count()} * seconds(1).count() + (bandwidth - 1);
  return Duration(static_cast<std::int64_t>(product / bandwidth));
}

struct Transfer {
  Bytes request, response;  // bodies
  LinkSpec link;
  Instant connected;  // when the client could begin to send
  Instant received;   // when the client has the whole reply; at zero: nobody has begun to send it
  Timer timer;        // while no server waits for the client

  // When the whole request is there, for a server that begins to read it now.
  Instant arrives(Instant now) const {
    const Instant first = connected + link.silence;
    if (link.upload == 0) return std::max(first, now);
    const Bytes window = std::min(request, kReceiveBuffer);
    if (now <= first + time_for(window, link.upload)) {
      return std::max(now, first + time_for(request, link.upload));
    }
    return now + time_for(request - window, link.upload);
  }

  void hash_into(Hasher& hasher) const {
    hasher.add_signed(request.count());
    hasher.add_signed(response.count());
    hasher.add_signed(link.upload);
    hasher.add_signed(link.download);
    hasher.add_signed(connected.ns());
    hasher.add_signed(received.ns());
  }
};

class TransferTable {
 public:
  explicit TransferTable(bool in_use) : in_use_(in_use) {}

  bool in_use() const { return in_use_; }
  // A new request, of which nothing is known yet.
  void reset(RequestId id) {
    while (rows_.size() <= id.index()) rows_.push_back({});
    rows_[id] = {};
  }
  Transfer& operator[](RequestId id) { return rows_[id]; }
  const Transfer& operator[](RequestId id) const { return rows_[id]; }
  Bytes memory() const {
    return Bytes(static_cast<std::int64_t>(rows_.capacity() * sizeof(Transfer)));
  }

 private:
  bool in_use_;
  IdVector<RequestId, Transfer> rows_;
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// What a request has to do with calls between services: a row beside each row of the request table,
// in scenarios in which services call one another.
#pragma once

#include <cstdint>
#include <vector>

#include "models/ids.h"
#include "models/service/call_spec.h"
#include "models/service/pool.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"
#include "sim/engine/event_set.h"

namespace cotenant {

struct Call {
  // The request as a call.
  RequestId caller;               // none: a client's request, or nobody waits for it any more
  CallSpecId spec;                // where it is made; none: a client's request
  std::uint32_t number = 0;       // of the calls that the caller makes there
  bool is_sent = false;           // nobody waits for it from the beginning
  RequestId twin;                 // of the two that ask the same, the other one
  std::uint32_t peer = 0;         // of a proxy: the server that it asks
  std::uint64_t tried = 0;        // and all that it has asked for this request, by bits
  bool reuses = false;            // a connection that the proxy has kept
  std::uint32_t sockets = 0;      // of a client's request: that a proxy has open for it
  LocalEnd end;                   // of its connection, that is closed after it
  Timer hedge_timer;              // until it gets a twin
  RequestId previous, next;       // others for which the caller waits
  DatabaseConnection connection;  // to a database

  // The request as a caller.
  RequestId first;          // of those for which it waits
  CallRange to_begin;       // of the step, those of which not all have begun
  std::uint32_t begun = 0;  // of the first of these
  std::uint32_t open = 0;   // that it waits for, begun or not

  // By a proxy.
  bool is_passed_on() const { return tried != 0; }

  void hash_into(Hasher& hasher) const;
};

class CallTable {
 public:
  explicit CallTable(bool in_use) : in_use_(in_use) {}

  bool in_use() const { return in_use_; }
  // A new request, of which nothing is known yet.
  void reset(RequestId id) {
    if (!in_use_) return;
    while (rows_.size() <= id.index()) rows_.push_back({});
    rows_[id] = {};
  }
  Call& operator[](RequestId id) { return rows_[id]; }
  const Call& operator[](RequestId id) const { return rows_[id]; }
  Bytes memory() const { return Bytes(static_cast<std::int64_t>(rows_.capacity() * sizeof(Call))); }

 private:
  bool in_use_;
  IdVector<RequestId, Call> rows_;
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// A proxy's view of the servers behind it: which of them gets the next request, and which is left
// alone for a while because it failed. The algorithms are nginx's, one function each
// (ngx_http_upstream_round_robin.c and its siblings, 1.22): smooth weighted round robin, least
// connections, random, and by client. A plain value: who sends what is in models/service/calls.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/ids.h"
#include "models/request/outcome.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"
#include "sim/random/stream.h"

namespace cotenant {

enum class Balance : std::uint8_t {
  round_robin,
  least_connections,
  random,
  random_two,  // of two drawn ones, that with fewer connections
  by_client,   // the same client always asks the same server, while it is there
};

struct PeerSpec {
  std::int64_t weight = 1;
  std::uint32_t max_fails = 1;        // 0: failures are not counted
  Duration fail_timeout;              // how long it is left alone, and how long failures count
  std::uint32_t max_connections = 0;  // 0: any number
};

struct UpstreamSpec {
  Balance balance = Balance::round_robin;
  std::vector<PeerSpec> peers;
  std::array<bool, kOutcomes> next_after{};  // outcomes after which the next one is asked
  std::uint32_t tries = 0;                   // servers that are asked at most; 0: all of them
  bool repeats_all = false;                  // also what is not idempotent, once it was sent
  bool buffers_requests = true;              // and asks a server when it has all of them
  bool buffers_replies = true;               // and lets the server go on at once
  std::uint32_t keep = 0;                    // idle connections to all of them, of each process
  Duration keep_longest = seconds(60);       // how long one of these may be idle
  std::uint32_t keep_requests = 1000;        // after which one is closed
};

class Upstream {
 public:
  explicit Upstream(std::size_t peers = 0) : peers_(peers) {}

  // The server for a request with this luck, which has asked those in `tried` in vain. None: all of
  // them are left alone, full or tried.
  std::optional<std::uint32_t> choose(const UpstreamSpec& spec, std::uint64_t tried, Instant now,
                                      Draws luck);

  // One that is not is never chosen.
  void set_ready(std::uint32_t peer, bool ready);

  void begin(std::uint32_t peer) { ++peers_[peer].connections; }
  void end(const UpstreamSpec& spec, std::uint32_t peer, bool failed, Instant now);
  // Without a failure.
  void end_well(std::uint32_t peer);

  void hash_into(Hasher& hasher) const;

 private:
  struct Peer {
    std::int64_t current_weight = 0;
    std::int64_t lost_weight = 0;  // by failures, regained with each choice
    std::uint32_t connections = 0;
    std::uint32_t fails = 0;
    Instant accessed, checked;  // by its latest failure, and when it was last tried after one
  };

  bool is_available(const UpstreamSpec& spec, std::uint32_t peer, std::uint64_t tried,
                    Instant now) const;
  std::uint32_t choose_from(const UpstreamSpec& spec, std::uint64_t available, Draws luck);
  std::uint32_t round_robin(const UpstreamSpec& spec, std::uint64_t available);
  std::uint32_t random_two(const UpstreamSpec& spec, std::uint64_t available, Draws luck) const;
  std::uint64_t least_loaded(const UpstreamSpec& spec, std::uint64_t available) const;

  std::vector<Peer> peers_;
  std::uint64_t unready_ = 0;  // by bits
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// The local ports from which a machine may connect to one address: each connection has one, and the
// end that closes first keeps it for a while after that (TIME_WAIT). A plain value: who connects
// and who closes is said by models/service/ports.h. Mechanism, sources and evidence:
// docs/models/sockets.md.
#pragma once

#include <cstdint>

#include "models/ids.h"
#include "models/server/bounded_queue.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

// net.ipv4.ip_local_port_range is 32768 to 60999 (linux.md section 6).
inline constexpr std::uint32_t kLocalPorts = 28'232;

// TCP_TIMEWAIT_LEN of include/net/tcp.h, and how soon a port in TIME_WAIT may be used again where
// net.ipv4.tcp_tw_reuse allows that: measured 1 s (linux.md K17).
inline constexpr Duration kTimeWait = seconds(60);
inline constexpr Duration kTimeWaitReused = seconds(1);

// net.ipv4.tcp_tw_reuse, by its numbers.
enum class TimeWaitReuse : std::uint8_t { never, always, loopback };

class LocalPorts {
 public:
  explicit LocalPorts(std::uint32_t ports = 0, Duration time_wait = kTimeWait)
      : ports_(ports), time_wait_(time_wait) {}

  // For a new connection. False: there is none.
  bool take(Instant now) {
    while (!closed_.empty() && closed_.front() <= now) closed_.pop();
    if (in_use() >= ports_) return false;
    ++open_;
    return true;
  }
  // That connection is closed, by this end first; or by the other one.
  void close(Instant now) {
    free();
    closed_.push_growing(now + time_wait_);
  }
  void free() {
    COTENANT_ASSERT(open_ > 0);
    --open_;
  }

  std::uint32_t open() const { return open_; }

  Bytes memory() const {
    return Bytes(static_cast<std::int64_t>(closed_.size() * sizeof(Instant)));
  }

  // As long as most ports are free, it makes no difference how many are.
  void hash_into(Hasher& hasher) const {
    if (in_use() < ports_ / 2) return;
    hasher.add(open_);
    closed_.for_each([&](Instant at) { hasher.add_signed(at.ns()); });
  }

 private:
  std::uint64_t in_use() const { return open_ + closed_.size(); }

  std::uint32_t ports_;
  Duration time_wait_;
  std::uint32_t open_ = 0;        // connections
  BoundedQueue<Instant> closed_;  // when the ports of others may be used again
};

using PortTable = IdVector<PortsId, LocalPorts>;

}  // namespace cotenant

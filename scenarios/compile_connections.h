// SPDX-License-Identifier: Apache-2.0
//
// Compiling scenarios, part: for how long servers keep connections, and when those that are event
// loops try again to accept one. Sources of the constants are beside them; the mechanisms are in
// docs/models/connections.md and docs/models/sockets.md.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "models/server/service.h"
#include "scenarios/descriptors.h"
#include "scenarios/scenario.h"

namespace cotenant {

// By default, since 0.16.
inline constexpr std::uint32_t kHypercornRequests = 1000;

// Others close every connection after its request.
template <class Server>
std::optional<KeepAliveSpec> keep_alive_of(const Server& server) {
  if constexpr (requires { server.keep_alive; }) {
    if (server.keep_alive.is_zero()) return std::nullopt;
    return KeepAliveSpec{server.keep_alive, std::numeric_limits<std::uint32_t>::max()};
  }
  return std::nullopt;
}
inline std::optional<KeepAliveSpec> keep_alive_of(const Nginx& server) {
  if (server.keep_alive.is_zero()) return std::nullopt;
  return KeepAliveSpec{server.keep_alive, std::numeric_limits<std::uint32_t>::max(),
                       static_cast<std::uint32_t>(server.keep_alive_requests)};
}
// keep_alive_max_requests (hypercorn/config.py), which 0.13 does not have.
inline std::optional<KeepAliveSpec> keep_alive_of(const Hypercorn& server) {
  if (server.keep_alive.is_zero()) return std::nullopt;
  KeepAliveSpec spec{server.keep_alive, std::numeric_limits<std::uint32_t>::max()};
  if (server.version != "0.13") spec.requests = kHypercornRequests;
  return spec;
}
// Connections that threads may need are not kept (max_keepalived in gthread.py).
inline std::optional<KeepAliveSpec> keep_alive_of(const GunicornGthread& server) {
  const std::int64_t most = server.worker_connections - server.threads;
  if (server.keep_alive.is_zero() || most <= 0) return std::nullopt;
  return KeepAliveSpec{server.keep_alive, static_cast<std::uint32_t>(most)};
}

// min_delay and max_delay of BaseServer (gevent/baseserver.py).
inline constexpr Duration kGeventFirstRetry = milliseconds(10), kGeventLastRetry = seconds(1);

// accept_mutex_delay of nginx, also how long it does not accept without a descriptor
// (ngx_event_accept.c).
inline constexpr Duration kNginxRetry = milliseconds(500);

// ACCEPT_RETRY_DELAY of asyncio, which tries as often as it would accept. In a scenario in which
// the server costs nothing that costs nothing, too.
template <class Loops>
AcceptRetrySpec accept_retry_of(const Loops& server) {
  const bool is_free = server.overhead.preset == "none";
  return {seconds(1), seconds(1), is_free ? CpuTime(0) : kFailedAcceptCpu * server.backlog};
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_proxy.h"

#include <algorithm>

namespace cotenant {
namespace {

Balance balance_named(const std::string& name) {
  if (name == "least_conn") return Balance::least_connections;
  if (name == "random") return Balance::random;
  if (name == "random_two") return Balance::random_two;
  if (name == "ip_hash") return Balance::by_client;
  return Balance::round_robin;
}

// nginx counts in thousandths of a request.
constexpr std::int64_t kRequest = 1000;

// Connections to servers that a process keeps since 1.29.7
// (ngx_http_upstream_keepalive_module.c).
constexpr std::int64_t kKeptByDefault = 32;

}  // namespace

UpstreamSpec compile_upstream(const Nginx& proxy) {
  UpstreamSpec spec;
  spec.balance = balance_named(proxy.balance);
  for (const auto& [name, server] : proxy.upstream) {
    spec.peers.push_back({server.weight, static_cast<std::uint32_t>(server.max_fails),
                          server.fail_timeout, static_cast<std::uint32_t>(server.max_conns)});
  }
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    spec.next_after[i] =
        std::find(proxy.next_upstream.begin(), proxy.next_upstream.end(),
                  to_string(as_seen(static_cast<Outcome>(i)))) != proxy.next_upstream.end();
  }
  spec.tries = static_cast<std::uint32_t>(proxy.next_upstream_tries);
  spec.repeats_all = std::find(proxy.next_upstream.begin(), proxy.next_upstream.end(),
                               "non_idempotent") != proxy.next_upstream.end();
  spec.buffers_requests = proxy.request_buffering;
  spec.buffers_replies = proxy.response_buffering;
  const std::int64_t by_default = proxy.version == "1.22" ? 0 : kKeptByDefault;
  spec.keep = static_cast<std::uint32_t>(proxy.upstream_keep_alive.value_or(by_default));
  spec.keep_longest = proxy.upstream_keep_alive_timeout;
  spec.keep_requests = static_cast<std::uint32_t>(proxy.upstream_keep_alive_requests);
  return spec;
}

ProxySpec compile_proxy(const Nginx& proxy, UpstreamId upstream) {
  ProxySpec spec;
  spec.upstream = upstream;
  spec.largest_request = proxy.client_max_body_size;
  spec.header_timeout = proxy.client_header_timeout;
  spec.read_timeout = proxy.read_timeout;
  spec.worker_connections = static_cast<std::uint32_t>(proxy.worker_connections);
  if (const auto& limit = proxy.limit_req) {
    const double rate = limit->rate.per_second * static_cast<double>(kRequest);
    spec.rate_limit =
        LeakyBucketSpec{std::max<std::int64_t>(static_cast<std::int64_t>(rate + 0.5), 1),
                        limit->burst * kRequest, !limit->nodelay};
  }
  if (proxy.limit_concurrency) {
    spec.limit_connections = static_cast<std::uint32_t>(*proxy.limit_concurrency);
  }
  return spec;
}

}  // namespace cotenant

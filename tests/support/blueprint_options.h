// SPDX-License-Identifier: Apache-2.0
//
// What BlueprintBuilder can be told of servers and calls, with defaults for all of it.
#pragma once

#include <cstdint>
#include <optional>

#include "models/blueprint.h"

namespace cotenant {

struct ServiceOptions {
  std::uint32_t workers = 1;
  std::uint32_t accept_queue_capacity = 2049;
  std::optional<std::uint32_t> limit_concurrency = std::nullopt;
  OverheadSpec overhead = {};
  GroupId group = kRootGroup;
  std::int64_t weight = 1024;
  MachineId machine = kHardware;
  ArbiterSpec arbiter = {};
};

struct GthreadOptions {
  std::uint32_t processes = 1;
  std::uint32_t threads = 2;
  std::uint32_t connections = 1000;
  std::uint32_t accept_queue_capacity = 2049;
  OverheadSpec overhead = {};
  std::optional<GilSpec> gil = GilSpec{milliseconds(5), CpuTime(1)};
  ArbiterSpec arbiter = {};
  std::optional<KeepAliveSpec> keep_alive = std::nullopt;
};

struct LoopOptions {
  std::uint32_t processes = 1;
  std::uint32_t threads = 2;
  std::uint32_t accept_queue_capacity = 2049;
  std::optional<std::uint32_t> limit_concurrency = std::nullopt;
  OverheadSpec overhead = {};
  std::optional<GilSpec> gil = GilSpec{milliseconds(5), CpuTime(1)};
  ArbiterSpec arbiter = {};
  std::optional<KeepAliveSpec> keep_alive = std::nullopt;
  std::optional<HubSpec> hub = std::nullopt;
  bool counts_when_read = false;
  bool stops_at_once = false;
  std::optional<Duration> grace = std::nullopt;
  AcceptRetrySpec accept_retry = {};
};

// Processes of threads that accept for themselves.
struct LeaderFollowersOptions {
  std::uint32_t processes = 1;
  std::uint32_t threads = 2;
  bool one_leader = false;
  std::uint32_t accept_queue_capacity = 101;
  OverheadSpec overhead = {};
  std::optional<GilSpec> gil = std::nullopt;
  ArbiterSpec arbiter = {};
  TimedRequests timed = TimedRequests::latest;
  bool ends_overdue = false;
  Duration youngest = {};
  Duration grace = {};
  Duration patience = seconds(60);
  std::optional<Duration> queue_timeout = std::nullopt;
  std::optional<CheaperSpec> cheaper = std::nullopt;
  std::optional<Duration> connect_timeout = std::nullopt;
};

struct OnDemandOptions {
  std::uint32_t workers = 6;
  std::uint32_t least = 0;
  std::uint32_t queue = 100;
  bool one_request = false;
  std::optional<Duration> idle_time = std::nullopt;
  OverheadSpec overhead = {};
  ArbiterSpec arbiter = {};
};

struct ExternalOptions {
  std::optional<std::uint32_t> limit_concurrency = std::nullopt;
  std::optional<TokenBucket> rate_limit = std::nullopt;
};

struct PostgresOptions {
  std::uint32_t backends = 97;
  CpuTime connect = CpuTime(0);
  Duration recovery = {};
  // A pgbouncer: its connections, those to it, and how long a query waits.
  std::optional<std::uint32_t> bouncer_size = std::nullopt;
  std::uint32_t bouncer_clients = 100;
  std::optional<Duration> bouncer_timeout = std::nullopt;
};

struct CeleryOptions {
  std::uint32_t instances = 1;
  std::uint32_t concurrency = 1;
  std::uint32_t prefetch_multiplier = 4;
  bool acks_late = false;
  bool reject_on_worker_lost = false;
  std::optional<Duration> time_limit = std::nullopt;
  std::uint32_t max_tasks_per_child = 0;
  CpuTime task_cpu = CpuTime(0);
  CpuTime boot = CpuTime(0);
  std::uint32_t urgencies = 1;
  std::optional<Duration> visibility_timeout = std::nullopt;
};

struct PollerOptions {
  std::uint32_t workers = 1;
  std::uint32_t queues = 1;
  bool first_again = false;
  Takes takes = Takes::one;
  std::uint32_t limit = 1000;
  Law visit_cpu = law::Constant{0};
  Law visit = law::Constant{0};
  std::optional<Law> pause = std::nullopt;
  std::optional<Duration> every = std::nullopt;
  CpuTime task_cpu = CpuTime(0);
  CpuTime boot = CpuTime(0);
};

struct PoolOptions {
  std::uint32_t size = 5;
  std::uint32_t overflow = 10;
  std::optional<Duration> timeout = seconds(30);
};

struct CallOptions {
  std::uint32_t operation = 0;
  std::uint32_t count = 1;
  bool parallel = false;
  double probability = 1;
  bool failure_is_ignored = false;
  std::optional<Duration> timeout = std::nullopt;
  std::optional<RetrySpec> retries = std::nullopt;
  std::optional<Duration> hedge_after = std::nullopt;
  bool is_sent = false;
};

}  // namespace cotenant

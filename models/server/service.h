// SPDX-License-Identifier: Apache-2.0
//
// The compiled form of a service: a listening socket, and one of the kinds of servers behind it.
// What a kind does is in the file of that name; models/server/server.h chooses between them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>

#include "models/ids.h"
#include "models/machine/machine.h"
#include "models/memory/spec.h"
#include "models/python/gil.h"
#include "models/request/outcome.h"
#include "models/server/cheaper.h"
#include "models/server/leaky_bucket.h"
#include "models/server/overhead.h"
#include "models/server/restarts.h"
#include "models/server/token_bucket.h"
#include "models/service/kept_spec.h"
#include "models/service/pool_spec.h"
#include "sim/random/sampler.h"

namespace cotenant {

// How often the arbiter looks for workers that hang (gunicorn/arbiter.py, sleep()).
inline constexpr Duration kArbiterPeriod = seconds(1);

// When a worker process that has ended is replaced: gunicorn's main process is told by a signal,
// uvicorn's looks now and then since 0.30, and did not before.
// hypercorn's since 0.16 waits for just that.
enum class Replaces : std::uint8_t { at_once, when_it_looks, never, on_exit };

// How often uvicorn's main process looks (uvicorn/supervisors/multiprocess.py, run()).
inline constexpr Duration kSupervisorPeriod = milliseconds(500);

// The main process of a server, which replaces worker processes: docs/models/arbiter.md.
struct ArbiterSpec {
  std::optional<Duration> timeout;  // of a worker that does not report; none: it may hang for ever
  bool times_requests = false;      // the timeout is one of requests in a process instead
  Outcome victim = Outcome::reset;  // what the client of a killed worker gets
  std::uint32_t max_requests = 0;   // that a process serves before it is replaced; 0: any number
  std::uint32_t max_requests_jitter = 0;  // drawn for each process, and added
  std::uint32_t max_requests_delta = 0;   // more for each place than for the one before
  CpuTime boot;                           // until a new process can accept
  CpuTime preload;                        // the main process first, before it forks any
  bool is_main = false;                   // the only process: nobody else looks after it
  bool may_crash = false;                 // a process may die in the middle of a request
  bool dies_with_any = false;             // then all of them do, for good
  Replaces replaces = Replaces::at_once;
  Duration looks_every = kSupervisorPeriod;  // when_it_looks
};

// How long a process keeps a connection on which nothing comes, and how many idle ones at most:
// docs/models/connections.md.
struct KeepAliveSpec {
  Duration longest;
  std::uint32_t most = 0;
  std::uint32_t requests = std::numeric_limits<std::uint32_t>::max();  // then it is closed
};

// gunicorn's sync workers: docs/models/sync-workers.md.
struct SyncSpec {
  WorkerId first_worker;
  std::uint32_t workers = 1;
  OverheadSpec overhead;
  ArbiterSpec arbiter;
};

// gunicorn's gthread workers: docs/models/gthread.md.
struct GthreadSpec {
  ProcessId first_process;
  std::uint32_t processes = 1;
  std::uint32_t threads = 1;         // that serve requests, in each process
  std::uint32_t connections = 1000;  // that a process holds at most
  OverheadSpec overhead;
  ArbiterSpec arbiter;
};

// What makes an event loop a proxy, which passes each request on: docs/models/nginx.md.
struct ProxySpec {
  UpstreamId upstream;
  std::optional<LeakyBucketSpec> rate_limit;
  std::optional<std::uint32_t> limit_connections;  // more at once are answered 503
  // Of each process, to clients and servers together.
  std::uint32_t worker_connections = std::numeric_limits<std::uint32_t>::max();
  // File descriptors that its own leave for connections.
  std::uint32_t descriptors = std::numeric_limits<std::uint32_t>::max();
  Bytes largest_request;  // body; zero: any size
  // A client that has sent nothing for so long after it has connected is closed.
  Duration header_timeout = seconds(60);
  Duration read_timeout;  // a WebSocket on which nothing comes for so long is closed
};

// What an event loop does that finds no file descriptor for a connection: it listens no more, and
// again after a pause, which doubles.
struct AcceptRetrySpec {
  Duration shortest = seconds(1), longest = seconds(1);
  CpuTime cost;  // of failing
};

// What makes an event loop the hub of gunicorn's gevent worker: docs/models/gevent.md.
struct HubSpec {
  std::uint32_t connections = 1000;  // that a process holds at most
  std::uint32_t accepts = 100;       // of connections, at each look
};

// The event loops of uvicorn and hypercorn, and their pools of threads: docs/models/event-loop.md.
struct LoopSpec {
  ProcessId first_process;
  std::uint32_t processes = 1;
  std::uint32_t threads = 0;  // of each process, for handlers that are not asynchronous
  OverheadSpec overhead;
  ArbiterSpec arbiter;
  std::optional<ProxySpec> proxy;
  std::optional<HubSpec> hub;
  bool counts_when_read = false;  // requests, towards max_requests; otherwise when it replies
  bool stops_at_once = false;     // having served enough, without waiting for a tick
  std::optional<Duration> grace;  // to finish what it holds when it stops; none: any time
  AcceptRetrySpec accept_retry{};
  std::optional<Duration> ping_interval{};  // between pings on a WebSocket; none: it sends none
};

// Which requests of a process its timeout is about.
enum class TimedRequests : std::uint8_t {
  latest,   // uWSGI: the one that has begun last, until any of them is over
  average,  // mod_wsgi: all of them, by the average over all threads
};

// Threads of a process that accept for themselves, one at a time: docs/models/uwsgi.md and
// docs/models/mod-wsgi.md.
struct LeaderFollowersSpec {
  ProcessId first_process;
  std::uint32_t processes = 1;
  std::uint32_t threads = 1;  // of each process; all of them serve
  bool one_leader = false;    // of all processes together, instead of one in each
  OverheadSpec overhead;
  ArbiterSpec arbiter;
  TimedRequests timed = TimedRequests::latest;
  bool ends_overdue = false;        // a process that is overdue is told to end, instead of killed
  Duration youngest = {};           // age at which a process may be replaced
  Duration grace = {};              // in which one that has served enough goes on while it is busy
  Duration patience = seconds(60);  // of a process that is to end, until it is killed
  std::optional<Duration> queue_timeout;  // who was accepted later is answered 504
  std::optional<CheaperSpec> cheaper;     // none: all processes are there all the time
  Bytes reload_on_rss = kNoLimit;         // a process that is so large after a request is replaced
};

// Processes that are started when they are needed: docs/models/on-demand.md.
struct OnDemandSpec {
  WorkerId first_worker;
  std::uint32_t workers = 1;          // the most processes
  std::uint32_t least = 0;            // that are kept, and there at first
  bool one_request = false;           // a process for each request; otherwise it stays
  std::optional<Duration> idle_time;  // until one that has nothing to do ends
  OverheadSpec overhead;
  ArbiterSpec arbiter;
};

// An API elsewhere on the Internet: docs/models/services.md, as are the next two.
struct ExternalSpec {
  std::optional<TokenBucket> rate_limit;  // as it is at first
};

// Redis.
struct RedisSpec {
  WorkerId worker;  // the thread that executes commands
  std::uint32_t max_clients = 10'000;
};

// PostgreSQL, and a pgbouncer in front of it.
struct PostgresSpec {
  WorkerId first_backend;
  std::uint32_t backends = 97;  // connections that are not reserved
  CpuTime connect;              // of a new backend, until it can execute a query
  Duration recovery;            // after a backend has been killed, until it lets anybody connect
  PoolId bouncer;               // none: callers connect to the database itself
  std::uint32_t bouncer_clients = 100;
};

// Celery, and the broker before it: docs/models/background.md.
struct CelerySpec {
  WorkerId first_child;
  std::uint32_t instances = 1;         // workers, each a main process with a pool
  std::uint32_t concurrency = 1;       // processes of each pool
  std::uint32_t prefetch = 4;          // messages that a worker may hold unacknowledged
  std::uint32_t urgencies = 1;         // priorities that its tasks have
  bool acks_late = false;              // once a task is over, instead of when it begins
  bool reject_on_worker_lost = false;  // a task whose process died is delivered again
  std::optional<Duration> time_limit;
  std::optional<Duration> visibility_timeout;  // of its broker; none: it waits for ever
  std::uint32_t max_tasks_per_child = 0;       // 0: any number
  CpuTime task_cpu;                            // of Celery itself, for each task
  CpuTime boot;                                // of a new process, until it can work
};

// What a poller takes from a queue at a visit.
enum class Takes : std::uint8_t {
  one,         // the first task
  gated,       // all those that are there, up to a limit
  exhaustive,  // the next one, until none is left
};

// Processes that look for work themselves: docs/models/pollers.md.
struct PollerSpec {
  WorkerId first_worker;
  std::uint32_t workers = 1;
  std::uint32_t queues = 1;
  bool first_again = false;  // after a visit that found something: queues have priorities
  Takes takes = Takes::one;
  std::uint32_t limit = 1;        // of what is gated
  Sampler visit_cpu, visit;       // computing first, then waiting, at each visit
  std::optional<Sampler> pause;   // after a cycle that found nothing; none: the next one begins
  std::optional<Duration> every;  // instead: a new process for each cycle, started so often
  CpuTime task_cpu;               // for each task, before its steps
  CpuTime boot;                   // of a new process
};

// Of services whose processes nobody looks after.
inline const ArbiterSpec kNoArbiter;

// What a web server before a service keeps from it of slow clients.
enum class Front : std::uint8_t {
  nothing,      // there is none, or it is a service of its own
  waits,        // until the request begins to come
  keeps_bodies  // it reads the request to its end, and takes the whole reply at once
};

// What a platform does with a service that nobody has asked for: docs/models/platforms.md.
struct IdleStopSpec {
  Duration after;  // since the last request
  Duration start;  // until its first process begins to boot
};

// How a kubelet asks a service whether it is well: docs/models/platforms.md.
enum class ProbeKind : std::uint8_t {
  startup,    // the others begin when it has passed
  liveness,   // who fails it is told to end, and begins anew; so is who fails the first
  readiness,  // who fails it gets no new connections
};
struct ProbeSpec {
  ProbeKind kind;
  CallSpecId call;                            // what is asked, and how long it may take
  Duration delay;                             // since the start of the container
  Duration period;                            // from one to the next
  std::uint32_t successes = 1, failures = 3;  // in a row, until they count
};

struct ServiceSpec {
  std::string name;
  MachineId machine = kHardware;               // none: it is elsewhere
  bool unix_socket = false;                    // instead of TCP
  std::uint32_t accept_queue_capacity = 2049;  // min(backlog, somaxconn) + 1
  // Of a web server that connects for its clients; none: they connect themselves.
  std::optional<Duration> connect_timeout;
  std::optional<std::uint32_t> limit_concurrency;
  // EP of CloudLinux: requests with it at once, queued ones included; one more is answered 508.
  std::optional<std::uint32_t> entry_processes;
  std::optional<KeepAliveSpec> keep_alive;  // none: it closes each connection after its reply
  Front front = Front::nothing;
  // Once its main process has ended. None: nobody starts it again, and what connects waits.
  std::optional<RestartSpec> restart{};
  std::optional<IdleStopSpec> idle_stop{};  // none: its platform lets it run
  std::vector<ProbeSpec> probes{};
  Duration grace{};  // from SIGTERM to SIGKILL, when a probe says that it has to end
  std::variant<SyncSpec, GthreadSpec, LoopSpec, LeaderFollowersSpec, OnDemandSpec, ExternalSpec,
               RedisSpec, PostgresSpec, CelerySpec, PollerSpec>
      server;

  // Null where all that a request costs is in its steps.
  const OverheadSpec* overhead() const {
    return std::visit(
        [](const auto& kind) -> const OverheadSpec* {
          if constexpr (requires { kind.overhead; }) return &kind.overhead;
          return nullptr;
        },
        server);
  }

  const ArbiterSpec& arbiter() const {
    return std::visit(
        [](const auto& kind) -> const ArbiterSpec& {
          if constexpr (requires { kind.arbiter; }) {
            return kind.arbiter;
          } else {
            return kNoArbiter;
          }
        },
        server);
  }

  // Requests that it holds at most, besides those in the accept queue; none: any number.
  std::optional<std::uint64_t> places() const {
    if (const auto* sync = std::get_if<SyncSpec>(&server)) return sync->workers;
    if (const auto* on_demand = std::get_if<OnDemandSpec>(&server)) return on_demand->workers;
    if (const auto* postgres = std::get_if<PostgresSpec>(&server)) return postgres->backends;
    if (std::holds_alternative<RedisSpec>(server)) return 1;
    if (const auto* team = std::get_if<LeaderFollowersSpec>(&server)) {
      return std::uint64_t{team->processes} * team->threads;
    }
    const auto* loops = std::get_if<LoopSpec>(&server);
    if (loops != nullptr && loops->hub) {
      return std::uint64_t{loops->processes} * loops->hub->connections;
    }
    const auto* gthread = std::get_if<GthreadSpec>(&server);
    if (gthread == nullptr) return std::nullopt;
    return std::uint64_t{gthread->processes} * gthread->connections;
  }
};

// What serves one request at a time: a sync worker, a process that is started on demand, the thread
// of a Redis, a backend of a PostgreSQL, a process of Celery's pool, or a poller.
struct WorkerSpec {
  ServiceId service;
  TaskRef task;
  PoolRange pools{};
  ResidentId resident{};        // none: its memory does not count
  HeapId heap{};                // none: nor do its garbage collections
  DescriptorsId descriptors{};  // none: those that it opens are not counted
  KeptRange kept{};
};

// A process with several threads: the first accepts, the others serve. The first may also be an
// event loop that serves, or one of several that accept and serve.
struct ProcessSpec {
  ServiceId service;
  ThreadId main;
  std::optional<GilSpec> gil;  // none: a build without the lock
  bool one_thread = false;     // nobody else wants the lock
  PoolRange pools{};
  ResidentId resident{};        // as of a worker
  HeapId heap{};                // the same
  DescriptorsId descriptors{};  // the same; of a proxy see its ProxySpec
  KeptRange kept{};
};

// Of a database: held by one of its backends at a time.
struct LockSpec {
  std::string name;
  ServiceId service;
};

struct ThreadSpec {
  ProcessId process;
  TaskRef task;
};

}  // namespace cotenant

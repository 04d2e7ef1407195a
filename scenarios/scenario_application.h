// SPDX-License-Identifier: Apache-2.0
//
// What a scenario says about the application: its services, and the servers that they run on. A
// part of scenarios/scenario.h, which says what holds for all of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scenarios/duration_law.h"
#include "scenarios/named.h"
#include "scenarios/scenario_workload.h"
#include "sim/base/units.h"

namespace cotenant {

// CPU cost of one phase of serving a request: hot right after the process last ran, cold a while
// later.
struct PhaseCost {
  CpuTime hot, cold;
  friend bool operator==(const PhaseCost&, const PhaseCost&) = default;
};

// CPU that the server itself spends. The preset gives values with their origin; each may be
// overridden.
struct Overhead {
  std::string preset = "gunicorn-20.1-sync";
  std::optional<PhaseCost> accept;         // before the application runs
  std::optional<PhaseCost> respond;        // after it, before the client has the reply
  std::optional<PhaseCost> finish;         // after the reply: costs capacity, not latency
  std::optional<PhaseCost> spurious_wake;  // woken for a connection another worker took
  std::optional<Duration> cold_after;  // wall time since the process ran at which cold costs apply
  friend bool operator==(const Overhead&, const Overhead&) = default;
};

// What gunicorn's main process does, whatever its workers are.
struct GunicornArbiter {
  std::string version = "20.1";
  Duration timeout = seconds(30);  // zero: none
  std::int64_t max_requests = 0;
  std::int64_t max_requests_jitter = 0;
  Duration import_cpu = milliseconds(140);
  bool preload = false;
  friend bool operator==(const GunicornArbiter&, const GunicornArbiter&) = default;
};

struct GunicornSync {
  std::int64_t workers = 1;
  std::int64_t backlog = 2048;
  std::string socket = "tcp";
  std::optional<std::int64_t> nofile;  // file descriptors of a process; nullopt: not counted
  std::optional<std::int64_t> limit_concurrency;  // more requests at once are answered 503
  Overhead overhead;
  GunicornArbiter arbiter;
  friend bool operator==(const GunicornSync&, const GunicornSync&) = default;
};

// The same for gthread workers, where one thread accepts and others serve.
struct GthreadOverhead {
  std::string preset = "gunicorn-20.1-gthread";
  std::optional<PhaseCost> accept;         // main thread, until it hands the connection over
  std::optional<PhaseCost> hand_over;      // and after that, until the next accept or select
  std::optional<PhaseCost> start;          // thread of the pool, before the application runs
  std::optional<PhaseCost> respond;        // after it, before the client has the reply
  std::optional<PhaseCost> finish;         // after the reply: costs capacity, not latency
  std::optional<PhaseCost> keep;           // instead of that, when the connection stays open
  std::optional<PhaseCost> reuse;          // instead of accept, for its next request
  std::optional<PhaseCost> spurious_wake;  // woken for a connection another process took
  std::optional<Duration> cold_after;
  friend bool operator==(const GthreadOverhead&, const GthreadOverhead&) = default;
};

struct GunicornGthread {
  std::int64_t workers = 1;  // processes
  std::int64_t threads = 1;  // that serve requests, in each process
  std::int64_t worker_connections = 1000;
  Duration keep_alive = seconds(2);  // zero: connections are closed after each reply
  std::int64_t backlog = 2048;
  std::string socket = "tcp";
  std::optional<std::int64_t> nofile;  // file descriptors of a process; nullopt: not counted
  std::optional<std::int64_t> limit_concurrency;
  bool gil = true;  // false: a free-threaded build of Python
  Duration switch_interval = milliseconds(5);
  GthreadOverhead overhead;
  GunicornArbiter arbiter;
  friend bool operator==(const GunicornGthread&, const GunicornGthread&) = default;
};

// The same for event loops.
struct LoopOverhead {
  std::string preset = "uvicorn-0.17-h11";
  std::optional<PhaseCost> wake;       // the loop slept, until it runs what it was woken for
  std::optional<PhaseCost> accept;     // for each connection
  std::optional<PhaseCost> connect;    // after that, until its request can be read
  std::optional<PhaseCost> start;      // reading and parsing, until the application is to run
  std::optional<PhaseCost> hand_over;  // of a handler that is not asynchronous to the pool
  std::optional<PhaseCost> call;       // in the thread of the pool, around that handler
  std::optional<PhaseCost> respond;    // after the application, before the client has the reply
  std::optional<PhaseCost> finish;     // after the reply: costs capacity, not latency
  std::optional<PhaseCost> keep;       // instead of that, when the connection stays open
  std::optional<Duration> cold_after;
  friend bool operator==(const LoopOverhead&, const LoopOverhead&) = default;
};

struct Uvicorn {
  std::int64_t workers = 1;              // processes, an event loop each
  std::int64_t thread_pool = 40;         // threads of each, for handlers that are not asynchronous
  Duration keep_alive = seconds(5);      // zero: connections are closed after each reply
  Duration ping_interval = seconds(20);  // on WebSockets; zero: it sends no pings
  std::int64_t backlog = 2048;
  std::string socket = "tcp";
  std::optional<std::int64_t> nofile;  // file descriptors of a process; nullopt: not counted
  std::optional<std::int64_t> limit_concurrency;  // of each process
  std::string version = "0.17";
  std::int64_t limit_max_requests = 0;
  Duration import_cpu = milliseconds(140);
  bool gil = true;
  Duration switch_interval = milliseconds(5);
  LoopOverhead overhead;
  friend bool operator==(const Uvicorn&, const Uvicorn&) = default;
};

// The same event loops in worker processes of gunicorn.
struct GunicornUvicorn {
  std::int64_t workers = 1;
  std::int64_t thread_pool = 40;
  Duration keep_alive = seconds(2);
  Duration ping_interval = seconds(20);
  std::int64_t backlog = 2048;
  std::string socket = "tcp";
  std::optional<std::int64_t> nofile;  // file descriptors of a process; nullopt: not counted
  std::optional<std::int64_t> limit_concurrency;
  bool gil = true;
  Duration switch_interval = milliseconds(5);
  LoopOverhead overhead;
  GunicornArbiter arbiter;
  friend bool operator==(const GunicornUvicorn&, const GunicornUvicorn&) = default;
};

// The same for hubs of greenlets.
struct GeventOverhead {
  std::string preset = "gunicorn-20.1-gevent";
  std::optional<PhaseCost> wake;     // the hub slept, until it runs what it was woken for
  std::optional<PhaseCost> accept;   // for each connection, until its greenlet reads
  std::optional<PhaseCost> start;    // reading and parsing, until the application runs
  std::optional<PhaseCost> respond;  // after the application, before the client has the reply
  std::optional<PhaseCost> finish;   // after the reply: costs capacity, not latency
  std::optional<PhaseCost> keep;     // instead of that, when the connection stays open
  std::optional<Duration> cold_after;
  friend bool operator==(const GeventOverhead&, const GeventOverhead&) = default;
};

struct GunicornGevent {
  std::int64_t workers = 1;  // processes, a hub each
  std::int64_t worker_connections = 1000;
  Duration keep_alive = seconds(2);
  std::int64_t backlog = 2048;
  std::string socket = "tcp";
  std::optional<std::int64_t> nofile;  // file descriptors of a process; nullopt: not counted
  Duration graceful_timeout = seconds(30);
  GeventOverhead overhead;
  GunicornArbiter arbiter;
  friend bool operator==(const GunicornGevent&, const GunicornGevent&) = default;
};

// The phases are those of any event loop.
struct HypercornOverhead : LoopOverhead {
  HypercornOverhead() { preset = "hypercorn-0.13-h11"; }
  friend bool operator==(const HypercornOverhead&, const HypercornOverhead&) = default;
};

struct Hypercorn {
  std::int64_t workers = 1;
  std::int64_t thread_pool = 40;
  Duration keep_alive = seconds(5);
  Duration ping_interval;  // zero: it sends no pings
  std::int64_t backlog = 100;
  std::string socket = "tcp";
  std::optional<std::int64_t> nofile;  // file descriptors of a process; nullopt: not counted
  std::string version = "0.18";
  std::int64_t max_requests = 0;
  std::int64_t max_requests_jitter = 0;
  Duration graceful_timeout = seconds(3);
  Duration import_cpu = milliseconds(140);
  bool gil = true;
  Duration switch_interval = milliseconds(5);
  HypercornOverhead overhead;
  friend bool operator==(const Hypercorn&, const Hypercorn&) = default;
};

// The same for threads that accept for themselves.
struct UwsgiOverhead {
  std::string preset = "uwsgi-2.0";
  std::optional<PhaseCost> accept;         // until the request is read
  std::optional<PhaseCost> start;          // with Python's lock, until the application runs
  std::optional<PhaseCost> respond;        // after it, until the client has the reply
  std::optional<PhaseCost> finish;         // after the reply: costs capacity, not latency
  std::optional<PhaseCost> spurious_wake;  // woken for a connection another process took
  std::optional<Duration> cold_after;
  friend bool operator==(const UwsgiOverhead&, const UwsgiOverhead&) = default;
};

// uWSGI's cheaper: fewer processes than `workers` while there is little to do.
struct CheaperWorkers {
  std::string algorithm = "spare";
  std::int64_t workers = 1;
  std::int64_t overload = 3;
  std::int64_t step = 1;
  friend bool operator==(const CheaperWorkers&, const CheaperWorkers&) = default;
};

struct Uwsgi {
  std::int64_t workers = 1;  // processes
  std::int64_t threads = 1;  // of each
  std::int64_t backlog = 100;
  std::string socket = "tcp";
  bool thunder_lock = false;
  Duration harakiri;  // zero: none
  std::int64_t max_requests = 0;
  std::int64_t max_requests_delta = 0;
  Duration min_worker_lifetime = seconds(10);
  Duration worker_reload_mercy = seconds(60);
  std::optional<CheaperWorkers> cheaper;
  Bytes reload_on_rss;  // zero: any size
  bool lazy_apps = false;
  Duration import_cpu = milliseconds(140);
  bool gil = true;
  Duration switch_interval = milliseconds(5);
  UwsgiOverhead overhead;
  friend bool operator==(const Uwsgi&, const Uwsgi&) = default;
};

// mod_wsgi's daemon mode, without the Apache in front of it.
struct ModWsgi {
  std::int64_t workers = 1;   // processes
  std::int64_t threads = 15;  // of each
  std::int64_t backlog = 100;
  Duration connect_timeout = seconds(15);
  Duration queue_timeout;    // zero: none
  Duration request_timeout;  // zero: none
  Duration graceful_timeout = seconds(15);
  Duration shutdown_timeout = seconds(5);
  std::int64_t max_requests = 0;
  Duration import_cpu = milliseconds(140);
  bool gil = true;
  Duration switch_interval = milliseconds(5);
  UwsgiOverhead overhead;
  friend bool operator==(const ModWsgi&, const ModWsgi&) = default;
};

struct Passenger {
  std::int64_t workers = 6;        // max_pool_size
  std::int64_t min_instances = 1;  // of these
  std::int64_t queue = 100;        // max_request_queue_size
  Duration idle_time = seconds(300);
  std::int64_t max_requests = 0;
  Duration import_cpu = milliseconds(140);
  Overhead overhead;
  friend bool operator==(const Passenger&, const Passenger&) = default;
};

// Processes that a web server starts when it needs them, and keeps for a while.
struct FastCgi {
  std::int64_t workers = 1;
  std::int64_t queue = 0;
  Duration idle_time;
  std::int64_t max_requests = 0;
  Duration import_cpu = milliseconds(140);
  Overhead overhead;
  friend bool operator==(const FastCgi&, const FastCgi&) = default;
};

// A process for each request.
struct Cgi {
  std::int64_t workers = 1;  // at once
  std::int64_t queue = 0;
  Duration import_cpu = milliseconds(140);
  friend bool operator==(const Cgi&, const Cgi&) = default;
};

// A server behind nginx: a service of the application.
struct UpstreamServer {
  std::int64_t weight = 1;
  std::int64_t max_fails = 1;
  Duration fail_timeout = seconds(10);
  std::int64_t max_conns = 0;  // 0: any number
  friend bool operator==(const UpstreamServer&, const UpstreamServer&) = default;
};

// limit_req.
struct RequestRateLimit {
  Rate rate;
  std::int64_t burst = 0;
  bool nodelay = false;
  friend bool operator==(const RequestRateLimit&, const RequestRateLimit&) = default;
};

// CPU of nginx itself.
struct NginxOverhead {
  std::string preset = "nginx-1.22";
  std::optional<PhaseCost> accept;   // for each connection
  std::optional<PhaseCost> connect;  // after that, until its request can be read; with TLS
  std::optional<PhaseCost> start;    // reading it and passing it on
  std::optional<PhaseCost> respond;  // passing the reply on
  std::optional<PhaseCost> finish;   // closing the connection
  std::optional<PhaseCost> keep;     // instead of that, when the connection stays open
  std::optional<PhaseCost> file;     // instead of start and respond, for a static file
  std::optional<Duration> cold_after;
  friend bool operator==(const NginxOverhead&, const NginxOverhead&) = default;
};

struct Nginx {
  std::int64_t workers = 1;  // worker_processes
  Named<UpstreamServer> upstream;
  std::string balance = "round_robin";
  Duration read_timeout = seconds(60);
  std::vector<std::string> next_upstream = {"refused", "reset", "timed_out"};
  std::int64_t next_upstream_tries = 0;  // 0: every server once
  std::optional<RequestRateLimit> limit_req;
  std::optional<std::int64_t> limit_concurrency;  // key limit_conn
  std::string tls = "none";
  std::string version = "1.22";
  std::int64_t worker_connections = 768;
  std::optional<std::int64_t> nofile;   // file descriptors of each; nullopt: not counted
  Bytes client_max_body_size{1 << 20};  // zero: any size
  Duration client_header_timeout = seconds(60);
  bool request_buffering = true;
  bool response_buffering = true;
  Duration keep_alive = seconds(75);                // keepalive_timeout
  std::int64_t keep_alive_requests = 1000;          // after which a connection is closed
  std::optional<std::int64_t> upstream_keep_alive;  // keepalive in the block upstream
  Duration upstream_keep_alive_timeout = seconds(60);
  std::int64_t upstream_keep_alive_requests = 1000;
  std::int64_t backlog = 511;
  NginxOverhead overhead;
  friend bool operator==(const Nginx&, const Nginx&) = default;
};

// Requests turned away when they come too fast: a bucket of tokens.
struct RateLimit {
  Rate rate;
  std::int64_t burst = 1;  // tokens in a full bucket
  friend bool operator==(const RateLimit&, const RateLimit&) = default;
};

// An API elsewhere on the Internet.
struct External {
  std::optional<std::int64_t> limit_concurrency;
  std::optional<RateLimit> rate_limit;
  friend bool operator==(const External&, const External&) = default;
};

struct Redis {
  std::int64_t maxclients = 10'000;
  friend bool operator==(const Redis&, const Redis&) = default;
};

// In transaction mode.
struct PgBouncer {
  std::int64_t pool_size = 20;
  std::int64_t max_client_conn = 100;
  Duration query_wait_timeout = seconds(120);
  friend bool operator==(const PgBouncer&, const PgBouncer&) = default;
};

struct Postgres {
  std::int64_t max_connections = 100;
  std::int64_t superuser_reserved_connections = 3;  // of these
  // CPU of a new backend: fork and authentication. Measured: docs/models/services.md.
  Duration connect = microseconds(3700);
  Duration recovery = seconds(3);  // measured: docs/models/restarts.md
  std::string socket = "tcp";
  std::optional<PgBouncer> pgbouncer;
  friend bool operator==(const Postgres&, const Postgres&) = default;
};

// Workers of Celery with prefork pools, and the broker that they ask for tasks.
struct Celery {
  std::int64_t concurrency = 1;  // processes of each worker
  std::int64_t instances = 1;    // workers
  std::int64_t prefetch_multiplier = 4;
  bool acks_late = false;
  bool reject_on_worker_lost = false;
  std::optional<Duration> time_limit;
  std::optional<Duration> visibility_timeout;  // of the broker; nullopt: it waits for ever
  std::int64_t max_tasks_per_child = 0;        // 0: any number
  Duration task_overhead;                      // CPU of Celery itself
  // CPU of a new process, which is forked from one that has imported the application. Measured with
  // gunicorn: docs/models/arbiter.md.
  Duration boot = milliseconds(6);
  friend bool operator==(const Celery&, const Celery&) = default;
};

// Processes that look for work themselves.
struct Poller {
  std::int64_t workers = 1;
  std::vector<std::string> queues;  // in the order of the visits; empty: one without a name
  std::string order = "round_robin";
  std::string take = "one";
  std::optional<std::int64_t> limit;  // of what is gated
  DurationLaw visit_cpu, visit;       // computing first, then waiting
  std::optional<DurationLaw> pause;   // after a cycle that found nothing
  std::optional<Duration> every;      // instead: a process for each cycle, started so often
  Duration import_cpu = milliseconds(140);
  Duration task_overhead;
  friend bool operator==(const Poller&, const Poller&) = default;
};

// Connections to a database that a process keeps: SQLAlchemy's QueuePool.
struct Pool {
  std::int64_t size = 5;
  std::int64_t overflow = 10;
  Duration timeout = seconds(30);
  friend bool operator==(const Pool&, const Pool&) = default;
};

// Connections to a service that a process keeps for later calls: as requests.Session does.
struct KeptConnections {
  std::int64_t idle = 10;
  std::optional<Duration> expiry;  // nullopt: when the server closes them
  friend bool operator==(const KeptConnections&, const KeptConnections&) = default;
};

// What other services may ask of a service.
struct Operation {
  std::string handler;  // as of a request class
  std::string lock;     // of a database, held meanwhile; empty: none
  bool idempotent = true;
  std::vector<Step> steps;
  TaskOptions task{};
  friend bool operator==(const Operation&, const Operation&) = default;
};

// What the processes of a service occupy.
struct ServiceMemory {
  Bytes base;                      // of each, its own
  Bytes main;                      // of the main process
  Bytes copied;                    // of that, what each makes its own
  std::int64_t copied_over = 200;  // requests
  Bytes per_request;
  Bytes leak_per_request, leak_per_hour;
  Bytes cache_per_request;
  std::optional<Bytes> cache_max;            // nullopt: it grows without end
  double retained = 0;                       // of what requests have held
  std::optional<Bytes> working_set;          // of a process; nullopt: all of it
  std::optional<Bytes> touched_per_request;  // of that; nullopt: all of it
  Bytes per_connection, per_socket;          // of each open connection: its process's, the kernel's
  friend bool operator==(const ServiceMemory&, const ServiceMemory&) = default;
};

// The cyclic garbage collector of its processes.
struct GarbageCollection {
  std::string python = "3.11";
  std::int64_t objects = 0;  // of a process, for good
  std::int64_t objects_per_request = 0;
  std::int64_t cycles_per_request = 0;  // of these
  bool freeze = false;
  friend bool operator==(const GarbageCollection&, const GarbageCollection&) = default;
};

// What its steps read through the page cache.
struct Files {
  Bytes size;
  std::string order = "random";  // or sequential
  bool cold = false;             // when a run begins
  friend bool operator==(const Files&, const Files&) = default;
};

struct Service {
  // By key "server": "gunicorn-sync".
  std::variant<GunicornSync, GunicornGthread, GunicornGevent, Uvicorn, Hypercorn, GunicornUvicorn,
               Uwsgi, ModWsgi, Passenger, FastCgi, Cgi, Nginx, External, Redis, Postgres, Celery,
               Poller>
      server;
  Named<Pool> pools{};            // by the service to which the connections are
  Named<KeptConnections> kept{};  // by the service to which they are
  Named<Operation> operations{};
  std::optional<ServiceMemory> memory{};  // nullopt: it does not count
  std::optional<GarbageCollection> gc{};  // nullopt: it takes no time
  std::optional<Files> files{};           // nullopt: each step says how often it finds all of it
  friend bool operator==(const Service&, const Service&) = default;
};

}  // namespace cotenant

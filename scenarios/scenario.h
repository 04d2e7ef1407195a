// SPDX-License-Identifier: Apache-2.0
//
// What the user said, with defaults filled in: the typed form of one scenario file. Every quantity
// has its unit in its type, every choice is a variant. Nothing here is derived; deriving is
// compile()'s work. Keys in files are the member names. scenarios/fields.h lists the same members
// with units, ranges and help, and drives decoding, encoding, the JSON Schema and the reference
// documentation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/duration_law.h"
#include "scenarios/size_law.h"
#include "sim/base/units.h"

namespace cotenant {

// Named things in the order of the file: the order is the order in reports.
template <class Value>
using Named = std::vector<std::pair<std::string, Value>>;

template <class T>
std::vector<std::string_view> names_of(const Named<T>& entries) {
  std::vector<std::string_view> names;
  for (const auto& entry : entries) names.push_back(entry.first);
  return names;
}

// Null where there is none of that name.
template <class T>
const T* find_named(const Named<T>& entries, std::string_view name) {
  for (const auto& entry : entries) {
    if (entry.first == name) return &entry.second;
  }
  return nullptr;
}

// --- Workload

// Requests per second.
struct Rate {
  double per_second = 0;
  friend bool operator==(const Rate&, const Rate&) = default;
};

// Of a link to a client.
struct LinkSpeed {
  std::int64_t bytes_per_second = 0;
  friend bool operator==(const LinkSpeed&, const LinkSpeed&) = default;
};

// How many requests come together at one arrival instant.
struct FixedBatch {
  std::int64_t size = 1;
  friend bool operator==(const FixedBatch&, const FixedBatch&) = default;
};
struct GeometricBatch {
  double mean = 1;
  friend bool operator==(const GeometricBatch&, const GeometricBatch&) = default;
};  // on 1, 2, 3, ...
using Batch = std::variant<FixedBatch, GeometricBatch>;

struct ConstantArrivals {
  Rate rate;
  Batch batch;
  friend bool operator==(const ConstantArrivals&, const ConstantArrivals&) = default;
};
// At instants that are said beforehand.
struct ScheduledArrivals {
  Duration first;
  std::optional<Duration> every;  // nullopt: only once
  Batch batch;
  friend bool operator==(const ScheduledArrivals&, const ScheduledArrivals&) = default;
};
struct PoissonArrivals {
  Rate rate;
  Batch batch;
  friend bool operator==(const PoissonArrivals&, const PoissonArrivals&) = default;
};
struct MmppState {
  Rate rate;
  Duration mean_stay;
  friend bool operator==(const MmppState&, const MmppState&) = default;
};
struct MmppArrivals {
  std::vector<MmppState> states;
  Batch batch;
  friend bool operator==(const MmppArrivals&, const MmppArrivals&) = default;
};
struct ProfilePoint {
  Duration at;
  Rate rate;
  friend bool operator==(const ProfilePoint&, const ProfilePoint&) = default;
};
// The rate is interpolated linearly between the points. burstiness is the index of dispersion of
// the number of arrivals over long intervals: 1 is Poisson.
struct ProfileArrivals {
  std::vector<ProfilePoint> points;
  bool repeat = false;
  double burstiness = 1;
  Duration burst_length = seconds(10);
  Batch batch;
  friend bool operator==(const ProfileArrivals&, const ProfileArrivals&) = default;
};
// Recorded arrival times, and through RecordedLaw recorded demands.
struct ReplayArrivals {
  std::string file;  // csv or csv.gz, relative to the scenario file
  std::string time_column;
  std::string time_unit = "us";  // ns, us, ms or s
  std::string class_column{};    // empty: all rows are of the one class
  // Both or none: users who wait for their replies, and think as long as they did.
  std::string user_column{};
  std::string done_column{};  // when the reply came, in the unit of the arrival times
  friend bool operator==(const ReplayArrivals&, const ReplayArrivals&) = default;
};
struct ClosedArrivals {
  std::int64_t users = 1;
  DurationLaw think;
  friend bool operator==(const ClosedArrivals&, const ClosedArrivals&) = default;
};
// When sessions begin.
using OpenArrivals = std::variant<ConstantArrivals, ScheduledArrivals, PoissonArrivals,
                                  MmppArrivals, ProfileArrivals>;

// What may follow a request of a session, with its probability.
struct Hop {
  std::string request_class;
  double probability = 0;
  friend bool operator==(const Hop&, const Hop&) = default;
};
// What they leave is the probability that the session ends.
struct Turn {
  std::vector<Hop> next;
  friend bool operator==(const Turn&, const Turn&) = default;
};
// A connection that stays open in both directions.
struct WebSocket {
  std::optional<DurationLaw> reconnect;  // nullopt: a connection that is lost is a failure
  friend bool operator==(const WebSocket&, const WebSocket&) = default;
};
// Clients who come, make several requests, wait for each reply, think, and leave. Exactly one of
// script, length and walk says what they request.
struct SessionArrivals {
  OpenArrivals begin;
  DurationLaw think;
  std::vector<std::string> script{};  // classes, in their order
  std::optional<Batch> length{};      // requests of classes by their shares
  Named<Turn> walk{};                 // by class; the first one begins
  std::string on_failure = "leave";   // or go_on
  std::optional<WebSocket> websocket{};
  friend bool operator==(const SessionArrivals&, const SessionArrivals&) = default;
};
using Arrivals = std::variant<ConstantArrivals, ScheduledArrivals, PoissonArrivals, MmppArrivals,
                              ProfileArrivals, ReplayArrivals, ClosedArrivals, SessionArrivals>;

// How long a client waits before it tries again: before retry n, min(cap, base factor^(n-1)).
struct Backoff {
  DurationLaw base;
  double factor = 2;
  std::optional<Duration> cap;
  std::string jitter = "none";  // none, full or equal
  friend bool operator==(const Backoff&, const Backoff&) = default;
};

// Tokens for retries, of all clients of one source together.
struct TokenBudget {
  double ratio = 0.1;       // earned with each first attempt
  std::int64_t burst = 10;  // the most there can be, and what there is at first
  friend bool operator==(const TokenBudget&, const TokenBudget&) = default;
};

struct Retries {
  std::optional<std::int64_t> max;  // after the first attempt; nullopt: unlimited
  std::vector<std::string> on = {"timed_out", "rejected_503", "error_500", "refused",
                                 "reset",     "rejected_429", "error_502", "error_504"};
  std::optional<Backoff> backoff;     // nullopt: at once
  std::optional<TokenBudget> budget;  // nullopt: no limit in common
  std::optional<Duration> deadline;   // no retry begins later after the arrival
  bool only_idempotent = false;       // what is not is sent once
  friend bool operator==(const Retries&, const Retries&) = default;
};

struct CpuStep {
  DurationLaw cpu;
  bool gil = true;  // needs Python's global lock, where threads share one
  friend bool operator==(const CpuStep&, const CpuStep&) = default;
};  // computes on a core
struct WaitStep {
  DurationLaw wait;
  bool blocking = false;  // of an asynchronous handler: nothing else runs in its event loop
  friend bool operator==(const WaitStep&, const WaitStep&) = default;
};  // waits for something outside the simulated machine, holding its worker
struct SleepStep {
  DurationLaw sleep;
  friend bool operator==(const SleepStep&, const SleepStep&) = default;
};  // lets time pass: a timer of an event loop, elsewhere a wait like any other
struct ErrorStep {
  double probability = 0;
  friend bool operator==(const ErrorStep&, const ErrorStep&) = default;
};  // fails, or does nothing
struct CallStep {
  std::string call;  // service.operation
  std::int64_t times = 1;
  bool parallel = false;  // all of them at once; otherwise one after the other
  double probability = 1;
  bool blocking = false;  // of an asynchronous handler: nothing else runs in its event loop
  std::optional<Duration> timeout;
  std::optional<Retries> retries;
  std::optional<Duration> hedge_after;  // without a reply, the same is asked a second time
  std::string on_error = "fail";        // fail or ignore
  friend bool operator==(const CallStep&, const CallStep&) = default;
};  // asks another service, and waits for its reply
struct TogetherStep {
  std::vector<CallStep> together;
  bool blocking = false;
  friend bool operator==(const TogetherStep&, const TogetherStep&) = default;
};  // asks several at once, and waits for all replies
struct SendStep {
  std::string send;  // service.operation
  std::int64_t times = 1;
  double probability = 1;
  std::optional<Retries> retries;
  friend bool operator==(const SendStep&, const SendStep&) = default;
};  // hands a task to a broker, and goes on
struct CrashStep {
  double probability = 0;
  friend bool operator==(const CrashStep&, const CrashStep&) = default;
};  // its process dies, or nothing happens
using Step = std::variant<CpuStep, WaitStep, SleepStep, ErrorStep, CallStep, TogetherStep, SendStep,
                          CrashStep>;

// Of a task.
struct TaskOptions {
  std::optional<std::int64_t> priority;  // the higher the sooner; nullopt: 0
  std::optional<DurationLaw> expires;    // not begun by then, it is discarded; nullopt: never
  std::string queue;                     // of a poller; empty: its first
  friend bool operator==(const TaskOptions&, const TaskOptions&) = default;
};

struct RequestClass {
  double share = 1;                  // of the common arrivals; relative to the other classes
  std::optional<Arrivals> arrivals;  // its own source instead of a share of the common one
  std::string service;               // that serves it; empty: default_service()
  std::string handler;               // of event loops: async or sync; empty: async
  bool idempotent = true;            // GET, HEAD, PUT, DELETE; false: POST, PATCH
  SizeLaw request_body, response_body;
  std::vector<Step> steps;
  TaskOptions task{};
  friend bool operator==(const RequestClass&, const RequestClass&) = default;
};

// Connections stay open after a reply, for the next request.
struct ClientKeepAlive {
  // Idle ones that clients of open arrivals keep in common, to each service; nullopt: there are
  // none, and each user of closed arrivals keeps one.
  std::optional<std::int64_t> connections;
  friend bool operator==(const ClientKeepAlive&, const ClientKeepAlive&) = default;
};

// A part of the clients, with a link of their own.
struct SlowClients {
  double share = 0;
  std::optional<LinkSpeed> upload, download;  // nullopt: no slower than the server
  Duration silence;
  friend bool operator==(const SlowClients&, const SlowClients&) = default;
};

struct Clients {
  // The client gives up its attempt; the request may still burn capacity.
  std::optional<Duration> timeout;
  std::optional<Retries> retries;
  std::optional<ClientKeepAlive> keep_alive;  // nullopt: a connection for each attempt
  std::optional<LinkSpeed> upload, download;
  Duration silence;  // after they have connected
  std::optional<SlowClients> slow;
  friend bool operator==(const Clients&, const Clients&) = default;
};

struct Workload {
  std::optional<Arrivals> arrivals;
  Named<RequestClass> requests;
  Clients clients;
  friend bool operator==(const Workload&, const Workload&) = default;
};

// --- Application

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
  std::int64_t workers = 1;          // processes, an event loop each
  std::int64_t thread_pool = 40;     // threads of each, for handlers that are not asynchronous
  Duration keep_alive = seconds(5);  // zero: connections are closed after each reply
  std::int64_t backlog = 2048;
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
  std::int64_t backlog = 2048;
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
  std::int64_t backlog = 100;
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
  bool thunder_lock = false;
  Duration harakiri;  // zero: none
  std::int64_t max_requests = 0;
  std::int64_t max_requests_delta = 0;
  Duration min_worker_lifetime = seconds(10);
  Duration worker_reload_mercy = seconds(60);
  std::optional<CheaperWorkers> cheaper;
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
  Bytes client_max_body_size{1 << 20};  // zero: any size
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

// What other services may ask of a service.
struct Operation {
  std::string handler;  // as of a request class
  std::string lock;     // of a database, held meanwhile; empty: none
  bool idempotent = true;
  std::vector<Step> steps;
  TaskOptions task{};
  friend bool operator==(const Operation&, const Operation&) = default;
};

struct Service {
  // By key "server": "gunicorn-sync".
  std::variant<GunicornSync, GunicornGthread, GunicornGevent, Uvicorn, Hypercorn, GunicornUvicorn,
               Uwsgi, ModWsgi, Passenger, FastCgi, Cgi, Nginx, External, Redis, Postgres, Celery,
               Poller>
      server;
  Named<Pool> pools{};  // by the service to which the connections are
  Named<Operation> operations{};
  friend bool operator==(const Service&, const Service&) = default;
};

// --- Setups

struct QuotaPhase {
  std::optional<Duration> fixed;
  friend bool operator==(const QuotaPhase&, const QuotaPhase&) = default;
};  // nullopt: random, as at cgroup creation

// cpu.max of a group.
struct CpuMax {
  Duration quota;
  Duration period = milliseconds(100);
  Duration burst;
  QuotaPhase phase;
  friend bool operator==(const CpuMax&, const CpuMax&) = default;
};

// Cores by number, ascending, each once: "0-3,5".
struct CpuList {
  std::vector<std::int64_t> cores;
  friend bool operator==(const CpuList&, const CpuList&) = default;
};

struct Group {
  std::string parent;                      // empty: the root
  std::int64_t cpu_weight = 100;           // cpu.weight, 1..10000
  std::optional<std::int64_t> cpu_shares;  // instead of cpu_weight: cpu.shares of cgroup v1
  std::string shares_conversion = "none";  // none, linear or logarithmic
  bool cpu_idle = false;                   // cpu.idle
  std::optional<CpuMax> cpu_max;
  std::optional<CpuList> cpus;  // cpuset.cpus
  friend bool operator==(const Group&, const Group&) = default;
};

// How the scheduler treats a task.
struct Scheduling {
  std::string group;      // empty: the root
  std::int64_t nice = 0;  // -20..19
  std::optional<std::int64_t>
      task_weight;                // instead of nice: the scheduler's load weight, 1024 = nice 0
  std::string policy = "normal";  // normal, batch or idle
  std::optional<Duration> slice;  // its own, instead of the kernel's base slice
  friend bool operator==(const Scheduling&, const Scheduling&) = default;
};

struct Placement {
  std::string guest;  // empty: the hardware
  Scheduling scheduling;
  std::optional<std::int64_t> workers;  // instead of the service's own number
  bool reads_cpu_clock =
      false;  // its code asks for its own CPU time all the while, as benchmarks do
  friend bool operator==(const Placement&, const Placement&) = default;
};

// What the threads of a neighbor want.
struct OnOff {
  DurationLaw on, off;
  friend bool operator==(const OnOff&, const OnOff&) = default;
};
struct Burst {
  Duration pause;  // since the burst before, or since the start
  Duration on;
  friend bool operator==(const Burst&, const Burst&) = default;
};
struct RecordedBursts {
  std::vector<Burst> bursts;
  friend bool operator==(const RecordedBursts&, const RecordedBursts&) = default;
};
using NeighborPattern = std::variant<OnOff, RecordedBursts>;

struct Neighbor {
  std::int64_t threads = 1;
  std::string guest;  // empty: the hardware
  Scheduling scheduling;
  std::optional<NeighborPattern> pattern;  // nullopt: wants CPU all the time
  friend bool operator==(const Neighbor&, const Neighbor&) = default;
};

// What differs between one Linux and another, for the schedulers eevdf and cfs.
struct Kernel {
  std::int64_t hz = 250;               // CONFIG_HZ
  std::optional<Duration> base_slice;  // nullopt: grows with the number of cores
  std::string throttling;              // task or queue; empty: as the scheduler's kernels do
  Duration bandwidth_slice = milliseconds(5);
  Duration switch_cost = microseconds(3);
  std::string idle_wake;  // virtual or hardware; empty: as the machine is
  friend bool operator==(const Kernel&, const Kernel&) = default;
};

struct Machine {
  std::int64_t cores = 1;
  std::string scheduler = "eevdf";  // eevdf, cfs, fluid or fifo
  std::int64_t somaxconn = 4096;    // net.core.somaxconn
  Kernel kernel;
  friend bool operator==(const Machine&, const Machine&) = default;
};

// A virtual machine on the hardware of the setup. Each of its cores is a task there.
struct Guest {
  Machine machine;
  Scheduling scheduling;  // of its virtual CPUs
  Named<Group> groups;    // inside of it
  friend bool operator==(const Guest&, const Guest&) = default;
};

struct Money {
  std::string currency = "$";
  std::int64_t cents = 0;
  friend bool operator==(const Money&, const Money&) = default;
};  // per month

struct Setup {
  std::string description;
  std::optional<Money> price;
  Machine machine;
  Named<Group> groups;
  Named<Guest> guests;
  Named<Placement> services;
  Named<Neighbor> neighbors;
  friend bool operator==(const Setup&, const Setup&) = default;
};

// --- Objectives and study

struct Objective {
  std::string metric;
  std::string request_class;    // key "class"; empty: all requests
  std::optional<double> below;  // in the metric's base unit (s, 1/s, ratio); exactly one of the two
  std::optional<double> above;
  friend bool operator==(const Objective&, const Objective&) = default;
};

struct Study {
  Duration duration = seconds(600);  // simulated time of each replication, warm-up included
  std::optional<Duration> warmup;    // nullopt: found by MSER-5
  std::int64_t replications = 10;
  std::optional<double> precision;      // goal: relative half-width of the p95 interval
  std::int64_t max_replications = 200;  // where precision may not go beyond
  double confidence = 0.95;
  std::optional<std::int64_t>
      max_events;                   // per replication; a run that hits it is marked incomplete
  std::optional<Bytes> max_memory;  // of one replication's world
  friend bool operator==(const Study&, const Study&) = default;
};

struct Scenario {
  std::string schema;  // key "$schema"; ignored
  std::int64_t format = 1;
  std::string name;
  std::string description;
  std::uint64_t seed = 1;
  Workload workload;
  Named<Service> application;
  Named<Setup> setups;
  std::vector<Objective> objectives;
  Study study;
  friend bool operator==(const Scenario&, const Scenario&) = default;
};

}  // namespace cotenant

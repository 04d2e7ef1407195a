// SPDX-License-Identifier: Apache-2.0
//
// Field table, part: the application under study, its services and what their servers cost.
#pragma once

#include <array>

#include "scenarios/field.h"
#include "scenarios/fields_law.h"
#include "scenarios/fields_loops.h"
#include "scenarios/fields_memory.h"
#include "scenarios/fields_on_demand.h"
#include "scenarios/fields_poller.h"
#include "scenarios/fields_server.h"
#include "scenarios/fields_workload.h"
#include "scenarios/fields_wsgi.h"
#include "scenarios/scenario.h"
#include "scenarios/software.h"

namespace cotenant {

inline constexpr std::array<std::string_view, 2> kOverheadPresets = {"none", "gunicorn-20.1-sync"};
inline constexpr std::array<std::string_view, 2> kGthreadPresets = {"none",
                                                                    "gunicorn-20.1-gthread"};
inline constexpr std::array<std::string_view, 2> kLoopPresets = {"none", "uvicorn-0.17-h11"};

inline constexpr std::array<std::string_view, 2> kNginxPresets = {"none", "nginx-1.22"};
inline constexpr std::array<std::string_view, 5> kBalances = {"round_robin", "least_conn", "random",
                                                              "random_two", "ip_hash"};
inline constexpr std::array<std::string_view, 6> kNextUpstream = {
    "refused", "reset", "timed_out", "rejected_503", "error_500", "non_idempotent"};
inline constexpr std::array<std::string_view, 2> kNginxVersions = {"1.22", "1.29.7"};
inline constexpr std::array<std::string_view, 3> kTls = {"none", "rsa-2048", "ecdsa-p256"};
// At least one an hour: a full bucket of a million tokens is filled in less than the longest time.
inline constexpr Real kTokenRate = {1.0 / 3600, 1e9};

inline constexpr std::array<std::string_view, 2> kGunicornVersions = {"20.1", "22.0"};
inline constexpr std::array<std::string_view, 2> kUvicornVersions = {"0.17", "0.30"};

template <>
inline constexpr Title kTitle<PhaseCost> = {
    "phase_cost", "CPU time of one phase of the server's own work on a request."};
template <>
inline constexpr Title kTitle<Overhead> = {"overhead",
                                           "CPU that the server itself spends: the name of a "
                                           "preset, or an object that changes some of it."};
template <>
inline constexpr Title kTitle<GunicornSync> = {
    "gunicorn_sync",
    "gunicorn with sync workers: one process per worker, one request at a time each."};
template <>
inline constexpr Title kTitle<GthreadOverhead> = {
    "gthread_overhead",
    "CPU that the server itself spends: the name of a preset, or an object that changes some of "
    "it."};
template <>
inline constexpr Title kTitle<GunicornGthread> = {
    "gunicorn_gthread",
    "gunicorn with gthread workers: in each process one thread accepts connections and a pool of "
    "threads serves them."};
template <>
inline constexpr Title kTitle<LoopOverhead> = {
    "loop_overhead",
    "CPU that the server itself spends: the name of a preset, or an object that changes some of "
    "it."};
template <>
inline constexpr Title kTitle<Uvicorn> = {
    "uvicorn",
    "uvicorn: one event loop per process, and a pool of threads for handlers that are not "
    "asynchronous."};
template <>
inline constexpr Title kTitle<GunicornUvicorn> = {
    "gunicorn_uvicorn",
    "gunicorn with uvicorn's workers: the same event loops, in processes that gunicorn looks "
    "after."};
template <>
inline constexpr Title kTitle<UpstreamServer> = {"upstream_server",
                                                 "A service behind nginx, and when it is asked."};
template <>
inline constexpr Title kTitle<RequestRateLimit> = {
    "limit_req",
    "limit_req: a leaky bucket for all requests together. Those that find more than burst before "
    "them are answered 503."};
template <>
inline constexpr Title kTitle<NginxOverhead> = {
    "nginx_overhead",
    "CPU that nginx itself spends: the name of a preset, or an object that changes some of it."};
template <>
inline constexpr Title kTitle<Nginx> = {
    "nginx",
    "nginx in front of other services: it passes each request on to one of them, which takes its "
    "steps, and tries another one when that fails."};
template <>
inline constexpr Title kTitle<RateLimit> = {
    "rate_limit",
    "A bucket of tokens: each request takes one, and without one it is answered 429."};
template <>
inline constexpr Title kTitle<External> = {
    "external", "An API elsewhere on the Internet: it takes time, and nothing of the machine."};
template <>
inline constexpr Title kTitle<Redis> = {
    "redis", "Redis: one thread executes all commands, one after the other."};
template <>
inline constexpr Title kTitle<PgBouncer> = {
    "pgbouncer",
    "A pgbouncer in front of the database: it lends a few connections, for one transaction each."};
template <>
inline constexpr Title kTitle<Postgres> = {
    "postgres", "PostgreSQL: a process for each connection, and a limit on their number."};
template <>
inline constexpr Title kTitle<Celery> = {
    "celery",
    "Celery: tasks in the queue of a broker, and workers that reserve some of them ahead for the "
    "processes of their pools."};
template <>
inline constexpr Title kTitle<Pool> = {
    "pool",
    "Connections that each process of the service keeps and shares: SQLAlchemy's QueuePool."};
template <>
inline constexpr Title kTitle<KeptConnections> = {
    "kept_connections",
    "Connections that each process of the service keeps open after a call, for later ones: what "
    "requests.Session and httpx.Client do."};
template <>
inline constexpr Title kTitle<Service> = {"service",
                                          "A part of the application with workers of its own."};

template <>
struct ShortForm<Overhead> : NameOfPreset<Overhead, kOverheadPresets> {};
template <>
struct ShortForm<GthreadOverhead> : NameOfPreset<GthreadOverhead, kGthreadPresets> {};
template <>
struct ShortForm<LoopOverhead> : NameOfPreset<LoopOverhead, kLoopPresets> {};
template <>
struct ShortForm<NginxOverhead> : NameOfPreset<NginxOverhead, kNginxPresets> {};

template <class Visit>
void alternatives(Of<decltype(Service::server)>, Visit&& visit) {
  visit(Of<GunicornSync>(), "gunicorn-sync");
  visit(Of<GunicornGthread>(), "gunicorn-gthread");
  visit(Of<GunicornGevent>(), "gunicorn-gevent");
  visit(Of<Uvicorn>(), "uvicorn");
  visit(Of<Hypercorn>(), "hypercorn");
  visit(Of<GunicornUvicorn>(), "gunicorn-uvicorn");
  visit(Of<Uwsgi>(), "uwsgi");
  visit(Of<ModWsgi>(), "mod-wsgi");
  visit(Of<Passenger>(), "passenger");
  visit(Of<FastCgi>(), "fastcgi");
  visit(Of<Cgi>(), "cgi");
  visit(Of<Nginx>(), "nginx");
  visit(Of<External>(), "external");
  visit(Of<Redis>(), "redis");
  visit(Of<Postgres>(), "postgres");
  visit(Of<Celery>(), "celery");
  visit(Of<Poller>(), "poller");
}

template <class Visitor, Same<PhaseCost> T>
void fields(Visitor& v, T& cost) {
  v.field("hot", cost.hot,
          {.help = "Right after the process last ran.",
           .required = true,
           .whole = between(nanoseconds(0), seconds(10))});
  v.field("cold", cost.cold,
          {.help = "Once the process has not run for cold_after, its caches gone.",
           .required = true,
           .whole = between(nanoseconds(0), seconds(10))});
}
template <class Visitor, Same<Overhead> T>
void fields(Visitor& v, T& overhead) {
  v.field("preset", overhead.preset,
          {.help = "Measured values to start from.", .choices = kOverheadPresets});
  v.field("accept", overhead.accept,
          {.help = "Before the application runs.", .absent = "as in the preset"});
  v.field("respond", overhead.respond,
          {.help = "After it, before the client has the reply.", .absent = "as in the preset"});
  v.field("finish", overhead.finish, kFinishField);
  v.field(
      "spurious_wake", overhead.spurious_wake,
      {.help = "Woken for a connection that another worker took.", .absent = "as in the preset"});
  v.field("cold_after", overhead.cold_after, kColdAfterField);
}
template <class Visitor, Same<GunicornArbiter> T>
void fields(Visitor& v, T& arbiter) {
  v.field("version", arbiter.version,
          {.help = "Of gunicorn: before 22.0 the client of a killed sync worker sees its "
                   "connection closed, since then a 500; those of other workers see it closed.",
           .choices = kGunicornVersions,
           .source = kVersionChosen});
  v.field("timeout", arbiter.timeout,
          {.help = "A worker that has not reported for so long is killed and replaced; 0s: never. "
                   "A sync worker reports when it calls accept(), an event loop about every half "
                   "of the timeout if nothing blocks it, a hub every second, threads have one that "
                   "always does.",
           .whole = between(seconds(0), seconds(86'400))});
  v.field("max_requests", arbiter.max_requests,
          {.help = "A worker that has served so many requests is replaced; 0: never.",
           .whole = {0, 1'000'000'000}});
  v.field("max_requests_jitter", arbiter.max_requests_jitter,
          {.help = "For each new worker a number up to this is drawn and added to max_requests.",
           .whole = {0, 1'000'000'000}});
  v.field("import", arbiter.import_cpu,
          {.help = kImportHelp, .whole = kImportCpu, .source = kImportMeasured});
  v.field("preload", arbiter.preload,
          {.help = "The application is imported before workers are forked."});
}
template <class Visitor, Same<GunicornSync> T>
void fields(Visitor& v, T& server) {
  v.field("workers", server.workers,
          {.help = "Worker processes.", .required = true, .whole = {1, 10'000}});
  v.field(
      "backlog", server.backlog,
      {.help =
           "Connections that wait for a worker: the backlog of listen(2), which somaxconn limits.",
       .whole = {0, 65'535}});
  socket_field(v, server);
  nofile_field(v, server);
  v.field("limit_concurrency", server.limit_concurrency,
          {.help = "More requests in the service at once are answered 503.",
           .whole = {1, 10'000'000},
           .absent = "no limit"});
  fields(v, server.arbiter);
  v.field("overhead", server.overhead, {.help = "CPU that the server itself spends."});
}
template <class Visitor, Same<GthreadOverhead> T>
void fields(Visitor& v, T& overhead) {
  const char* const as_preset = "as in the preset";
  v.field("preset", overhead.preset,
          {.help = "Measured values to start from.", .choices = kGthreadPresets});
  v.field("accept", overhead.accept,
          {.help = "Of the main thread, until it has put a connection into its queue.",
           .absent = as_preset});
  v.field("hand_over", overhead.hand_over,
          {.help = "Of the main thread after that, until it accepts or sleeps again.",
           .absent = as_preset});
  v.field("start", overhead.start,
          {.help = "Of the thread that serves, before the application runs.", .absent = as_preset});
  v.field("respond", overhead.respond,
          {.help = "After it, before the client has the reply.", .absent = as_preset});
  v.field("finish", overhead.finish, kFinishField);
  v.field("keep", overhead.keep, kKeepField);
  v.field("reuse", overhead.reuse,
          {.help = "Of the main thread instead of accept, for a request on a connection that "
                   "stayed open.",
           .absent = as_preset});
  v.field("spurious_wake", overhead.spurious_wake,
          {.help = "Of the main thread, woken for a connection that another process took.",
           .absent = as_preset});
  v.field("cold_after", overhead.cold_after, kColdAfterField);
}
template <class Visitor, Same<GunicornGthread> T>
void fields(Visitor& v, T& server) {
  v.field("workers", server.workers,
          {.help = "Worker processes.", .required = true, .whole = {1, 10'000}});
  v.field("threads", server.threads,
          {.help = "Threads of each process that serve requests, one at a time each.",
           .required = true,
           .whole = {1, 10'000}});
  v.field("worker_connections", server.worker_connections,
          {.help = "Connections that a process holds at most, those without a thread included.",
           .whole = {1, 100'000}});
  keep_alive_field(v, server);
  v.field("backlog", server.backlog, kBacklogField);
  socket_field(v, server);
  nofile_field(v, server);
  v.field("limit_concurrency", server.limit_concurrency,
          {.help = "More requests in the service at once are answered 503.",
           .whole = {1, 10'000'000},
           .absent = "no limit"});
  fields(v, server.arbiter);
  lock_fields(v, server);
  v.field("overhead", server.overhead, {.help = "CPU that the server itself spends."});
}
// Of all that run an event loop, what comes after the application.
template <class Visitor, class AnyOverhead>
void reply_phase_fields(Visitor& v, AnyOverhead& overhead) {
  v.field("respond", overhead.respond,
          {.help = "After the application, before the client has the reply.",
           .absent = "as in the preset"});
  v.field("finish", overhead.finish, kFinishField);
  v.field("keep", overhead.keep, kKeepField);
  v.field("cold_after", overhead.cold_after, kColdAfterField);
}
template <class Visitor, class AnyOverhead>
void loop_phase_fields(Visitor& v, AnyOverhead& overhead) {
  const char* const as_preset = "as in the preset";
  v.field("wake", overhead.wake,
          {.help = "Of the loop that slept, until it runs what it was woken for.",
           .absent = as_preset});
  v.field("accept", overhead.accept, {.help = "For each connection.", .absent = as_preset});
  v.field("connect", overhead.connect,
          {.help = "After that, until its request can be read.", .absent = as_preset});
  v.field("start", overhead.start,
          {.help = "Reading and parsing, until the application is to run.", .absent = as_preset});
  v.field("hand_over", overhead.hand_over,
          {.help = "Of the loop, to give a sync handler to a thread of the pool.",
           .absent = as_preset});
  v.field("call", overhead.call,
          {.help = "Of the thread of the pool, before it runs that handler.", .absent = as_preset});
  reply_phase_fields(v, overhead);
}
template <class Visitor, Same<LoopOverhead> T>
void fields(Visitor& v, T& overhead) {
  v.field("preset", overhead.preset,
          {.help = "Measured values to start from.", .choices = kLoopPresets});
  loop_phase_fields(v, overhead);
}
// Of servers of event loops.
template <class Visitor, class Server>
void loop_fields(Visitor& v, Server& server) {
  v.field("workers", server.workers,
          {.help = "Processes, each with an event loop.", .whole = {1, 10'000}});
  v.field("thread_pool", server.thread_pool,
          {.help = "Threads of each process that run sync handlers, one at a time each.",
           .whole = {1, 10'000},
           .source = kThreadsOfAnyio});
  keep_alive_field(v, server);
  v.field("ws_ping_interval", server.ping_interval,
          {.help = "How often it sends a ping on each WebSocket that comes through a proxy, which "
                   "then never finds it silent; 0s: never.",
           .whole = between(seconds(0), seconds(86'400))});
  v.field("backlog", server.backlog, kBacklogField);
  socket_field(v, server);
  nofile_field(v, server);
}
// The same of uvicorn's.
template <class Visitor, class Server>
void loop_fields_with_limit(Visitor& v, Server& server) {
  loop_fields(v, server);
  v.field("limit_concurrency", server.limit_concurrency,
          {.help = "A process that has so many connections or tasks, the new connection included, "
                   "answers 503: it serves one less at once.",
           .whole = {1, 10'000'000},
           .absent = "no limit"});
}
template <class Visitor, Same<Uvicorn> T>
void fields(Visitor& v, T& server) {
  loop_fields_with_limit(v, server);
  v.field("version", server.version,
          {.help = "Of uvicorn: before 0.30 a worker that has ended is not replaced, since then "
                   "within half a second.",
           .choices = kUvicornVersions,
           .source = kVersionChosen});
  v.field("limit_max_requests", server.limit_max_requests,
          {.help = "A worker that has served so many requests ends; 0: never.",
           .whole = {0, 1'000'000'000}});
  v.field("import", server.import_cpu,
          {.help = kImportHelp, .whole = kImportCpu, .source = kImportMeasured});
  lock_fields(v, server);
  v.field("overhead", server.overhead, {.help = "CPU that the server itself spends."});
}
template <class Visitor, Same<GunicornUvicorn> T>
void fields(Visitor& v, T& server) {
  loop_fields_with_limit(v, server);
  fields(v, server.arbiter);
  lock_fields(v, server);
  v.field("overhead", server.overhead, {.help = "CPU that the server itself spends."});
}
template <class Visitor, Same<UpstreamServer> T>
void fields(Visitor& v, T& server) {
  v.field("weight", server.weight, {.help = "Its share of the requests.", .whole = {1, 65'535}});
  v.field("max_fails", server.max_fails,
          {.help = "After so many failures it is left alone for fail_timeout; 0: never. A server "
                   "without another beside it is never left alone.",
           .whole = {0, 1'000'000}});
  v.field("fail_timeout", server.fail_timeout,
          {.help = "How long it is left alone, and how long failures count.",
           .whole = between(seconds(0), seconds(86'400))});
  v.field(
      "max_conns", server.max_conns,
      {.help = "Requests that it gets at once at most; 0: any number.", .whole = {0, 1'000'000}});
}
template <class Visitor, Same<RequestRateLimit> T>
void fields(Visitor& v, T& limit) {
  v.field("rate", limit.rate,
          {.help = "Requests per time that are let through in the long run.",
           .required = true,
           .real = {0.001, 1e6}});
  v.field("burst", limit.burst,
          {.help = "How many more may come at once.", .whole = {0, 1'000'000}});
  v.field("nodelay", limit.nodelay,
          {.help = "Those are passed on at once, instead of at the rate."});
}
template <class Visitor, Same<NginxOverhead> T>
void fields(Visitor& v, T& overhead) {
  const char* const as_preset = "as in the preset";
  v.field("preset", overhead.preset, {.help = "Values to start from.", .choices = kNginxPresets});
  v.field("accept", overhead.accept, {.help = "For each connection.", .absent = as_preset});
  v.field("connect", overhead.connect,
          {.help = "After that, until its request can be read; TLS comes on top.",
           .absent = as_preset});
  v.field("start", overhead.start,
          {.help = "Reading the request and passing it on.", .absent = as_preset});
  v.field("respond", overhead.respond,
          {.help = "Passing the reply on, until the client has it.", .absent = as_preset});
  v.field("file", overhead.file,
          {.help = "Instead of start and respond, for a file that it sends by itself; its bytes "
                   "come on top.",
           .absent = as_preset});
  v.field("finish", overhead.finish, kFinishField);
  v.field("keep", overhead.keep, kKeepField);
  v.field("cold_after", overhead.cold_after, kColdAfterField);
}
template <class Visitor, Same<Nginx> T>
void fields(Visitor& v, T& server) {
  v.field("workers", server.workers,
          {.help = "worker_processes: each an event loop, with a view of its own of the servers "
                   "behind it.",
           .whole = {1, 10'000}});
  v.field("upstream", server.upstream,
          {.help = "The services behind it, by name.",
           .required = true,
           .min_items = 1,
           .max_items = 64,
           .references = "services"});
  v.field("balance", server.balance,
          {.help = "Which of them gets the next request; random_two: nginx's \"random two "
                   "least_conn\".",
           .choices = kBalances});
  v.field(
      "read_timeout", server.read_timeout,
      {.help =
           "proxy_read_timeout: how long it waits for a server, connecting included; a WebSocket "
           "over which nothing comes for so long is closed.",
       .whole = between(milliseconds(1), seconds(86'400))});
  v.field("next_upstream", server.next_upstream,
          {.help = "proxy_next_upstream: after what it asks the next server. Requests that are not "
                   "idempotent are not sent to a second one, unless this names non_idempotent.",
           .max_items = kNextUpstream.size(),
           .choices = kNextUpstream});
  v.field(
      "next_upstream_tries", server.next_upstream_tries,
      {.help = "How many servers it asks at most for a request; 0: each once.", .whole = {0, 64}});
  v.field(
      "version", server.version,
      {.help = "Of nginx: before 1.29.7 it keeps no connections to the servers behind it unless "
               "told to, since then 32.",
       .choices = kNginxVersions,
       .source = kVersionChosen});
  v.field("worker_connections", server.worker_connections,
          {.help = "Connections of each process, idle ones and two of its own included: one to the "
                   "client and one to the server behind it for each request and WebSocket. Without "
                   "one to the "
                   "client the connection is closed, without one to the server the reply is 500.",
           .whole = {4, 1'000'000},
           .source = kDebianConfiguration});
  v.field("client_max_body_size", server.client_max_body_size,
          {.help = "A request with a larger body is answered 413 at once; 0B: any size.",
           .whole = kAnySize});
  v.field("client_header_timeout", server.client_header_timeout,
          {.help = "How long a client may send nothing after it has connected: then the connection "
                   "is closed.",
           .whole = between(milliseconds(1), seconds(86'400))});
  buffering_fields(v, server, "documentation of proxy_request_buffering and proxy_buffering");
  v.field(
      "upstream_keep_alive", server.upstream_keep_alive,
      {.help = "keepalive: idle connections to all servers behind it together that each process "
               "keeps at most; 0: a new one for each request.",
       .whole = {0, 100'000},
       .absent = "as the version does"});
  v.field(
      "upstream_keep_alive_timeout", server.upstream_keep_alive_timeout,
      {.help = "keepalive_timeout in the block upstream: how long such a connection may be idle.",
       .whole = between(milliseconds(1), seconds(86'400))});
  v.field("upstream_keep_alive_requests", server.upstream_keep_alive_requests,
          {.help = "keepalive_requests in the block upstream: after so many it is closed.",
           .whole = {1, 1'000'000'000}});
  v.field("limit_req", server.limit_req,
          {.help = "A limit on the rate of requests.", .absent = "no limit"});
  v.field("limit_conn", server.limit_concurrency,
          {.help = "limit_conn: more requests at once are answered 503.",
           .whole = {1, 10'000'000},
           .absent = "no limit"});
  v.field("tls", server.tls,
          {.help = "The key of its certificate, if it ends TLS: a handshake for each connection.",
           .choices = kTls});
  keep_alive_field(v, server);
  v.field("keep_alive_requests", server.keep_alive_requests,
          {.help = "keepalive_requests: after so many the connection to a client is closed.",
           .whole = {1, 1'000'000'000}});
  v.field("backlog", server.backlog, kBacklogField);
  nofile_field(v, server);
  v.field("overhead", server.overhead, {.help = "CPU that nginx itself spends."});
}
template <class Visitor, Same<RateLimit> T>
void fields(Visitor& v, T& limit) {
  v.field("rate", limit.rate,
          {.help = "Tokens that come per time.", .required = true, .real = kTokenRate});
  v.field("burst", limit.burst,
          {.help = "Tokens in a full bucket, as it is at first: so many requests may come at once.",
           .whole = {1, 1'000'000}});
}
template <class Visitor, Same<External> T>
void fields(Visitor& v, T& server) {
  v.field("limit_concurrency", server.limit_concurrency,
          {.help = "More requests in the service at once are answered 503.",
           .whole = {1, 10'000'000},
           .absent = "no limit"});
  v.field("rate_limit", server.rate_limit,
          {.help = "Requests that come faster are answered 429.", .absent = "no limit"});
}
template <class Visitor, Same<Redis> T>
void fields(Visitor& v, T& server) {
  v.field("maxclients", server.maxclients,
          {.help = "More connections at once are refused. Here each command has one.",
           .whole = {1, 1'000'000}});
}
template <class Visitor, Same<PgBouncer> T>
void fields(Visitor& v, T& bouncer) {
  v.field("pool_size", bouncer.pool_size,
          {.help = "Its connections to the database: default_pool_size.", .whole = {1, 10'000}});
  v.field("max_client_conn", bouncer.max_client_conn,
          {.help = "Connections to it; more are refused.", .whole = {1, 1'000'000}});
  v.field("query_wait_timeout", bouncer.query_wait_timeout,
          {.help = "A query that has waited for a connection for so long is given up, and its "
                   "client disconnected.",
           .whole = between(milliseconds(1), kLongest)});
}
template <class Visitor, Same<Postgres> T>
void fields(Visitor& v, T& server) {
  v.field("max_connections", server.max_connections,
          {.help = "Connections at once, the reserved ones included; more are refused.",
           .whole = {1, 10'000}});
  v.field("superuser_reserved_connections", server.superuser_reserved_connections,
          {.help = "How many of these no application gets.", .whole = {0, 10'000}});
  v.field("connect", server.connect,
          {.help = "CPU of the backend of a new connection, for fork and authentication.",
           .whole = between(seconds(0), seconds(10)),
           .source = kConnectMeasured});
  v.field("recovery", server.recovery,
          {.help = "How long nobody can connect after the kernel has killed a backend: all others "
                   "end with it, and the log is replayed.",
           .whole = between(seconds(0), seconds(3600)),
           .source = kRecoveryMeasured});
  socket_field(v, server);
  v.field("pgbouncer", server.pgbouncer,
          {.help = "A pgbouncer in transaction mode, to which callers connect instead.",
           .absent = "callers connect to the database itself"});
}
template <class Visitor, Same<Celery> T>
void fields(Visitor& v, T& server) {
  v.field("concurrency", server.concurrency,
          {.help = "Processes in the pool of each worker. Celery's own default is the number of "
                   "cores.",
           .required = true,
           .whole = {1, 10'000}});
  v.field("instances", server.instances,
          {.help = "Workers (celery worker), which ask the broker in turn.", .whole = {1, 1000}});
  v.field("prefetch_multiplier", server.prefetch_multiplier,
          {.help = "worker_prefetch_multiplier: a worker holds at most that many times its "
                   "concurrency of messages that it has not acknowledged; 0: any number.",
           .whole = {0, 10'000}});
  v.field("acks_late", server.acks_late,
          {.help = "Messages are acknowledged when their task is over, not when it begins. Then "
                   "those in work count as prefetched, too."});
  v.field("reject_on_worker_lost", server.reject_on_worker_lost,
          {.help = "With acks_late: a task whose process died is delivered again. Otherwise it is "
                   "lost."});
  v.field("time_limit", server.time_limit,
          {.help = "A process that works on a task for longer is killed and replaced, and the task "
                   "has failed.",
           .whole = between(milliseconds(1), kLongest),
           .absent = "none"});
  v.field("visibility_timeout", server.visibility_timeout,
          {.help = "Of the broker: a message that has not been acknowledged so long after a worker "
                   "reserved it is delivered again, and its task done twice. With Redis it is 1 h, "
                   "with SQS 30 min unless said otherwise.",
           .whole = between(milliseconds(1), kLongest),
           .absent = "never, as with RabbitMQ"});
  v.field("max_tasks_per_child", server.max_tasks_per_child,
          {.help = "A process that has done so many tasks is replaced; 0: never.",
           .whole = {0, 1'000'000'000}});
  v.field("task_overhead", server.task_overhead,
          {.help = "CPU of Celery itself for each task, in the process that does it. It has not "
                   "been measured: see docs/models/background.md.",
           .whole = between(seconds(0), seconds(10)),
           .source = kNotMeasured});
  v.field("boot", server.boot,
          {.help = "CPU of a new process of the pool until it can work.",
           .whole = between(microseconds(1), seconds(3600)),
           .source = kForkMeasured});
}
template <class Visitor, Same<Pool> T>
void fields(Visitor& v, T& pool) {
  v.field("size", pool.size,
          {.help = "Connections that are kept while nobody uses them.", .whole = {1, 10'000}});
  v.field("overflow", pool.overflow,
          {.help = "More that there may be at once.", .whole = {0, 10'000}});
  v.field("timeout", pool.timeout,
          {.help = "A call that has waited for a connection for so long has failed.",
           .whole = between(milliseconds(1), kLongest)});
}
template <class Visitor, Same<KeptConnections> T>
void fields(Visitor& v, T& kept) {
  v.field(
      "idle", kept.idle,
      {.help = "At most, in each process, while no call uses them; one more is closed after its "
               "call. httpx keeps 20.",
       .whole = {1, 1000}});
  v.field("expiry", kept.expiry,
          {.help = "After so long without a call one is closed. httpx does after 5s.",
           .whole = between(milliseconds(1), seconds(86'400)),
           .absent = "when the server closes it"});
}
template <class Visitor, Same<Service> T>
void fields(Visitor& v, T& service) {
  v.choice("server", service.server, "");
  v.field("pools", service.pools,
          {.help = "Pools of connections to databases, by the name of their service. Each process "
                   "has its own.",
           .absent = "each call opens a connection and closes it",
           .references = "services"});
  v.field(
      "kept", service.kept,
      {.help = "Connections to other services that are kept for later calls, by the name of the "
               "service. Each process has its own.",
       .absent = "each call opens a connection and closes it",
       .references = "services"});
  v.field("operations", service.operations,
          {.help = "What other services may ask of it, by name.", .absent = "nobody calls it"});
  v.field("memory", service.memory,
          {.help = "What its processes occupy.",
           .absent = "it does not count, and they are never killed for it"});
  v.field("gc", service.gc,
          {.help = "Collections of Python's garbage collector.", .absent = "they take no time"});
  v.field("files", service.files,
          {.help = "The files that its read steps read.",
           .absent = "each of these steps says how often it finds all of it, cache_hit"});
}

}  // namespace cotenant

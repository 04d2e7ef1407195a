// SPDX-License-Identifier: Apache-2.0
//
// What a scenario says about requests: who sends them when, and what each needs. A part of
// scenarios/scenario.h, which says what holds for all of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "scenarios/duration_law.h"
#include "scenarios/named.h"
#include "scenarios/scenario_disk.h"
#include "scenarios/size_law.h"
#include "sim/base/units.h"

namespace cotenant {

// Requests per second.
struct Rate {
  double per_second = 0;
  friend bool operator==(const Rate&, const Rate&) = default;
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
  std::optional<DurationLaw> reconnect;   // nullopt: a connection that is lost is a failure
  std::optional<Duration> ping_interval;  // of its clients; nullopt: they send no pings
  Duration ping_timeout = seconds(20);
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
  std::vector<std::string> on = {"timed_out", "rejected_503", "error_500",
                                 "refused",   "reset",        "rejected_429",
                                 "error_502", "error_504",    "rejected_508"};
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
struct HoldStep {
  Bytes hold;
  friend bool operator==(const HoldStep&, const HoldStep&) = default;
};  // takes memory until the request is over
struct LeakStep {
  Bytes leak;
  friend bool operator==(const LeakStep&, const LeakStep&) = default;
};  // takes memory for good
using Step = std::variant<CpuStep, WaitStep, SleepStep, ErrorStep, CallStep, TogetherStep, SendStep,
                          CrashStep, ReadStep, WriteStep, FsyncStep, LogStep, HoldStep, LeakStep>;

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
  std::optional<SizeLaw> file;  // nginx sends one of that size by itself, instead of any steps
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
  double load = 1;  // times the arrivals
  std::optional<Arrivals> arrivals;
  Named<RequestClass> requests;
  Clients clients;
  friend bool operator==(const Workload&, const Workload&) = default;
};

}  // namespace cotenant

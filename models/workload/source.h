// SPDX-License-Identifier: Apache-2.0
//
// Where requests come from: the compiled form of arrivals and request classes. A source produces
// requests numbered 0, 1, 2, ... in order of arrival; the number is the key of everything random
// about a request, so request 5,017 is the same request in every setup.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/disk/file_use.h"
#include "models/ids.h"
#include "models/memory/spec.h"
#include "models/network/transfer.h"
#include "models/service/call_spec.h"
#include "sim/base/units.h"
#include "sim/random/choice.h"
#include "sim/random/sampler.h"

namespace cotenant {

// Rates are in arrivals per nanosecond of simulated time.

struct ConstantSource {
  double interval;  // ns between arrivals
};

// At instants that are said beforehand: cron, Celery beat, a migration.
struct ScheduledSource {
  Instant first;
  std::optional<Duration> every;  // none: only once
};

// Poisson with a rate that switches between states; a plain Poisson process has one state. State i
// is left after an exponential time for the next one, cyclically.
struct ModulatedSource {
  struct State {
    double rate;
    double mean_stay;  // ns; infinite when there is one state only
  };
  std::vector<State> states;
};

// Poisson whose rate follows a piecewise linear profile, multiplied by a random factor that
// switches between 1 + swing and 1 - swing after exponential times with mean burst_length.
struct ProfileSource {
  struct Point {
    Instant at;
    double rate;
  };
  std::vector<Point> points;
  bool repeat = false;
  double swing = 0;
  double burst_length = 0;  // ns
};

// A recorded run: when requests arrived and what each of them needed.
struct Trace {
  std::vector<Instant> arrivals;               // ascending
  std::vector<ClassId> classes;                // one a row
  std::vector<std::vector<Duration>> columns;  // recorded demands, by column and row
};

// Row k of the trace is request k. Blueprints share it: a recording can be large.
struct ReplaySource {
  std::shared_ptr<const Trace> trace;
};

// The same for users who wait for their replies: each sends the rows that were its own, in turn,
// and thinks in between as it did then. When they are used up it begins anew, so that a system that
// is faster than the recorded one does not run out of requests.
struct ReplayedUser {
  std::vector<std::uint32_t> rows;  // of the trace
  // Before each of them, the first from the start of the recording on.
  std::vector<Duration> thinks;
};
struct ReplayedUsersSource {
  std::shared_ptr<const Trace> trace;
  std::vector<ReplayedUser> users;
};

struct ClosedSource {
  std::uint32_t users;
  Sampler think;
};

using SourceKind = std::variant<ConstantSource, ScheduledSource, ModulatedSource, ProfileSource,
                                ReplaySource, ClosedSource, ReplayedUsersSource>;

// Zero for open sources.
inline std::uint32_t users_of(const SourceKind& kind) {
  if (const auto* closed = std::get_if<ClosedSource>(&kind)) return closed->users;
  const auto* replayed = std::get_if<ReplayedUsersSource>(&kind);
  return replayed ? static_cast<std::uint32_t>(replayed->users.size()) : 0;
}

// How many requests come together; 1 draws nothing.
using BatchSize = std::variant<std::uint32_t, GeometricCount>;

// What a session requests, one after the other: a list;
struct SessionScript {
  std::vector<ClassId> classes;
};
// so many requests of the classes of its source, by their shares;
struct SessionMix {
  BatchSize requests;
};
// or a Markov chain, from the first turn on.
struct SessionWalk {
  struct Turn {
    ClassId request_class;
    DiscreteChoice next;  // of the turns; beyond the last one: the session ends
  };
  std::vector<Turn> turns;
};

// A client that sends a ping when the last answer is so old, and gives up the connection without
// one in time.
struct PingSpec {
  Duration interval, timeout;
};

// The first request opens a WebSocket, and all others are messages on it. When it is lost, the
// client opens another one after a pause; without one, that is a failure like others.
struct WebSocketSpec {
  std::optional<Sampler> reconnect{};
  std::optional<PingSpec> ping{};
};

// Each arrival is a client who makes several requests, waits for each reply, and thinks in between.
struct SessionSpec {
  std::variant<SessionScript, SessionMix, SessionWalk> course;
  Sampler think;
  bool ends_on_failure = false;
  std::optional<WebSocketSpec> websocket{};
};

struct SourceSpec {
  std::string name;  // stable: keys the random streams
  SourceKind kind;
  BatchSize batch = 1u;
  std::vector<ClassId> classes;  // which of these a request is of: drawn by `choice`
  DiscreteChoice choice;
  std::uint32_t first_user = 0;           // closed sources: users are numbered across sources
  std::optional<SessionSpec> sessions{};  // of open sources: arrivals begin one each
};

struct StepSpec {
  enum class Kind : std::uint8_t {
    cpu,
    wait,     // for something outside of the machine
    sleep,    // for time to pass: the same, except to an event loop
    error,    // the application fails, or goes on
    crash,    // the process dies, or goes on
    memory,   // it takes memory in the process
    objects,  // it makes its Python objects, and what has to be collected meanwhile is
    // Those that nobody knows the time of beforehand:
    call,      // for other services, or a task that is sent and not waited for
    upload,    // reading the request, until all of it is there
    download,  // writing the reply, until the kernel has the rest
    file,      // for the disk
  };
  Kind kind;
  // A law, or a column of its source's trace: nanoseconds, of a file bytes.
  std::variant<Sampler, std::uint32_t> demand;
  bool gil = true;         // of CPU: needs Python's global lock, where there is one
  bool blocking = false;   // of a wait or call: it keeps an event loop from doing anything else
  double probability = 0;  // of an error or a crash: that it happens here; of a read: no disk
  CallRange calls{};       // of a call
  FileSpec file{};         // of a file
  MemoryDemand memory{};   // of one that takes memory
};

// What is said about tasks only.
struct TaskSpec {
  std::uint32_t urgency = 0;       // of Celery: the rank of its priority, the highest goes first
  std::uint32_t queue = 0;         // of a poller: in which of its queues
  std::optional<Sampler> expires;  // after how long nobody begins it any more; none: never
};

struct ClassSpec {
  std::string name;  // stable: keys the random streams
  ServiceId service;
  std::vector<StepSpec> steps;
  bool in_thread = false;          // an event loop leaves its steps to a thread of the pool
  bool is_called = false;          // an operation: other services call it, clients do not
  LockId lock{};                   // of a database, held while it serves the request
  bool is_task = false;            // of Celery: nobody waits who would give it up or send it again
  std::optional<BodySpec> body{};  // none: what is sent takes no time
  bool is_file = false;            // its proxy answers by itself
  bool idempotent = true;          // otherwise doing it twice is not the same as once: POST
  TaskSpec task{};
};

}  // namespace cotenant

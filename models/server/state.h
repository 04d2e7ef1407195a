// SPDX-License-Identifier: Apache-2.0
//
// What changes in a service and its workers during a run. Written by models/server only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/ids.h"
#include "models/network/connection.h"
#include "models/python/gil.h"
#include "models/python/state.h"
#include "models/server/bounded_queue.h"
#include "models/server/cheaper.h"
#include "models/server/event_loop.h"
#include "models/server/restarts.h"
#include "models/server/service.h"
#include "models/server/token_bucket.h"
#include "sim/base/hash.h"
#include "sim/base/int128.h"
#include "sim/base/units.h"
#include "sim/engine/event_set.h"

namespace cotenant {

// What the main process of the server knows of a place for a worker process.
struct Life {
  Instant reported;                 // when the process was last known to be alive
  std::uint32_t lives = 0;          // processes that have ended
  std::uint32_t requests_left = 0;  // that this process may serve; 0: any number

  // A process serves its last request, and goes on until it has finished with it.
  bool has_served_enough() { return requests_left > 0 && --requests_left == 0; }

  friend bool operator==(const Life&, const Life&) = default;
  void hash_into(Hasher& hasher) const;
};

enum class WorkerPhase : std::uint8_t {
  gone,        // the process has ended, and the arbiter has not forked another one yet
  booting,     // a new process, which imports the application
  idle,        // blocked in select(), in the queue of idle workers
  waking,      // runnable after a connection came; has not called accept() yet
  accepting,   // the server's code before the application
  computing,   // a cpu step of the application
  waiting,     // a wait step of the application
  responding,  // the server's code after it
  finishing,   // the server's code after the reply
  locking,     // of a backend: another one has the lock that it needs
  looking,     // of a poller: its own code of a visit to a queue
  asking,      // of a poller: the answer of the queue that it visits is on its way
};

// Those up to spurious_wake.
inline constexpr std::size_t kSyncPhases = 4;

struct WorkerState {
  WorkerPhase phase = WorkerPhase::idle;
  std::uint16_t step = 0;  // of the application: the next one
  RequestId request;       // from accepting to responding
  CpuTime paid;            // of the accept phase, already spent while waking
  PhaseClock<kSyncPhases> code;
  Life life;  // it reports when it calls accept(), and when it is forked

  void hash_into(Hasher& hasher) const;
};

// What a thread does. Of gthread a main thread the first few, a thread of the pool the rest.
enum class ThreadPhase : std::uint8_t {
  selecting,     // blocked in select(): nobody connects, or the process has all it may hold
  waking,        // a connection came, or there is room again; has not called accept() yet
  accepting,     // the server's code until the connection is in the queue of the process
  handing_over,  // and until the next accept() or select(); or until a pool has the request
  idle,          // blocked in the queue of the process
  fetching,      // told that there is something in it
  receiving,     // recv(), outside of the lock
  starting,      // the server's code before the application
  computing,     // a cpu step of the application
  sleeping,      // a wait step of the application
  responding,    // the server's code after it
  sending,       // send(), outside of the lock
  finishing,     // the server's code after the reply
  // Of threads that accept for themselves: idle until it is their turn to accept, then waking,
  // receiving with the code before the application, and so on.
  // Of event loops:
  connecting,  // the server's code until the request of a connection can be read
  returning,   // a callback has ended
  // Of main threads and event loops:
  booting,  // of a new process: imports the application
  leaving,  // of one that accepts no more: waits for the threads of the pool
  gone,     // its process has ended; the pool of the next one is idle already
  // Of servers that keep connections:
  reusing,  // as accepting, of a connection that was kept
  keeping,  // as finishing, of a connection that is kept
  closing,  // of a connection that was kept for long enough, or whose client has closed it
  failing,  // of an event loop: there is no file descriptor for the connection
};

// System calls one after the other, in each of which Python drops its lock for so long.
struct SystemCalls {
  std::uint8_t count = 0;
  CpuTime each;
};

struct ThreadState {
  ThreadPhase phase = ThreadPhase::idle;
  SystemCalls calls;  // that the phase still has to make before it ends
  CpuTime paid;       // of the accept or start phase, already spent
  Instant began;      // its request, where requests are timed together
  PythonThread python;

  void hash_into(Hasher& hasher) const;
};

// Requests of a process that are timed together.
struct RequestsBegun {
  std::uint32_t count = 0;
  Int128 sum = 0;  // of the instants at which they began, ns

  void add(Instant began) { ++count, sum += began.ns(); }
  void remove(Instant began) { --count, sum -= began.ns(); }
};

enum class ProcessPhase : std::uint8_t {
  running,
  worn_out,  // has served its last request, and does not know yet
  stopping,  // accepts no more, and finishes what it holds
  retiring,  // the same, and nobody will replace it
  gone,      // has ended; there is no other one yet
  booting,
  dying,  // at this instant, because of one of its requests
};

// SIGABRT, of which a process may hear later.
enum class Abort : std::uint8_t { none, pending, heard };

struct ProcessState {
  Gil gil;
  BoundedQueue<RequestId> queue;  // of connections that no thread serves yet
  BoundedQueue<ThreadId> idle;    // in the order in which they fell idle
  std::uint32_t connections = 0;  // that it holds
  std::uint32_t sockets = 0;      // of a proxy: those of requests that it serves, on both sides
  ConnectionList parked;          // of these, on which the next request is awaited
  ConnectionList websockets;  // the same of WebSockets, which are idle too long for a proxy only
  Timer idle_timer;           // for the one that has been parked longest, or an earlier one
  Timer tunnel_timer;         // of a proxy, the same for WebSockets
  BoundedQueue<ConnectionId> readable;  // of gthread: parked, and its client has sent or hung up
  PhaseClock<kServerPhases> code;
  std::optional<EventLoop> loop;  // of the thread that accepts, where it is one
  ProcessPhase phase = ProcessPhase::running;
  Life life;
  std::uint32_t ticks = 0;  // of an event loop
  bool leads = false;       // one of its threads is awake to accept for itself
  RequestsBegun begun;      // where requests are timed together
  // Where requests are timed: it is killed at a look later. Of a loop that stops: what it still
  // holds is lost.
  Instant deadline = Instant::never();
  Abort abort = Abort::none;  // of a hub
  // Of an event loop that has found no file descriptor for a connection.
  bool is_deaf = false;               // it does not listen
  Duration pause;                     // before it listens again, the latest; zero: it has accepted
  BoundedQueue<Timer> listens_again;  // in the order in which they are due

  bool accepts() const { return phase == ProcessPhase::running || phase == ProcessPhase::worn_out; }

  void hash_into(Hasher& hasher) const;
};

// gunicorn's main process.
struct ArbiterState {
  Instant rhythm;              // it looks for workers that hang every second from then on
  std::uint64_t forks = 0;     // of new workers
  std::uint64_t timeouts = 0;  // workers that it has killed
  std::uint64_t lost = 0;      // workers that it has not replaced

  void hash_into(Hasher& hasher) const;
};

// Of a service whose main process may end: while there is none, nobody listens.
struct OutageState {
  bool is_down = false;
  bool preloads = false;      // the new main process imports the application
  bool without_main = false;  // of a database: its main process has ended, too
  Instant since;              // it is down, or up again
  std::uint64_t count = 0;    // of outages
  Duration lasted;            // those that are over
  Restarts restarts;

  Duration lasted_until(Instant now) const { return is_down ? lasted + (now - since) : lasted; }

  void hash_into(Hasher& hasher) const;
};

// Of a service that its platform stops when nobody asks for it.
struct IdleStopState {
  Instant last;          // when somebody asked for it
  bool stopped = false;  // there is no process
  bool starts = false;   // it is stopped, and being started
  std::uint64_t cold_starts = 0;

  void hash_into(Hasher& hasher) const;
};

struct ProbeState {
  std::uint32_t passed = 0, failed = 0;  // in a row
  bool asks = false;                     // and has no answer yet
  Timer timer;                           // until it asks again
};

// Of a service that a kubelet asks whether it is well.
struct ProbedState {
  std::vector<ProbeState> probes;
  bool started = true;      // there is no startup probe left to pass
  bool ready = true;        // for new connections
  bool ends = false;        // it has been told to
  Instant ends_by;          // then it is killed
  std::uint64_t asked = 0;  // all probes together

  void hash_into(Hasher& hasher) const;
};

// Processes that are started when they are needed.
struct OnDemandState {
  std::uint32_t alive = 0;    // those that boot included
  std::uint32_t booting = 0;  // for nobody in particular
};

// A PostgreSQL server, and a pgbouncer in front of it.
struct DatabaseState {
  BoundedQueue<WorkerId> vacant;      // backends without a connection: there is no such process
  std::uint32_t bouncer_clients = 0;  // connections to the pgbouncer
  std::uint32_t crashes = 0;          // each has closed all connections

  void hash_into(Hasher& hasher) const;
};

// Of a database: a row or a table.
struct LockState {
  WorkerId holder;  // none: it is free
  BoundedQueue<WorkerId> waiting;

  void hash_into(Hasher& hasher) const;
};

// A worker of Celery.
struct CeleryInstance {
  BoundedQueue<RequestId> reserved;  // tasks that none of its processes has begun
  BoundedQueue<WorkerId> idle;
  std::uint32_t unacknowledged = 0;  // messages: those reserved, and if late those in work

  void hash_into(Hasher& hasher) const;
};

// What may be delivered again: a message on its way to its acknowledgement.
struct Delivery {
  Timer timer;               // until the broker takes it for lost
  RequestId earlier, later;  // the same message
  bool answered = false;     // by another one, which its sender is about to hear
};

struct CeleryState {
  std::vector<BoundedQueue<RequestId>> urgent;  // by urgency, the lowest left out
  std::vector<CeleryInstance> instances;
  std::uint32_t turn = 0;                    // of the one that the broker asks next
  IdVector<RequestId, Delivery> deliveries;  // where there is a visibility timeout
  std::uint64_t redelivered = 0;

  void hash_into(Hasher& hasher) const;
};

// A process that looks for work itself.
struct PollerProcess {
  BoundedQueue<RequestId> taken;  // tasks of its visit that it has not begun
  std::uint32_t at = 0;           // the queue that it visits
  std::uint32_t may_take = 0;     // at this visit, one after the other
  bool found_here = false;
  bool found = false;  // in this cycle, at a queue before
  std::uint64_t visits = 0;
  std::uint64_t pauses = 0;

  void hash_into(Hasher& hasher) const;
};

struct PollerState {
  std::vector<BoundedQueue<RequestId>> queues;
  std::vector<PollerProcess> processes;

  void hash_into(Hasher& hasher) const;
};

struct ServiceState {
  BoundedQueue<RequestId> accept_queue;
  BoundedQueue<WorkerId>
      idle;  // workers that serve the queue, in the order in which they fell idle
  std::uint32_t in_service = 0;  // requests with the server: queued or being served
  std::uint64_t served = 0;      // requests that were served to the end, whoever waited for them
  ArbiterState arbiter;
  OutageState outage;
  IdleStopState idle_stop;
  std::optional<ProbedState> probed;
  // Of threads that accept for themselves.
  std::uint32_t leaders = 0;    // processes of which one is awake for that
  std::uint32_t next_turn = 0;  // the process whose turn it is, where they take turns
  Cheaper cheaper;
  OnDemandState instances;
  LeakyBucket request_limit;  // of a proxy
  std::optional<TokenBucket> rate_limit;
  std::optional<DatabaseState> database;
  std::optional<PollerState> poller;  // which has no accept queue
  std::optional<CeleryState> celery;  // the least urgent tasks are in the accept queue

  void hash_into(Hasher& hasher) const;
};

}  // namespace cotenant

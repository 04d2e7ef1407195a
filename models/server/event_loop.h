// SPDX-License-Identifier: Apache-2.0
//
// The order in which an event loop does things. That of asyncio, as base_events.py (_run_once) of
// CPython 3.11 has it: one first-in first-out queue of callbacks, of which an iteration runs those
// that were there when it began, and before each iteration a look at what has happened outside.
// That of gevent's hub: libev (ev_run) hands over what a look has found, and then gevent runs
// callbacks until none is left. A plain value: who runs callbacks and what they cost is in
// models/server/loop_server.h.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/ids.h"
#include "models/server/bounded_queue.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

struct Callback {
  enum class Kind : std::uint8_t {
    accept,      // connections wait: accepts all of them
    connect,     // the protocol and transport of a new connection are made
    add_reader,  // and its socket is watched
    receive,     // its request can be read
    run,         // the application goes on with the request
    reject,      // instead of the application: 503
    wake,        // what the request waits for is there: its task runs in the next iteration
    call,        // a thread of the pool is free for the request
    close,       // the reply is out
    tick,        // the server looks after itself
    keep,        // the reply is out, and the connection stays
    close_idle,  // a connection was idle for long enough, or its client has hung up
    listen,      // there may be a file descriptor again
    ping,        // a ping is due on a WebSocket
    pong,        // the client of one has sent one
  };
  Kind kind = Kind::accept;
  RequestId request;             // none: of no request, or of one that has its reply
  ConnectionId connection = {};  // of close_idle, ping and pong

  bool is_ping() const { return kind == Kind::ping || kind == Kind::pong; }

  friend bool operator==(const Callback&, const Callback&) = default;
};

inline void hash_entry(Hasher& hasher, const Callback& callback) {
  hasher.add(static_cast<std::uint64_t>(callback.kind) << 32 | callback.request.index());
  if (!callback.connection.is_none()) hasher.add(callback.connection.index());
}

enum class LoopOrder : std::uint8_t { asyncio, libev };

class EventLoop {
 public:
  explicit EventLoop(LoopOrder order = LoopOrder::asyncio) : order_(order) {}

  bool is_hub() const { return order_ == LoopOrder::libev; }

  // Behind what is ready. In asyncio it runs in the next iteration, or in this one if that has not
  // begun; in a hub always in this one.
  void call_soon(Callback callback) {
    ready_.push_growing(callback);
    if (is_hub()) ++todo_;
  }

  // What the running callback leads to: an asyncio task takes another turn for that, a greenlet
  // goes on at once.
  void go_on_with(Callback callback);

  // Outside of the loop something has happened that the next look will find.
  void io_ready(Callback callback) { io_.push_growing(callback); }
  void timer_due(Callback callback) { due_.push_growing(callback); }

  // Begins the next iteration with a look: what is there for I/O comes behind what is ready, and
  // timers that are due behind that, in the order in which they were due. In a hub nothing is ready
  // by then; timers come before I/O, of which the latest comes first. False when there is nothing
  // to run.
  bool begin_iteration(bool connections_wait);

  // What this iteration runs next; it has begun and is not over.
  Callback next();
  // Instead of go_on_with() and a look that would find that callback only.
  bool has_nothing_else(bool connections_wait) const {
    return !connections_wait && ready_.empty() && io_.empty() && due_.empty();
  }
  void run_at_once(Callback callback) { running_ = callback; }
  bool iteration_is_over() const { return todo_ == 0; }
  const Callback& running() const { return running_; }

  // With nothing to run, the loop sleeps until I/O, or until the whole millisecond at or after the
  // first timer, counted from now: selectors.py rounds timeouts up.
  void sleep(Instant now) { asleep_since_ = now; }
  Instant awake_for_timer(Instant due) const;

  // But timers, which nobody waits for any more.
  bool has_nothing_to_run() const { return ready_.empty() && io_.empty(); }

  // Calls f(Callback, whether it is a timer) for all that waits to be run.
  template <class F>
  void for_each(F f) const {
    ready_.for_each([&](const Callback& callback) { f(callback, false); });
    io_.for_each([&](const Callback& callback) { f(callback, false); });
    due_.for_each([&](const Callback& callback) { f(callback, true); });
  }

  void hash_into(Hasher& hasher) const;

  // Of a new process. It keeps the room that it has.
  void clear();

  std::uint32_t tasks = 0;     // that serve a request, or have just done so
  std::uint32_t calls = 0;     // that the threads of the pool work on, or have been told of
  std::uint32_t accepted = 0;  // of connections, by the callback that accepts and is running

 private:
  void look_as_libev(bool connections_wait);

  LoopOrder order_;
  BoundedQueue<Callback> ready_;
  std::size_t todo_ = 0;  // of those in ready_: the rest of this iteration
  BoundedQueue<Callback> io_;
  BoundedQueue<Callback> due_;
  Callback running_;
  Instant asleep_since_;
};

}  // namespace cotenant

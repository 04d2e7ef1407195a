// SPDX-License-Identifier: Apache-2.0
//
// The closed set of states of a request. From its intended arrival to its outcome a request is in
// exactly one of them at every nanosecond, so the times in them sum to its latency. Models to come
// add theirs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

enum class WaitState : std::uint8_t {
  cpu,              // its instructions are being executed
  run_queue,        // runnable, others have the core (run-queue wait)
  throttled,        // held back by cpu.max of its group
  stolen,           // its virtual CPU is not running on the host
  accept_queue,     // connected, no worker has accepted it yet
  server_cpu,       // the server's own instructions for it: accept, parse, reply
  wait,             // a wait step: something outside the simulated machine
  syn_retry,        // its SYN was dropped; the client waits to send it again
  process_queue,    // accepted by a process whose threads are all busy
  gil,              // its thread waits for Python's global lock
  retry,            // attempts before the last one, and the pauses after them
  event_loop,       // its event loop has other things to do first
  rate_limit,       // held back by a limit on the rate of requests
  downstream,       // services that it calls have not answered yet
  connection_pool,  // a call: all connections of its pool are lent
  lock,             // another transaction has the lock that it needs
  broker_queue,     // a task: no worker has reserved it yet
  prefetched,       // reserved by a worker whose processes are all busy
  client_upload,    // its client has not sent all of it yet
  client_download,  // its client has not received all of the reply yet
  disk_queue,       // its IO waits until the disk, or the journal, has time for it
  disk_service,     // the disk does what it needs
  disk_throttled,   // its IO is held back by a limit, or it may not dirty more pages
  swap_in,          // pages of its process that were swapped out are read again
  reclaim,          // until others' pages are swapped out, or because of memory.high
  gc,               // Python's garbage collector looks at the objects of its process, for its sake
  network,          // a call: on its way from one computer to another, and back
};
inline constexpr std::size_t kWaitStates = 27;

inline constexpr std::array<std::string_view, kWaitStates> kWaitStateNames = {
    "cpu",        "run_queue",    "throttled",      "stolen",        "accept_queue",
    "server_cpu", "wait",         "syn_retry",      "process_queue", "gil",
    "retry",      "event_loop",   "rate_limit",     "downstream",    "connection_pool",
    "lock",       "broker_queue", "prefetched",     "client_upload", "client_download",
    "disk_queue", "disk_service", "disk_throttled", "swap_in",       "reclaim",
    "gc",         "network"};

constexpr std::string_view to_string(WaitState state) {
  return kWaitStateNames[static_cast<std::size_t>(state)];
}

// Who waits there waits for his turn behind others, and so for whatever holds these up.
constexpr bool is_queue(WaitState state) {
  switch (state) {
    case WaitState::accept_queue:
    case WaitState::process_queue:
    case WaitState::event_loop:
    case WaitState::gil:
    case WaitState::connection_pool:
    case WaitState::broker_queue:
    case WaitState::prefetched:
    case WaitState::syn_retry:
    case WaitState::retry:
      return true;
    default:
      return false;
  }
}

// Time spent in each state.
using WaitTimes = std::array<Duration, kWaitStates>;

// The times of one more request. Without a check of each: none of them is negative, so whoever adds
// up the latencies of these requests with a check, to which their times sum, has checked all.
inline void add_unchecked(WaitTimes& sums, const WaitTimes& times) {
  for (std::size_t state = 0; state < kWaitStates; ++state) {
    const auto sum = static_cast<std::uint64_t>(sums[state].count());
    const auto time = static_cast<std::uint64_t>(times[state].count());
    sums[state] = Duration(static_cast<std::int64_t>(sum + time));
  }
}

// States that nothing was spent in add nothing, beyond the first eight: so a new one changes no
// fingerprint of runs that do not know it.
inline constexpr std::size_t kAlwaysHashed = 8;

inline void hash_into(Hasher& hasher, const WaitTimes& times) {
  for (std::size_t state = 0; state < kWaitStates; ++state) {
    if (state >= kAlwaysHashed && times[state].is_zero()) continue;
    if (state >= kAlwaysHashed) hasher.add(state);
    hasher.add_signed(times[state].count());
  }
}

}  // namespace cotenant

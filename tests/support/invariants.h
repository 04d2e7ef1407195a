// SPDX-License-Identifier: Apache-2.0
//
// What is always true, as plain functions on values: each says what is wrong with what it is given,
// and nothing when all is well. They take values and not a running world so that tests can hand
// them falsified ones and see that they object. tests/support/walk.h feeds them a run.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "models/blueprint.h"
#include "models/request/wait_state.h"
#include "models/run_record.h"
#include "sim/base/int128.h"

namespace cotenant {

using Complaints = std::vector<std::string>;

// --- A finished run, with a warm-up of zero

// Every request that arrived has exactly one outcome, and the completed ones are in the histogram
// and in the attribution, with the same total time in both.
void check_counts(const RunRecord& record, Complaints& complaints);

// Their clients keep connections, whatever others do.
bool may_open_websockets(const Blueprint& blueprint);

// No outcome without its cause: timeouts, limits, 131 seconds of dropped SYNs.
void check_outcomes(const RunRecord& record, const Blueprint& blueprint, Complaints& complaints);

// No group uses more than the machine has, than the group around it, or than its cpu.max.
void check_usage(const RunRecord& record, const Blueprint& blueprint, Complaints& complaints);

// Little's law without any tolerance: the integral of the number in the system is the sum of the
// times that the requests spent in it, counted request by request.
void check_little(const RunRecord& record, Int128 sojourns, Complaints& complaints);

// --- A world between two steps

struct ServiceCounts {
  std::uint64_t workers = 0;
  std::uint64_t idle_phase = 0;    // workers in the idle phase
  std::uint64_t idle_listed = 0;   // workers in the queue of idle workers
  std::uint64_t with_request = 0;  // workers that hold a request
  std::uint64_t queued = 0;
  std::uint64_t queue_capacity = 0;
  std::uint64_t in_service = 0;  // as the service counts
  std::uint64_t at_server = 0;   // requests that say so
};
void check_service(const ServiceCounts& counts, Complaints& complaints);

// A process with several threads.
struct ProcessCounts {
  std::uint64_t limit = 0;  // of connections
  std::uint64_t connections = 0;
  std::uint64_t queued = 0;
  std::uint64_t parked = 0;
  std::uint64_t served = 0;  // in a thread, those whose reply is out included
  std::uint64_t idle_phase = 0;
  std::uint64_t idle_listed = 0;
  std::uint64_t fetching = 0;  // threads on their way to the queue
  // Threads by how they stand to the lock, and whether it says that it is held.
  std::uint64_t holding = 0;
  std::uint64_t coming = 0;
  std::uint64_t waiting = 0;
  bool lock_is_held = false;
  bool is_gone = false;  // it has ended, and its successor has not begun
};
void check_process(const ProcessCounts& counts, Complaints& complaints);
// The part that is common to all processes: threads that are idle, and the lock.
void check_threads(const ProcessCounts& counts, Complaints& complaints);

// Connections that may outlive their requests.
struct ConnectionCounts {
  std::uint64_t connections = 0;
  std::uint64_t on_requests = 0;  // that requests say they are on
  std::uint64_t idle = 0;         // as their servers see them
  std::uint64_t parked = 0;       // in the lists of the processes
};
void check_connections(const ConnectionCounts& counts, Complaints& complaints);

// An event loop and its pool.
struct LoopCounts {
  bool asleep = false;
  std::uint64_t ready = 0;       // callbacks, of I/O or not, those of one iteration included
  std::uint64_t listed = 0;      // requests in them, and in timers that are due
  std::uint64_t event_loop = 0;  // requests that say that they wait for that
  std::uint64_t connections = 0;
  std::uint64_t tasks = 0;
  std::uint64_t replied = 0;  // of these, whose connection has been kept and may be closed by now
  std::uint64_t calls = 0;    // that threads of the pool are meant to run
  std::uint64_t in_pool = 0;  // that they do run
  std::uint64_t queued = 0;   // for a thread of the pool
  std::uint64_t threads = 0;  // of the pool
  std::uint64_t idle_listed = 0;
  std::uint64_t limit = ~std::uint64_t{0};  // of connections
};
void check_loop(const LoopCounts& counts, Complaints& complaints);

// Of a service whose threads accept for themselves.
struct LeaderCounts {
  std::uint64_t limit = 0;    // of leaders that are awake
  std::uint64_t leaders = 0;  // as the service counts
  std::uint64_t leading = 0;  // processes that say that one of theirs is
  std::uint64_t waking = 0;   // threads in that phase
};
void check_leaders(const LeaderCounts& counts, Complaints& complaints);

// A worker of Celery.
struct CeleryCounts {
  std::uint64_t limit = 0;  // of messages that are not acknowledged
  std::uint64_t unacknowledged = 0;
  std::uint64_t reserved = 0;
  std::uint64_t working = 0;  // processes that have a task
  bool acks_late = false;
  std::uint64_t idle_listed = 0;
  std::uint64_t idle_phase = 0;
};
void check_celery(const CeleryCounts& counts, Complaints& complaints);

// What a broker did with tasks of different urgency in one step, among those that waited before.
struct TaskOrder {
  std::uint32_t left_behind = 0;  // the most urgent that waits
  std::uint32_t taken =
      std::numeric_limits<std::uint32_t>::max();  // the least urgent that does not
};
void check_order(const TaskOrder& order, Complaints& complaints);

// A process that looks for work itself.
struct PollerCounts {
  bool is_gated = false;
  std::uint64_t limit = 0;  // of a visit
  std::uint64_t taken = 0;  // and not begun
  bool working = false;
  bool sleeps = false;
};
void check_poller(const PollerCounts& counts, Complaints& complaints);

// Connections to a database, and to the pgbouncer in front of it.
struct DatabaseCounts {
  std::uint64_t limit = 0;  // of connections
  std::uint64_t open = 0;   // backends
  std::uint64_t idle = 0;   // of these, without a query
  std::uint64_t vacant = 0;
  std::uint64_t vacant_listed = 0;
  std::uint64_t idle_in_pools = 0;  // connections that nobody uses
  std::uint64_t client_limit = 0;
  std::uint64_t clients = 0;       // as the pgbouncer counts
  std::uint64_t clients_seen = 0;  // as their callers do
};
void check_database(const DatabaseCounts& counts, Complaints& complaints);

struct PoolCounts {
  std::uint64_t size = 0;
  std::uint64_t most = 0;
  std::uint64_t open = 0;
  std::uint64_t idle = 0;
  std::uint64_t lent = 0;     // calls or backends that have one of its connections
  std::uint64_t waiting = 0;  // in its queue
  std::uint64_t listed = 0;   // calls that say that they wait for it
};
void check_pool(const PoolCounts& counts, Complaints& complaints);

// Of a control group.
struct MemoryCounts {
  Bytes charged;
  Bytes limit;
  Bytes main;                // of services in it or below it, which nobody kills
  Bytes processes;           // all processes in it or below it
  Bytes held;                // by requests, in these
  Bytes cached{};            // of files of services in it or below it
  bool main_is_new = false;  // some service has been started again
  Bytes sockets{};           // of the connections of these processes
  bool has_immune = false;   // some of them are never killed, or have sockets
  Bytes in_swap{};           // as the group counts
  Bytes swapped{};           // of these processes
  Bytes swap_max{};
};
// What is charged is what is there, and no more than the limit unless nobody can be killed for it.
void check_memory(const MemoryCounts& counts, Complaints& complaints);

// Of a machine towards one service.
struct PortCounts {
  std::uint64_t limit = 0;
  std::uint64_t open = 0;  // as the kernel counts
  std::uint64_t held = 0;  // as those do who have a connection
};
void check_ports(const PortCounts& counts, Complaints& complaints);
// The same of file descriptors of a process, besides its own.
void check_descriptors(const PortCounts& counts, Complaints& complaints);

struct LockCounts {
  bool is_held = false;
  std::uint64_t holding = 0;  // backends that are past it
  std::uint64_t waiting = 0;  // in its queue
  std::uint64_t locking = 0;  // backends that say that they wait for it
};
void check_lock(const LockCounts& counts, Complaints& complaints);

// The account of a request of this age: complete, nothing negative, and nothing taken back since
// `before`.
void check_account(const WaitTimes& before, const WaitTimes& account, Duration age,
                   Complaints& complaints);

struct CpuSpeeds {
  std::vector<Speed> of_runnable;  // tasks
  std::vector<Speed> of_blocked;
  std::vector<Speed> of_cores;  // what each is supplied with
  // Nothing holds tasks back (a cpu.max, a core that wakes up, an imbalance between cores).
  bool work_conserving = true;
};
// No task is faster than a core, all together are not faster than the machine, and no core is idle
// while a task waits that nothing holds back.
void check_speeds(const CpuSpeeds& speeds, Complaints& complaints);

}  // namespace cotenant

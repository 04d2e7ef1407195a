// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_wsgi.h"

namespace cotenant {
namespace {

void set_overhead(Die& die, const WsgiChoice& may, UwsgiOverhead& overhead) {
  overhead.preset = may.server_cpu ? "uwsgi-2.0" : "none";
  if (!may.herd) overhead.spurious_wake = PhaseCost{};
  if (!may.overrides) return;
  for (auto* phase : {&overhead.accept, &overhead.start, &overhead.respond, &overhead.finish}) {
    if (die.chance(0.4)) *phase = random_cost(die);
  }
  if (die.chance(0.5)) overhead.cold_after = Duration(die.whole(0, 100'000'000));
}

// Threads that share a lock, or none.
template <class Server>
void set_threads(Die& die, const WsgiChoice& may, Server& server) {
  server.threads = die.chance(0.4) ? 1 : die.whole(2, 4);
  server.gil = !may.free_threading || die.chance(0.6);
  if (die.chance(0.4)) server.switch_interval = Duration(die.whole(1'000, 20'000'000));
  set_overhead(die, may, server.overhead);
}

void set_ends(Die& die, Uwsgi& server) {
  server.harakiri = seconds(die.whole(0, 2));
  if (die.chance(0.5)) server.max_requests = die.whole(1, 20);
  if (server.max_requests > 0) server.max_requests_delta = die.whole(0, 5);
  server.min_worker_lifetime = Duration(die.whole(0, 1'000'000'000));
  server.worker_reload_mercy = seconds(die.whole(1, 2));
  server.lazy_apps = die.chance(0.5);
  server.import_cpu = random_import(die);
}

// Where there may be many workers, setups may say how many; then it might be one.
Uwsgi random_uwsgi(Die& die, const WsgiChoice& may) {
  Uwsgi server;
  if (may.many_workers) server.workers = die.whole(1, 3);
  server.backlog = may.tiny_backlogs ? 0 : 100;  // no more than somaxconn
  server.thunder_lock = die.chance(0.5);
  set_threads(die, may, server);
  if (may.restarts) set_ends(die, server);
  if (may.many_workers || die.chance(0.5)) return server;
  server.workers = die.whole(2, 5);
  server.cheaper =
      CheaperWorkers{die.pick<const char*>({"spare", "backlog"}), die.whole(1, server.workers - 1),
                     die.whole(1, 3), die.whole(1, 2)};
  return server;
}

ModWsgi random_mod_wsgi(Die& die, const WsgiChoice& may) {
  ModWsgi server;
  server.workers = may.many_workers ? die.whole(1, 3) : 1;
  if (may.tiny_backlogs) server.backlog = die.whole(0, 4);
  set_threads(die, may, server);
  server.connect_timeout = Duration(die.whole(0, 3'000'000'000));
  if (die.chance(0.5)) server.queue_timeout = Duration(die.whole(0, 300'000'000));
  server.import_cpu = random_import(die);
  if (!may.restarts) return server;
  if (die.chance(0.7)) server.request_timeout = Duration(die.whole(0, 200'000'000));
  if (die.chance(0.5)) server.max_requests = die.whole(1, 20);
  server.graceful_timeout = Duration(die.whole(0, 300'000'000));
  server.shutdown_timeout = Duration(die.whole(1'000'000, 300'000'000));
  return server;
}

Overhead random_overhead(Die& die, const WsgiChoice& may) {
  Overhead overhead;
  overhead.preset = may.server_cpu ? "gunicorn-20.1-sync" : "none";
  if (may.overrides && die.chance(0.4)) overhead.accept = random_cost(die);
  if (may.overrides && die.chance(0.4)) overhead.finish = random_cost(die);
  return overhead;
}

// Where there may be many workers, setups may say that there is one.
Passenger random_passenger(Die& die, const WsgiChoice& may) {
  Passenger server;
  server.workers = die.whole(1, 5);
  server.min_instances = may.many_workers ? die.whole(0, 1) : die.whole(0, server.workers);
  server.queue = may.tiny_backlogs ? die.whole(0, 4) : 100;
  server.idle_time = Duration(die.chance(0.3) ? 0 : die.whole(1, 300'000'000));
  if (may.restarts && die.chance(0.5)) server.max_requests = die.whole(1, 20);
  server.import_cpu = random_import(die);
  server.overhead = random_overhead(die, may);
  return server;
}

Cgi random_cgi(Die& die, const WsgiChoice& may) {
  return {die.whole(1, 5), may.tiny_backlogs ? die.whole(0, 4) : 100, random_import(die)};
}

}  // namespace

PhaseCost random_cost(Die& die) {
  const CpuTime hot(die.chance(0.2) ? 0 : die.whole(1, 200'000));
  return {hot, hot + CpuTime(die.chance(0.3) ? 0 : die.whole(0, 200'000))};
}

Duration random_import(Die& die) {
  return Duration(die.chance(0.2) ? 0 : die.whole(0, 200'000'000));
}

Service random_wsgi(Die& die, const WsgiChoice& choice) {
  if (die.chance(0.3)) return {random_uwsgi(die, choice)};
  if (die.chance(0.4)) return {random_mod_wsgi(die, choice)};
  if (die.chance(0.3)) return {random_cgi(die, choice)};
  return {random_passenger(die, choice)};
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_loops.h"

#include "tests/support/random_wsgi.h"

namespace cotenant {
namespace {

class Generator {
 public:
  Generator(Die& die, const Swarm& may, double ns) : die_(die), may_(may), ns_(ns) {}

  Service generate() {
    switch (die_.whole(0, 3)) {
      case 0:
        return Service{uvicorn()};
      case 1:
        return Service{gunicorn_uvicorn()};
      case 2:
        return Service{hypercorn()};
      default:
        return Service{gevent()};
    }
  }

 private:
  Uvicorn uvicorn() {
    Uvicorn server;
    set_loops(server);
    // A setup may say that there is one worker, which must not end.
    if (!may_.restarts || may_.many_workers) return server;
    server.workers = die_.whole(2, 3);
    server.limit_max_requests = die_.whole(1, 20);
    server.import_cpu = random_import(die_);
    if (die_.chance(0.7)) server.version = "0.30";
    return server;
  }

  GunicornUvicorn gunicorn_uvicorn() {
    GunicornUvicorn server;
    set_loops(server);
    if (!may_.restarts) return server;
    server.arbiter = random_restarts(die_);
    // It reports at whole seconds: with less it is killed all the time.
    if (die_.chance(0.3)) server.arbiter.timeout = Duration(die_.whole(1'000, 4'000) * 1'000'000);
    return server;
  }

  GunicornGevent gevent() {
    GunicornGevent server;
    server.workers = may_.many_workers ? die_.whole(1, 3) : 1;
    if (die_.chance(0.4)) server.worker_connections = die_.whole(1, 12);
    if (may_.keep_alive && die_.chance(0.7)) server.keep_alive = random_idle(die_, ns_);
    if (may_.tiny_backlogs) server.backlog = die_.whole(1, 4);
    server.overhead.preset = may_.server_cpu ? "gunicorn-20.1-gevent" : "none";
    if (may_.overrides) {
      for (auto* phase :
           {&server.overhead.wake, &server.overhead.accept, &server.overhead.start,
            &server.overhead.respond, &server.overhead.finish, &server.overhead.keep}) {
        if (die_.chance(0.3)) *phase = random_cost(die_);
      }
    }
    if (!may_.restarts) return server;
    server.arbiter = random_restarts(die_);
    // It reports every second: with less it is asked to end all the time.
    if (die_.chance(0.6)) server.arbiter.timeout = Duration(die_.whole(1'000, 2'000) * 1'000'000);
    server.graceful_timeout = Duration(die_.whole(0, 2'000) * 1'000'000);
    return server;
  }

  Hypercorn hypercorn() {
    Hypercorn server;
    set_loops(server);
    server.overhead.preset = may_.server_cpu ? "hypercorn-0.13-h11" : "none";
    if (!may_.restarts) {
      if (die_.chance(0.3)) server.version = "0.13";
      return server;
    }
    server.max_requests = die_.whole(1, 20);
    server.max_requests_jitter = die_.whole(0, 5);
    server.graceful_timeout = Duration(die_.whole(0, 500) * 1'000'000);
    server.import_cpu = random_import(die_);
    return server;
  }

  template <class Loops>
  void set_loops(Loops& server) {
    server.workers = may_.many_workers ? die_.whole(1, 3) : 1;
    server.thread_pool = die_.whole(1, 5);
    if (may_.keep_alive && die_.chance(0.7)) server.keep_alive = random_idle(die_, ns_);
    if (may_.tiny_backlogs) server.backlog = die_.whole(1, 4);
    if constexpr (requires { server.limit_concurrency; }) {
      if (may_.concurrency_limits && die_.chance(0.6)) server.limit_concurrency = die_.whole(2, 10);
    }
    server.gil = !may_.free_threading || die_.chance(0.6);
    if (die_.chance(0.4)) server.switch_interval = Duration(die_.whole(1'000, 20'000'000));
    server.overhead.preset = may_.server_cpu ? "uvicorn-0.17-h11" : "none";
    if (!may_.overrides) return;
    for (auto* phase : {&server.overhead.wake, &server.overhead.accept, &server.overhead.connect,
                        &server.overhead.start, &server.overhead.hand_over, &server.overhead.call,
                        &server.overhead.respond, &server.overhead.finish, &server.overhead.keep}) {
      if (die_.chance(0.3)) *phase = random_cost(die_);
    }
    if (die_.chance(0.5)) server.overhead.cold_after = Duration(die_.whole(0, 100'000'000));
  }

  Die& die_;
  const Swarm& may_;
  double ns_;
};

}  // namespace

Service random_loops(Die& die, const Swarm& may, double ns) {
  return Generator(die, may, ns).generate();
}

Duration random_idle(Die& die, double ns) {
  return die.chance(0.15) ? Duration(0) : die.near(ns / die.real(2, 200));
}

GunicornArbiter random_restarts(Die& die) {
  GunicornArbiter arbiter;
  arbiter.timeout = Duration(die.chance(0.3) ? 0 : die.whole(1, 300) * 1'000'000);
  if (die.chance(0.5)) arbiter.max_requests = die.whole(1, 20);
  if (arbiter.max_requests > 0) arbiter.max_requests_jitter = die.whole(0, 5);
  arbiter.import_cpu = random_import(die);
  arbiter.preload = die.chance(0.3);
  if (die.chance(0.3)) arbiter.version = "22.0";
  return arbiter;
}

}  // namespace cotenant

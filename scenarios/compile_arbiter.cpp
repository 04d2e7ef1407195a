// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_arbiter.h"

#include "scenarios/parameters.h"

namespace cotenant {

ArbiterSpec arbiter_of(const GunicornArbiter& said) {
  ArbiterSpec arbiter;
  if (!said.timeout.is_zero()) arbiter.timeout = said.timeout;
  arbiter.max_requests = static_cast<std::uint32_t>(said.max_requests);
  arbiter.max_requests_jitter = static_cast<std::uint32_t>(said.max_requests_jitter);
  arbiter.boot = kForkCpu;
  (said.preload ? arbiter.preload : arbiter.boot) += CpuTime(said.import_cpu.count());
  return arbiter;
}

// Nobody has a timeout here, and before 0.30 nobody looks.
ArbiterSpec arbiter_of(const Uvicorn& server) {
  ArbiterSpec arbiter;
  arbiter.max_requests = static_cast<std::uint32_t>(server.limit_max_requests);
  arbiter.boot = kSpawnCpu + CpuTime(server.import_cpu.count());
  arbiter.replaces = server.version == "0.17" ? Replaces::never : Replaces::when_it_looks;
  return arbiter;
}
ArbiterSpec arbiter_of(const GunicornUvicorn& server) { return arbiter_of(server.arbiter); }

// The request after the last one that a worker may serve tells it to end; it serves that, too.
ArbiterSpec arbiter_of(const Hypercorn& server) {
  ArbiterSpec arbiter;
  if (server.max_requests > 0) {
    arbiter.max_requests = static_cast<std::uint32_t>(server.max_requests) + 1;
  }
  arbiter.max_requests_jitter = static_cast<std::uint32_t>(server.max_requests_jitter);
  arbiter.boot = kSpawnCpu + CpuTime(server.import_cpu.count());
  arbiter.replaces = server.version == "0.13" ? Replaces::never : Replaces::on_exit;
  return arbiter;
}

// The main process looks once a second for those that have ended.
ArbiterSpec arbiter_of(const Uwsgi& server) {
  ArbiterSpec arbiter;
  if (!server.harakiri.is_zero()) arbiter.timeout = server.harakiri;
  arbiter.times_requests = true;
  arbiter.max_requests = static_cast<std::uint32_t>(server.max_requests);
  arbiter.max_requests_delta = static_cast<std::uint32_t>(server.max_requests_delta);
  arbiter.boot = kForkCpu;
  (server.lazy_apps ? arbiter.boot : arbiter.preload) += CpuTime(server.import_cpu.count());
  arbiter.replaces = Replaces::when_it_looks;
  arbiter.looks_every = kArbiterPeriod;
  return arbiter;
}

// Apache's parent looks once a second for processes that have ended. A web server whose daemon is
// gone answers 500.
ArbiterSpec arbiter_of(const ModWsgi& server) {
  ArbiterSpec arbiter;
  if (!server.request_timeout.is_zero()) arbiter.timeout = server.request_timeout;
  arbiter.times_requests = true;
  arbiter.victim = Outcome::error_500;
  arbiter.max_requests = static_cast<std::uint32_t>(server.max_requests);
  arbiter.boot = kInterpreterCpu + CpuTime(server.import_cpu.count());
  arbiter.replaces = Replaces::when_it_looks;
  arbiter.looks_every = kArbiterPeriod;
  return arbiter;
}

}  // namespace cotenant

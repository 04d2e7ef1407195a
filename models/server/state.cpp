// SPDX-License-Identifier: Apache-2.0
#include "models/server/state.h"

namespace cotenant {

void Life::hash_into(Hasher& hasher) const {
  hasher.add_signed(reported.ns());
  hasher.add(static_cast<std::uint64_t>(lives) << 32 | requests_left);
}

void WorkerState::hash_into(Hasher& hasher) const {
  hasher.add(static_cast<std::uint64_t>(phase) << 16 | step);
  hasher.add(request.index());
  hasher.add_signed(paid.count());
  code.hash_into(hasher);
  life.hash_into(hasher);
}

void ThreadState::hash_into(Hasher& hasher) const {
  hasher.add(static_cast<std::uint64_t>(phase));
  hasher.add_signed(paid.count());
  if (calls.count > 0) hasher.add(calls.count);
  if (began != Instant()) hasher.add_signed(began.ns());
  python.hash_into(hasher);
}

void ProcessState::hash_into(Hasher& hasher) const {
  gil.hash_into(hasher);
  queue.hash_into(hasher);
  idle.hash_into(hasher);
  hasher.add(connections);
  if (sockets > 0) hasher.add(sockets);
  if (parked.size > 0) hasher.add(parked.earliest.index());
  if (websockets.size > 0) hasher.add(websockets.earliest.index());
  if (!readable.empty()) readable.hash_into(hasher);
  code.hash_into(hasher);
  if (loop) loop->hash_into(hasher);
  if (leads) hasher.add(leads);
  if (deadline != Instant::never()) hasher.add_signed(deadline.ns());
  if (abort != Abort::none) hasher.add(static_cast<std::uint64_t>(abort));
  if (!pause.is_zero()) hasher.add(static_cast<std::uint64_t>(pause.count()) << 1 | is_deaf);
  // Processes that live for ever add nothing.
  if (phase == ProcessPhase::running && life == Life()) return;
  hasher.add(static_cast<std::uint64_t>(ticks) << 8 | static_cast<std::uint64_t>(phase));
  life.hash_into(hasher);
}

void ArbiterState::hash_into(Hasher& hasher) const {
  hasher.add_signed(rhythm.ns());
  hasher.add(forks);
  hasher.add(timeouts);
  if (lost > 0) hasher.add(lost);
}

void OutageState::hash_into(Hasher& hasher) const {
  hasher.add(count << 2 | std::uint64_t{is_down} << 1 | std::uint64_t{preloads});
  if (without_main) hasher.add(1);
  hasher.add_signed(since.ns());
  hasher.add_signed(lasted.count());
  restarts.hash_into(hasher);
}

// Services that are never stopped add nothing.
void IdleStopState::hash_into(Hasher& hasher) const {
  if (cold_starts == 0 && !stopped) return;
  hasher.add_signed(last.ns());
  hasher.add(cold_starts << 2 | std::uint64_t{stopped} << 1 | std::uint64_t{starts});
}

void ProbedState::hash_into(Hasher& hasher) const {
  for (const ProbeState& probe : probes) {
    hasher.add(std::uint64_t{probe.passed} << 33 | std::uint64_t{probe.failed} << 1 | probe.asks);
  }
  hasher.add(asked << 3 | std::uint64_t{started} << 2 | std::uint64_t{ready} << 1 | ends);
  if (ends) hasher.add_signed(ends_by.ns());
}

void DatabaseState::hash_into(Hasher& hasher) const {
  vacant.hash_into(hasher);
  hasher.add(bouncer_clients);
  if (crashes > 0) hasher.add(crashes);
}

void LockState::hash_into(Hasher& hasher) const {
  hasher.add(holder.index());
  waiting.hash_into(hasher);
}

void CeleryInstance::hash_into(Hasher& hasher) const {
  reserved.hash_into(hasher);
  idle.hash_into(hasher);
  hasher.add(unacknowledged);
}

void CeleryState::hash_into(Hasher& hasher) const {
  for (const BoundedQueue<RequestId>& queue : urgent) queue.hash_into(hasher);
  for (const CeleryInstance& instance : instances) instance.hash_into(hasher);
  hasher.add(turn);
  if (redelivered > 0) hasher.add(redelivered);
}

void PollerProcess::hash_into(Hasher& hasher) const {
  taken.hash_into(hasher);
  hasher.add(std::uint64_t{at} << 32 | may_take);
  hasher.add(visits << 2 | std::uint64_t{found_here} << 1 | std::uint64_t{found});
  hasher.add(pauses);
}

void PollerState::hash_into(Hasher& hasher) const {
  for (const BoundedQueue<RequestId>& queue : queues) queue.hash_into(hasher);
  for (const PollerProcess& process : processes) process.hash_into(hasher);
}

void ServiceState::hash_into(Hasher& hasher) const {
  accept_queue.hash_into(hasher);
  idle.hash_into(hasher);
  hasher.add(in_service);
  hasher.add(served);
  arbiter.hash_into(hasher);
  if (outage.count > 0) outage.hash_into(hasher);
  idle_stop.hash_into(hasher);
  if (probed) probed->hash_into(hasher);
  if (leaders > 0 || next_turn > 0) hasher.add(std::uint64_t{leaders} << 32 | next_turn);
  cheaper.hash_into(hasher);
  if (instances.alive > 0) hasher.add(std::uint64_t{instances.alive} << 32 | instances.booting);
  request_limit.hash_into(hasher);
  if (rate_limit) rate_limit->hash_into(hasher);
  if (database) database->hash_into(hasher);
  if (celery) celery->hash_into(hasher);
  if (poller) poller->hash_into(hasher);
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// A process with a task, from the broker or from a queue that it has looked into: what processes of
// Celery and pollers have in common. It may be killed, and the task may come too late.
#pragma once

#include "models/server/acting_worker.h"
#include "models/server/expiry.h"

namespace cotenant {

// Begins with what the framework does for each task. One that has expired is over at once.
template <class Server>
void begin_task(ActingWorker<Server>& acting, RequestId id) {
  take_up(acting, id, WorkerPhase::accepting);
  const bool expired = has_expired(acting.world, acting.blueprint, id);
  if (expired) acting.request().reply = Outcome::expired;
  if (expired || costs_nothing(acting, acting.server.task_cpu)) go_on_later(acting);
}

enum class TaskGoes : std::uint8_t { on, over, down };  // down: with its process

// From the end of the phase that the process is in, up to the next one that takes time.
template <class Server>
TaskGoes go_on_with_task(ActingWorker<Server>& acting) {
  while (!steps_are_over(acting)) {
    if (acting.steps()[acting.worker.step].kind != StepSpec::Kind::crash) {
      if (!begin_step(acting)) return TaskGoes::on;
    } else if (strikes(acting.world, acting.steps(), acting.request(), acting.worker.step++)) {
      return TaskGoes::down;
    }
  }
  return TaskGoes::over;
}

// Tasks that have been discarded are not counted.
template <class Server>
bool is_served(ActingWorker<Server>& acting) {
  return acting.request().reply != Outcome::expired;
}

}  // namespace cotenant

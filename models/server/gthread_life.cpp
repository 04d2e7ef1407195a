// SPDX-License-Identifier: Apache-2.0
#include "models/server/gthread_life.h"

#include <algorithm>

#include "models/server/arbiter.h"
#include "models/server/process.h"

namespace cotenant {
namespace {

const ArbiterSpec& arbiter_of(const ServerThread& thread) {
  return thread.service_spec().arbiter();
}

// The main thread has waited since it last reported: round after round, in the last of which it
// still is.
Duration whole_rounds(const ServerThread& main) {
  const Duration waited = main.now() - main.process().life.reported;
  const std::int64_t rounds = std::max<std::int64_t>(waited.count() - 1, 0) / kRound.count();
  return kRound * rounds;
}

}  // namespace

void count_request(const ServerThread& pool) {
  ProcessState& process = pool.process();
  if (!process.life.has_served_enough() || process.phase == ProcessPhase::dying) return;
  process.phase = ProcessPhase::worn_out;
  const ServerThread main = pool.main();
  if (main.thread().phase != ThreadPhase::selecting) return;
  schedule_in_life(pool.world, pool.spec().process,
                   process.life.reported + whole_rounds(main) + kRound);
}

void stop_accepting(const ServerThread& main) {
  ProcessState& process = main.process();
  if (process.phase == ProcessPhase::dying) return main.sleep(ThreadPhase::leaving);
  process.phase = ProcessPhase::stopping;
  process.life.reported = process.life.reported + whole_rounds(main);
  watch(main.world, main.process_spec().service, arbiter_of(main), process.life.reported);
  main.world.events.cancel(main.world.slot(main.spec().process));
  main.sleep(ThreadPhase::leaving);
  end_when_empty(main);
}

bool begin_round(const ServerThread& main) {
  if (main.process().phase == ProcessPhase::worn_out) {
    stop_accepting(main);
    return false;
  }
  const bool matters = arbiter_of(main).max_requests > 0 || main.service_spec().keep_alive ||
                       !main.process_spec().descriptors.is_none();
  if (matters) main.process().life.reported = main.now();
  return true;
}

// It does not wait for connections that are only kept. It ends when everything else of this instant
// is over: threads may be on their way to sleep.
void end_when_empty(const ServerThread& pool) {
  if (pool.process().connections > pool.process().parked.size) return;
  schedule_in_life(pool.world, pool.spec().process, pool.now());
}

void on_gthread_due(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  if (world.processes[id].phase == ProcessPhase::stopping) {
    return end_process(world, blueprint, id, effects);
  }
  // Awake, it will look by itself.
  const ServerThread main{world, blueprint, blueprint.processes[id].main, effects};
  if (main.thread().phase == ThreadPhase::selecting) stop_accepting(main);
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "models/server/loop_life.h"

#include <algorithm>

#include "models/server/arbiter.h"
#include "models/server/loop_server.h"
#include "models/server/process.h"

namespace cotenant {
namespace {

// asyncio.sleep(0.1) in main_loop() and shutdown() of uvicorn/server.py, and how many of them are
// the second after which on_tick() looks whether to report.
constexpr Duration kTick = milliseconds(100);
constexpr std::uint32_t kTicksToReport = 10;

const ArbiterSpec& arbiter_of(const ServerThread& loop) { return loop.service_spec().arbiter(); }

ProcessId id_of(const ServerThread& loop) { return loop.spec().process; }

void report(const ServerThread& loop, Instant at) {
  loop.process().life.reported = at;
  watch(loop.world, loop.process_spec().service, arbiter_of(loop), at);
}

// "More than half of the timeout": sleeps of 0.1 s take a little longer, so that at a whole second
// more than a second has passed.
void report_if_it_is_time(const ServerThread& loop) {
  const std::optional<Duration>& timeout = arbiter_of(loop).timeout;
  const ProcessState& process = loop.process();
  if (!timeout || process.ticks % kTicksToReport != 0) return;
  if (loop.now() - process.life.reported >= *timeout / 2) report(loop, loop.now());
}

// Between two reports, as long as the loop is never late.
Duration report_period(const ArbiterSpec& arbiter) {
  const Duration second = kTick * kTicksToReport;
  if (!arbiter.timeout) return second;
  const Duration half = *arbiter.timeout / 2;
  return second * std::max<std::int64_t>((half.count() + second.count() - 1) / second.count(), 1);
}

bool holds_nothing(const ServerThread& loop) {
  const ProcessState& process = loop.process();
  const bool is_asleep = loop.thread().phase == ThreadPhase::selecting;
  return is_asleep && process.connections == 0 && process.loop->tasks == 0;
}

void tick_after(const ServerThread& loop, Instant last) {
  schedule_in_life(loop.world, id_of(loop), last + kTick);
}

ServerThread loop_of(World& world, const Blueprint& blueprint, ProcessId id) {
  return {world, blueprint, blueprint.processes[id].main, world.effects};
}

}  // namespace

void begin_ticking(World& world, const Blueprint& blueprint, ProcessId id) {
  const ServerThread loop = loop_of(world, blueprint, id);
  loop.process().ticks = 0;
  report(loop, loop.now());
  tick_after(loop, loop.now());
}

void begin_ticking_anywhere(World& world, const Blueprint& blueprint, ProcessId id) {
  const ServerThread loop = loop_of(world, blueprint, id);
  const Place place = place_of(blueprint, id);
  const auto period = static_cast<std::uint64_t>(report_period(arbiter_of(loop)).count());
  Draws draws = world.chance.arbiters[place.service].ticks.at(place.number);
  const Duration ago(static_cast<std::int64_t>(draws.next_below(period)));
  report(loop, loop.now() - ago);
  loop.process().ticks = static_cast<std::uint32_t>(ago.count() / kTick.count());
  tick_after(loop, loop.process().life.reported + kTick * loop.process().ticks);
}

void on_loop_tick_due(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  const ServerThread loop = loop_of(world, blueprint, id);
  if (loop.process().phase == ProcessPhase::stopping) {
    if (holds_nothing(loop)) return end_process(world, blueprint, id, effects);
    return tick_after(loop, loop.now());
  }
  if (loop.thread().phase == ThreadPhase::selecting) return tick(loop);
  loop.process().loop->timer_due({Callback::Kind::tick, RequestId::none()});
}

void tick(const ServerThread& loop) {
  ProcessState& process = loop.process();
  ++process.ticks;
  report_if_it_is_time(loop);
  if (process.phase == ProcessPhase::worn_out) {
    process.phase = ProcessPhase::stopping;
    close_parked_soon(loop);
  }
  tick_after(loop, loop.now());
}

void count_reply(const ServerThread& loop) {
  ProcessState& process = loop.process();
  if (process.life.has_served_enough()) process.phase = ProcessPhase::worn_out;
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "models/server/loop_life.h"

#include <algorithm>
#include <variant>

#include "models/server/arbiter.h"
#include "models/server/hub.h"
#include "models/server/loop_server.h"
#include "models/server/process.h"

namespace cotenant {
namespace {

// asyncio.sleep(0.1) in main_loop() and shutdown() of uvicorn/server.py, and how many of them are
// the second after which on_tick() looks whether to report.
constexpr Duration kTick = milliseconds(100);
constexpr std::uint32_t kTicksToReport = 10;

const LoopSpec& server_of(const ServerThread& loop) {
  return std::get<LoopSpec>(loop.service_spec().server);
}

const ArbiterSpec& arbiter_of(const ServerThread& loop) { return loop.service_spec().arbiter(); }

ProcessId id_of(const ServerThread& loop) { return loop.spec().process; }

// "More than half of the timeout": sleeps of 0.1 s take a little longer, so that at a whole second
// more than a second has passed.
void report_if_it_is_time(const ServerThread& loop) {
  const std::optional<Duration>& timeout = arbiter_of(loop).timeout;
  const ProcessState& process = loop.process();
  if (!timeout || process.ticks % kTicksToReport != 0) return;
  if (loop.now() - process.life.reported >= *timeout / 2) report(loop, loop.now());
}

// Between two reports, as long as the loop is never late.
Duration report_period(const ServerThread& loop) {
  const ArbiterSpec& arbiter = arbiter_of(loop);
  const Duration second = kTick * kTicksToReport;
  if (!arbiter.timeout || loop.process().loop->is_hub()) return second;
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

// Of one that is to be through by some instant.
bool is_through(const ServerThread& loop) {
  const ProcessState& process = loop.process();
  const bool holds_none = process.connections == 0 && process.loop->has_nothing_to_run();
  return holds_none || loop.now() >= process.deadline;
}

bool end_or_wait(const ServerThread& loop) {
  if (!is_through(loop)) {
    schedule_in_life(loop.world, id_of(loop), loop.process().deadline);
    return true;
  }
  end_process(loop.world, loop.blueprint, id_of(loop), loop.effects);
  return false;
}

bool is_counted(const ServerThread& loop) { return loop.process().life.requests_left > 0; }

void has_served_one(const ServerThread& loop) {
  ProcessState& process = loop.process();
  if (!process.life.has_served_enough() || !process.accepts()) return;
  process.phase = ProcessPhase::worn_out;
  if (server_of(loop).stops_at_once) stop_loop(loop);
}

}  // namespace

void report(const ServerThread& loop, Instant at) {
  loop.process().life.reported = at;
  watch(loop.world, loop.process_spec().service, arbiter_of(loop), at);
}

void begin_ticking(World& world, const Blueprint& blueprint, ProcessId id) {
  const ServerThread loop = loop_of(world, blueprint, id);
  if (server_of(loop).stops_at_once) return;
  if (loop.process().loop->is_hub()) return static_cast<void>(beat(loop));
  loop.process().ticks = 0;
  report(loop, loop.now());
  tick_after(loop, loop.now());
}

void begin_ticking_anywhere(World& world, const Blueprint& blueprint, ProcessId id) {
  const ServerThread loop = loop_of(world, blueprint, id);
  if (server_of(loop).stops_at_once) return;
  const Place place = place_of(blueprint, id);
  const auto period = static_cast<std::uint64_t>(report_period(loop).count());
  Draws draws = world.chance.arbiters[place.service].ticks.at(place.number);
  const Duration ago(static_cast<std::int64_t>(draws.next_below(period)));
  report(loop, loop.now() - ago);
  if (loop.process().loop->is_hub()) return schedule_in_life(world, id, loop.now() - ago + kBeat);
  loop.process().ticks = static_cast<std::uint32_t>(ago.count() / kTick.count());
  tick_after(loop, loop.process().life.reported + kTick * loop.process().ticks);
}

void on_loop_tick_due(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  const ServerThread loop = loop_of(world, blueprint, id);
  if (loop.process().phase == ProcessPhase::stopping && !server_of(loop).grace) {
    if (holds_nothing(loop)) return end_process(world, blueprint, id, effects);
    return tick_after(loop, loop.now());
  }
  if (loop.thread().phase == ThreadPhase::selecting) return static_cast<void>(tick(loop));
  loop.process().loop->timer_due({Callback::Kind::tick, RequestId::none()});
}

bool tick(const ServerThread& loop) {
  if (loop.process().phase == ProcessPhase::dying) return true;
  if (loop.process().loop->is_hub()) return beat(loop);
  ProcessState& process = loop.process();
  if (server_of(loop).stops_at_once) return end_or_wait(loop);
  ++process.ticks;
  report_if_it_is_time(loop);
  if (process.phase == ProcessPhase::worn_out) stop_loop(loop);
  tick_after(loop, loop.now());
  return true;
}

// A hub leaves the connections that it keeps to their own timers.
void stop_loop(const ServerThread& loop) {
  ProcessState& process = loop.process();
  process.phase = ProcessPhase::stopping;
  if (!loop.process().loop->is_hub()) close_parked_soon(loop);
  const std::optional<Duration>& grace = server_of(loop).grace;
  if (!grace) return;
  process.deadline = loop.now() + *grace;
  schedule_in_life(loop.world, id_of(loop), process.deadline);
}

void count_read(const ServerThread& loop) {
  if (is_counted(loop) && server_of(loop).counts_when_read) has_served_one(loop);
}

void count_reply(const ServerThread& loop) {
  if (is_counted(loop) && !server_of(loop).counts_when_read) has_served_one(loop);
}

void look_whether_over(const ServerThread& loop) {
  const ProcessState& process = loop.process();
  const bool stops = process.phase == ProcessPhase::stopping && server_of(loop).stops_at_once;
  if (stops && process.connections == 0) schedule_in_life(loop.world, id_of(loop), loop.now());
}

}  // namespace cotenant

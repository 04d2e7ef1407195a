// SPDX-License-Identifier: Apache-2.0
#include "models/server/hub.h"

#include <utility>
#include <variant>

#include "models/server/loop_life.h"
#include "models/server/loop_server.h"
#include "models/server/process.h"

namespace cotenant {
namespace {

// Python runs handlers of signals between its own instructions: what computes or waits in a library
// does not hear them.
bool runs_python(const ServerThread& loop) {
  if (loop.thread().phase != ThreadPhase::computing) return false;
  const Request& request = loop.request();
  return loop.request_class().steps[std::size_t{request.step} - 1].gil;
}

// SystemExit in a greenlet ends what it does, and lets the main one know.
void hear(const ServerThread& loop) {
  ProcessState& process = loop.process();
  process.abort = Abort::heard;
  if (process.accepts()) process.phase = ProcessPhase::worn_out;
}

// What it has computed until then stays in the account of the request, which goes on.
void cut_short(const ServerThread& loop) {
  PythonThread& python = loop.thread().python;
  if (!loop.request().ended) settle_account(loop.world, loop.thread().python.request);
  if (python.wants_cpu()) loop.effects.push(WithdrawCpu{loop.spec().task});
  python.work = CpuTime(0);
  if (forget_request(loop)) loop.go_on_later();
}

const HubSpec& hub_of(const ServerThread& loop) {
  return *std::get<LoopSpec>(loop.service_spec().server).hub;
}

}  // namespace

bool has_greenlet(const ServerThread& loop) {
  const ProcessState& process = loop.process();
  return !process.loop->is_hub() || process.connections < hub_of(loop).connections;
}

bool may_accept_more(const ServerThread& loop) {
  const ProcessState& process = loop.process();
  if (!process.loop->is_hub()) return true;
  // Its timers come first, and so does the end of accepting.
  return process.accepts() && process.loop->accepted < hub_of(loop).accepts && has_greenlet(loop);
}

bool beat(const ServerThread& loop) {
  ProcessState& process = loop.process();
  const bool stops = process.phase == ProcessPhase::stopping;
  if (stops && (process.connections == 0 || loop.now() > process.deadline)) {
    end_process(loop.world, loop.blueprint, loop.spec().process, loop.effects);
    return false;
  }
  report(loop, loop.now());
  if (process.phase == ProcessPhase::worn_out) stop_loop(loop);
  schedule_in_life(loop.world, loop.spec().process, loop.now() + kBeat);
  return true;
}

bool asked_to_end(World& world, const Blueprint& blueprint, ProcessId id, Effects& effects) {
  const auto* server =
      std::get_if<LoopSpec>(&blueprint.services[blueprint.processes[id].service].server);
  if (server == nullptr || !server->hub) return false;
  const ServerThread loop{world, blueprint, blueprint.processes[id].main, effects};
  const ThreadPhase phase = loop.thread().phase;
  if (std::exchange(loop.process().abort, Abort::pending) != Abort::none) return false;
  if (!runs_python(loop)) return phase == ThreadPhase::computing || phase == ThreadPhase::sleeping;
  hear(loop);
  cut_short(loop);
  return true;
}

bool hears(const ServerThread& loop) {
  hear(loop);
  return forget_request(loop);
}

}  // namespace cotenant

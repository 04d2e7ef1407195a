// SPDX-License-Identifier: Apache-2.0
//
// Which phases of its own work a kind of server has: the link between the members that a scenario
// file spells and the phases of the models. What resolves, scales or inspects overheads goes
// through here; the costs themselves are in scenarios/parameters.cpp.
#pragma once

#include <type_traits>

#include "models/server/overhead.h"
#include "scenarios/field.h"
#include "scenarios/scenario.h"

namespace cotenant {

// Calls visit(ServerPhase, member) for each phase; the member is a PhaseCost, unless the preset's
// applies.
template <Same<Overhead> T, class Visit>
void for_each_phase(T& overhead, Visit&& visit) {
  visit(ServerPhase::accept, overhead.accept);
  visit(ServerPhase::respond, overhead.respond);
  visit(ServerPhase::finish, overhead.finish);
  visit(ServerPhase::spurious_wake, overhead.spurious_wake);
}
template <Same<GthreadOverhead> T, class Visit>
void for_each_phase(T& overhead, Visit&& visit) {
  visit(ServerPhase::accept, overhead.accept);
  visit(ServerPhase::hand_over, overhead.hand_over);
  visit(ServerPhase::start, overhead.start);
  visit(ServerPhase::respond, overhead.respond);
  visit(ServerPhase::finish, overhead.finish);
  visit(ServerPhase::keep, overhead.keep);
  visit(ServerPhase::reuse, overhead.reuse);
  visit(ServerPhase::spurious_wake, overhead.spurious_wake);
}
template <Same<UwsgiOverhead> T, class Visit>
void for_each_phase(T& overhead, Visit&& visit) {
  visit(ServerPhase::accept, overhead.accept);
  visit(ServerPhase::start, overhead.start);
  visit(ServerPhase::respond, overhead.respond);
  visit(ServerPhase::finish, overhead.finish);
  visit(ServerPhase::spurious_wake, overhead.spurious_wake);
}
template <Same<GeventOverhead> T, class Visit>
void for_each_phase(T& overhead, Visit&& visit) {
  visit(ServerPhase::wake, overhead.wake);
  visit(ServerPhase::accept, overhead.accept);
  visit(ServerPhase::start, overhead.start);
  visit(ServerPhase::respond, overhead.respond);
  visit(ServerPhase::finish, overhead.finish);
  visit(ServerPhase::keep, overhead.keep);
}
template <class T, class Visit>
requires std::is_base_of_v<LoopOverhead, T>
void for_each_phase(T& overhead, Visit&& visit) {
  visit(ServerPhase::wake, overhead.wake);
  visit(ServerPhase::accept, overhead.accept);
  visit(ServerPhase::connect, overhead.connect);
  visit(ServerPhase::start, overhead.start);
  visit(ServerPhase::hand_over, overhead.hand_over);
  visit(ServerPhase::call, overhead.call);
  visit(ServerPhase::respond, overhead.respond);
  visit(ServerPhase::finish, overhead.finish);
  visit(ServerPhase::keep, overhead.keep);
}
template <Same<NginxOverhead> T, class Visit>
void for_each_phase(T& overhead, Visit&& visit) {
  visit(ServerPhase::accept, overhead.accept);
  visit(ServerPhase::connect, overhead.connect);
  visit(ServerPhase::start, overhead.start);
  visit(ServerPhase::respond, overhead.respond);
  visit(ServerPhase::file, overhead.file);
  visit(ServerPhase::finish, overhead.finish);
  visit(ServerPhase::keep, overhead.keep);
}

}  // namespace cotenant

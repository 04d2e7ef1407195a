// SPDX-License-Identifier: Apache-2.0
//
// Fills a timeline while a world runs. It is called before each event, when nothing has changed
// since the one before: so integrals and counters are exact at any instant in between, also at the
// ends of slices, and it needs no events of its own. A run takes the same course with it and
// without.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/blueprint.h"
#include "models/request/outcome.h"
#include "models/timeline.h"
#include "models/world.h"

namespace cotenant {

class TimelineObserver {
 public:
  // At least one slice, of a run from the start to the horizon.
  TimelineObserver(const Blueprint& blueprint, Instant warmup, Instant horizon, std::size_t slices);

  // Time has passed, and nothing else.
  void time_passes(const World& world, const Blueprint& blueprint);
  // Clients' requests.
  void request_arrived();
  void request_ended(Outcome outcome, Duration latency);

  TimelineRecord finish(const World& world, const Blueprint& blueprint);

 private:
  using Counts = std::array<std::uint64_t, kMarkKinds>;  // since the start of the run
  static Counts counts_of(const World& world, ServiceId service);

  TimelineSlice& current() { return record_.slices[at_]; }
  void look(const World& world);
  void mark(MarkKind kind, ServiceId service, std::uint64_t count);
  void integrate_until(Instant until, const World& world);
  void close_slice(Instant at, const World& world, const Blueprint& blueprint);
  void close_machine(Instant at, const World& world, const Blueprint& blueprint, MachineId id);
  void close_group(Instant at, const World& world, MachineId machine, GroupId group);

  TimelineRecord record_;
  std::size_t at_ = 0;  // the slice that is being filled; those before it are closed
  Instant since_;       // nothing has changed since then
  std::int64_t in_system_ = 0;
  IdVector<ServiceId, Counts> seen_;  // of each service, when it was last looked at
  Counts marked_{};                   // how often, of all services
  // When the last slice was closed.
  IdVector<MachineId, MachineSlice> before_;
  IdVector<ServiceId, std::uint64_t> served_before_;
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// All random streams of a run. A stream is keyed by the seed, the replication, the purpose and the
// name of what it is for, so that adding a setup, a class or a service changes nobody else's
// numbers. Streams hold no state: a Chance never changes in a run.
#pragma once

#include <cstdint>
#include <vector>

#include "models/blueprint.h"
#include "sim/random/stream.h"

namespace cotenant {

struct SourceChance {
  Stream gap;     // arrival k, or batch k
  Stream stay;    // k-th stay in a state of a modulated rate
  Stream batch;   // size of batch k
  Stream choice;  // class of request k
  Stream think;   // think time k
  Stream retry;   // pauses of the client of request k
  Stream course;  // how many requests session k makes, or what follows request k
  Stream link;    // whether that client is a slow one
};

struct CallChance {
  std::uint64_t key;  // of the numbers of the requests that are made there
  Stream made;        // whether that of such a number is
  Stream retry;       // pauses of its sender
};

struct NeighborChance {
  Stream start;          // where in its pattern the run finds it
  Stream on;             // length of burst k
  Stream off;            // length of the pause before burst k
  Stream files;          // what use k of a file takes
  double on_share = 0;   // of an OnOffPattern in this box
  double off_scale = 1;  // of its pauses
};

struct ArbiterChance {
  Duration rhythm;      // when in its first second it looks for workers that hang
  Stream pause;         // after fork k
  Stream max_requests;  // of process k of a worker
  Stream ticks;         // of event loop k: when it last reported before the run
  Duration clock;       // when in the first second its clock shows the next one
};

struct PollerChance {
  Stream visit_cpu, visit;  // of visit k of a process
  Stream pause;             // number k
};

struct MachineChance {
  std::vector<Duration> quota_phases;  // by group: fixed, or drawn for this run
  std::vector<Duration> tick_phases;   // by core: when the first timer tick comes
  Stream disk{0};                      // IO k of the kernel, and of the log daemon
  std::int64_t jiffies = 0;            // since it was started
};

struct Chance {
  Chance(const Blueprint& blueprint, std::uint64_t seed, std::uint64_t replication);

  IdVector<SourceId, SourceChance> sources;
  IdVector<ClassId, std::vector<Stream>> demands;  // by step: the demand of request k
  IdVector<ClassId, Stream> bodies;                // sizes of request k and its reply
  IdVector<ClassId, Stream> expiries;              // of tasks: when request k expires
  IdVector<CallSpecId, CallChance> calls;
  IdVector<ServiceId, ArbiterChance> arbiters;
  IdVector<ServiceId, PollerChance> pollers;
  IdVector<NeighborId, NeighborChance> neighbors;
  IdVector<MachineId, MachineChance> machines;
  IdVector<ThreadId, Stream> lateness;  // of the end of timed wait k
};

}  // namespace cotenant

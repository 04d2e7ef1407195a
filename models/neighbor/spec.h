// SPDX-License-Identifier: Apache-2.0
//
// The compiled form of the other tenants of the machine: threads that want CPU, or use files, and
// serve nobody. Only what they take from the application matters, so they have no requests or
// memory, and those that use files no CPU.
// Mechanism and evidence: docs/models/neighbors.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/ids.h"
#include "models/machine/machine.h"
#include "models/workload/source.h"
#include "sim/base/units.h"
#include "sim/random/sampler.h"

namespace cotenant {

// Wants CPU all the time.
struct SpinPattern {};

// Wants CPU for a while, sleeps for a while, and so on.
struct OnOffPattern {
  Sampler on, off;
  double on_share = 0.5;  // of the time, on average: the probability to begin with it
};

// The same with given times; sleeps for ever after the last one.
struct BurstsPattern {
  struct Burst {
    Duration pause;  // since the end of the one before, or since the start of the run
    Duration on;
  };
  std::vector<Burst> bursts;
};

using CompiledPattern = std::variant<SpinPattern, OnOffPattern, BurstsPattern>;

// While its pattern has it on, it does that with a file, again and again.
struct NeighborFiles {
  StepSpec use;
  Duration every;  // zero: as soon as it is done

  bool is_random() const {
    return !every.is_zero() || use.probability > 0 || !std::get<Sampler>(use.demand).is_constant();
  }
};

// How the load of a neighbor differs from one box to the next. Each run is in a box of its own.
struct BoxSpec {
  std::string name;  // of the neighbor, whose threads have this together; keys the random stream
  Sampler factor;    // on the share of time that it is on: mean 1
};

// How its load changes with time: a factor on the share of time that an OnOffPattern is on.
struct LoadCurve {
  struct Step {
    Instant from;   // until the next step
    double factor;  // >= 0
  };
  std::vector<Step> steps;  // the first from the start of the run
  Duration period{};        // then it begins anew; zero: the last step stays

  double factor_at(Instant at) const;
  // When the step that contains `at` ends; never, where nothing follows.
  Instant end_of_step(Instant at) const;

 private:
  std::size_t step_at(Instant in_period) const;
  Duration into_period(Instant at) const;
};

// One thread.
struct NeighborSpec {
  std::string name;  // stable: keys the random streams
  TaskRef task;
  CompiledPattern pattern;
  std::optional<BoxSpec> box{};  // of an OnOffPattern only; nullopt: all boxes are alike

  std::optional<NeighborFiles> files{};  // that it wants; none: CPU
  // Of an OnOffPattern only. All threads of a neighbor share it.
  std::shared_ptr<const LoadCurve> curve{};
  // How much longer computing takes beside it, in millionths, if it and others like it are on all
  // cores of the hardware.
  std::int64_t slowdown = 0;

  // Its demand depends on chance.
  bool is_random() const {
    return std::holds_alternative<OnOffPattern>(pattern) || (files && files->is_random());
  }
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Watches a run and never influences it: a world steps the same with any recorder. It lives beside
// the world, so that snapshots stay small and observation can be changed without changing what is
// observed.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "models/blueprint.h"
#include "models/fingerprint.h"
#include "models/run_record.h"
#include "models/timeline_observer.h"
#include "models/tracer.h"
#include "models/world.h"

namespace cotenant {

struct RecorderOptions {
  Instant warmup;             // requests that arrive earlier are not counted
  Instant horizon;            // end of the run
  std::size_t slices = 1000;  // of the number in system over the run: MSER-5 wants hundreds
  Ingredients ingredients;
  bool log_requests = false;  // every request by itself: for comparison with a recording

  std::size_t timeline_slices = 0;            // 0: no timeline
  std::optional<ExemplarFilter> exemplars{};  // none: no exemplars
  std::vector<RequestKey> traced{};
};

class Recorder {
 public:
  Recorder(const Blueprint& blueprint, const RecorderOptions& options);

  // Called by step().
  void event(const World& world, const Blueprint& blueprint, const Event& event) {
    if (watches_) time_passes(world, blueprint);
    fingerprint_.event(world.events.now(), event);
  }
  void request_arrived(const World& world, RequestId id);
  // Ended so, and the client tries again.
  void attempt_failed(const World& world, RequestId id, Outcome outcome);
  void request_ended(const World& world, RequestId id, Outcome outcome);
  void session_began(Instant now);
  void session_reconnects(Instant now);
  void session_ended(Instant now, Instant began, bool lost);

  // Called by run(), once each, at the warm-up and at the end.
  void warmup_reached(const World& world, const Blueprint& blueprint);
  RunRecord finish(const World& world, const Blueprint& blueprint, StopReason stop);

 private:
  void time_passes(const World& world, const Blueprint& blueprint);
  ClassRecord& record_of(const Request& request);
  OperationRecord& operation_of(const Request& call);
  void count(const World& world, RequestId request, Outcome outcome);
  void count(Instant now, const Request& request, Outcome outcome, const WaitTimes& account);

  RunRecord record_;
  Duration
      latency_;  // of all that are completed, whose sum is checked for the sums of their states
  bool log_requests_;
  bool watches_;  // what follows
  std::optional<TimelineObserver> timeline_;
  std::optional<Tracer> tracer_;
  Fingerprint fingerprint_;
  IdVector<MachineId, MachineRecord> machines_at_warmup_;
  IdVector<ServiceId, ServiceRecord> services_at_warmup_;
};

}  // namespace cotenant

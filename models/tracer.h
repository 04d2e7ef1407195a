// SPDX-License-Identifier: Apache-2.0
//
// Watches a few requests while a world runs. Before each event, and when one of them ends, it looks
// what has been booked to their accounts since it last looked; so nothing that books needs to know
// of it, and a run takes the same course with it and without.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "models/request/outcome.h"
#include "models/request/trace.h"
#include "models/world.h"

namespace cotenant {

class Tracer {
 public:
  explicit Tracer(std::vector<RequestKey> wanted) : wanted_(std::move(wanted)) {}

  void time_passes(const World& world);
  void request_arrived(const World& world, RequestId id);
  // It is tried again, in a row of its own.
  void attempt_failed(const World& world, RequestId id, Outcome outcome);
  void request_ended(const World& world, RequestId id, Outcome outcome);

  // In the order in which the requests arrived.
  std::vector<TraceRecord> finish(const World& world);

 private:
  // A row of the table of requests, and what is known of it.
  struct Followed {
    RequestId id;  // none: the next attempt has not been found yet
    std::size_t trace = 0, row = 0;
    WaitTimes booked{};
    std::optional<std::size_t> passed_on;  // the call whose account is going to be its own
    Request before{};                      // the attempt that failed, until the next one is found
  };

  struct Place {
    TraceRecordRow::Kind kind;
    std::size_t parent;
  };

  TraceRecordRow& row_of(const Followed& followed) {
    return traces_[followed.trace].rows[followed.row];
  }
  Followed* find(RequestId id);
  void follow(const Request& request, RequestId id, std::size_t trace, Place place);
  void follow_call(const World& world, RequestId id);
  void find_next_attempt(const World& world, Followed& followed);
  // The account has been booked until `end`.
  void book(Followed& followed, const Request& request, const WaitTimes& account, Instant end);
  const TraceRecordRow* passed_on_in(const Followed& followed, const WaitTimes& more) const;
  void end(const World& world, RequestId id, Outcome outcome);
  void close(Followed& followed, Instant now, Outcome outcome);
  bool is_below(const Followed& followed, std::size_t trace, std::size_t row) const;
  // What is below that row goes on without anybody who waits for it, and is not followed further.
  void let_go_below(const World& world, std::size_t trace, std::size_t row, Outcome outcome);

  std::vector<RequestKey> wanted_;
  std::vector<Followed> followed_;
  std::vector<TraceRecord> traces_;
};

}  // namespace cotenant

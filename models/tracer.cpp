// SPDX-License-Identifier: Apache-2.0
#include "models/tracer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cotenant {
namespace {

using Kind = TraceRecordRow::Kind;

// What waits for something comes before what is done then.
constexpr std::array<WaitState, kWaitStates> booking_order() {
  constexpr std::array kLast = {WaitState::server_cpu, WaitState::cpu, WaitState::gc};
  std::array<WaitState, kWaitStates> order{};
  std::size_t count = 0;
  order[count++] = WaitState::disk_throttled;
  for (std::size_t s = 0; s < kWaitStates; ++s) {
    const auto state = static_cast<WaitState>(s);
    bool is_placed = state == WaitState::disk_throttled;
    for (const WaitState last : kLast) is_placed = is_placed || state == last;
    if (!is_placed) order[count++] = state;
  }
  for (const WaitState last : kLast) order[count++] = last;
  return order;
}
constexpr std::array<WaitState, kWaitStates> kBookingOrder = booking_order();

Duration& time_in(WaitTimes& times, WaitState state) {
  return times[static_cast<std::size_t>(state)];
}

Duration total(const WaitTimes& times) {
  Duration sum;
  for (const Duration time : times) sum += time;
  return sum;
}

WaitTimes times_of(const TraceRecordRow& row) {
  WaitTimes times{};
  for (const TracePiece& piece : row.pieces) time_in(times, piece.state) += piece.length;
  return times;
}

void subtract(WaitTimes& times, const WaitTimes& less) {
  for (std::size_t s = 0; s < kWaitStates; ++s) times[s] -= less[s];
}

bool is_within(const WaitTimes& part, const WaitTimes& whole) {
  for (std::size_t s = 0; s < kWaitStates; ++s) {
    if (part[s] > whole[s]) return false;
  }
  return true;
}

bool is_next_attempt_of(const Request& failed, const Request& request) {
  return !request.ended && request.pausing() && key_of(request) == key_of(failed) &&
         request.request_class == failed.request_class && request.arrival == failed.arrival;
}

// Of a row that nobody waits for any longer: its burst may have been taken from its task already.
WaitTimes account_without_burst(const World& world, RequestId id) {
  Request copy = world.requests[id];
  enter(copy, copy.state, world.events.now());
  return copy.times;
}

void append(TraceRecordRow& row, TracePiece piece) {
  const bool is_same = !row.pieces.empty() && row.pieces.back().booking == piece.booking;
  if (is_same) piece.begin = row.pieces.back().begin + row.pieces.back().length;
  row.pieces.push_back(piece);
}

}  // namespace

void Tracer::time_passes(const World& world) {
  for (Followed& followed : followed_) {
    if (followed.id.is_none()) find_next_attempt(world, followed);
    const Request& request = world.requests[followed.id];
    book(followed, request, request.times, request.since);
  }
}

void Tracer::request_arrived(const World& world, RequestId id) {
  const Request& request = world.requests[id];
  if (request.is_call()) return follow_call(world, id);
  if (std::find(wanted_.begin(), wanted_.end(), key_of(request)) == wanted_.end()) return;
  traces_.push_back({});
  traces_.back().key = key_of(request);
  follow(request, id, traces_.size() - 1, {Kind::request, 0});
}

void Tracer::follow_call(const World& world, RequestId id) {
  Followed* caller = find(world.calls[id].caller);
  if (caller == nullptr) return;
  TraceRecord& trace = traces_[caller->trace];
  if (trace.rows.size() == kMostTraceRows) return void(++trace.rows_left_out);
  if (world.calls[id].is_passed_on()) caller->passed_on = trace.rows.size();
  follow(world.requests[id], id, caller->trace, {Kind::call, caller->row});
}

void Tracer::follow(const Request& request, RequestId id, std::size_t trace, Place place) {
  std::vector<TraceRecordRow>& rows = traces_[trace].rows;
  followed_.push_back({id, trace, rows.size(), {}, {}, {}});
  TraceRecordRow& row = rows.emplace_back();
  row.kind = place.kind;
  row.parent = place.parent;
  row.request_class = request.request_class;
  row.begin = request.arrival;
}

Tracer::Followed* Tracer::find(RequestId id) {
  if (id.is_none()) return nullptr;
  const auto found = std::find_if(followed_.begin(), followed_.end(),
                                  [id](const Followed& followed) { return followed.id == id; });
  return found == followed_.end() ? nullptr : &*found;
}

// Rows with its pieces since it began, and with what was called for it. In the row of the request
// all of it is going to be time in the state `retry`.
void Tracer::attempt_failed(const World& world, RequestId id, Outcome outcome) {
  Followed* followed = find(id);
  if (followed == nullptr) return;
  const Request& request = world.requests[id];
  const Instant now = world.events.now();
  const std::size_t row = followed->row;
  let_go_below(world, followed->trace, row, Outcome::abandoned);
  followed = find(id);
  book(*followed, request, account_so_far(world, id), now);
  followed->before = request;
  followed->id = RequestId::none();
  followed->booked = {};
  followed->passed_on.reset();
  TraceRecord& trace = traces_[followed->trace];
  std::vector<TracePiece> pieces = std::exchange(trace.rows[row].pieces, {});
  if (trace.rows.size() == kMostTraceRows) return void(++trace.rows_left_out);
  std::erase_if(pieces, [&](const TracePiece& piece) { return piece.begin < request.attempted; });
  const std::size_t attempt = trace.rows.size();
  for (TraceRecordRow& call : trace.rows) {
    if (call.kind == Kind::call && call.parent == row && &call != &trace.rows[row]) {
      call.parent = attempt;
    }
  }
  trace.rows.push_back({Kind::attempt, row, request.request_class, request.attempted, now, outcome,
                        true, std::move(pieces), trace.rows[row].bookings});
}

void Tracer::find_next_attempt(const World& world, Followed& followed) {
  world.requests.for_each([&](RequestId id, const Request& request) {
    if (is_next_attempt_of(followed.before, request)) followed.id = id;
  });
  COTENANT_ASSERT(!followed.id.is_none());
}

void Tracer::request_ended(const World& world, RequestId id, Outcome outcome) {
  if (find(id) != nullptr) end(world, id, outcome);
}

void Tracer::end(const World& world, RequestId id, Outcome outcome) {
  const std::size_t trace = find(id)->trace, row = find(id)->row;
  let_go_below(world, trace, row,
               outcome == Outcome::censored ? Outcome::censored : Outcome::abandoned);
  Followed& followed = *find(id);
  const Request& request = world.requests[id];
  const Instant now = world.events.now();
  book(followed, request, request.since == now ? request.times : account_so_far(world, id), now);
  close(followed, now, outcome);
  if (row == 0) {
    traces_[trace].attempts = request.attempts;
    traces_[trace].account = times_of(traces_[trace].rows.front());
    COTENANT_ASSERT(total(traces_[trace].account) == now - request.arrival);
  }
  followed_.erase(followed_.begin() + (&followed - followed_.data()));
}

void Tracer::close(Followed& followed, Instant now, Outcome outcome) {
  TraceRecordRow& row = row_of(followed);
  row.end = now;
  row.outcome = outcome;
  row.is_over = true;
}

bool Tracer::is_below(const Followed& followed, std::size_t trace, std::size_t row) const {
  if (followed.trace != trace) return false;
  std::size_t at = followed.row;
  while (at > row) at = traces_[trace].rows[at].parent;
  return at == row && followed.row != row;
}

void Tracer::let_go_below(const World& world, std::size_t trace, std::size_t row, Outcome outcome) {
  const Instant now = world.events.now();
  for (Followed& followed : followed_) {
    if (!is_below(followed, trace, row)) continue;
    if (!followed.id.is_none()) {
      book(followed, world.requests[followed.id], account_without_burst(world, followed.id), now);
    }
    close(followed, now, outcome);
  }
  std::erase_if(followed_,
                [&](const Followed& followed) { return is_below(followed, trace, row); });
}

// The account of a call that is over, where it is going to be that of its caller; null: it is not.
const TraceRecordRow* Tracer::passed_on_in(const Followed& followed, const WaitTimes& more) const {
  if (!followed.passed_on) return nullptr;
  const TraceRecordRow& row = traces_[followed.trace].rows[*followed.passed_on];
  return row.is_over && is_within(times_of(row), more) ? &row : nullptr;
}

void Tracer::book(Followed& followed, const Request& request, const WaitTimes& account,
                  Instant end) {
  WaitTimes more = account;
  subtract(more, followed.booked);
  const Duration time = total(more);
  if (time.is_zero()) return;
  followed.booked = account;
  TraceRecordRow& row = row_of(followed);
  const TraceRecordRow* passed_on = passed_on_in(followed, more);
  if (passed_on != nullptr) subtract(more, times_of(*passed_on));
  const Instant begin = end - time;
  for (const WaitState state : kBookingOrder) {
    if (time_in(more, state).is_zero()) continue;
    append(row, {begin, time_in(more, state), state, request.task, row.bookings});
  }
  ++row.bookings;
  if (passed_on == nullptr) return;
  followed.passed_on.reset();
  for (TracePiece piece : passed_on->pieces) {
    piece.booking += row.bookings;
    row.pieces.push_back(piece);
  }
  row.bookings += passed_on->bookings;
}

std::vector<TraceRecord> Tracer::finish(const World& world) {
  while (!followed_.empty()) {
    const auto request = std::find_if(followed_.begin(), followed_.end(),
                                      [](const Followed& followed) { return followed.row == 0; });
    if (request->id.is_none()) find_next_attempt(world, *request);
    end(world, request->id, Outcome::censored);
  }
  return std::move(traces_);
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// Where the time of single requests goes, on runs that can be computed by hand.
#include "models/tracer.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/blueprint_builder.h"

namespace cotenant {
namespace {

using Kind = TraceRecordRow::Kind;

Instant at_ms(std::int64_t ms) { return Instant() + milliseconds(ms); }

struct Piece {
  WaitState state;
  std::int64_t ms;

  friend bool operator==(const Piece&, const Piece&) = default;
  friend void PrintTo(const Piece& piece, std::ostream* out) {
    *out << to_string(piece.state) << ' ' << piece.ms;
  }
};

std::vector<Piece> pieces_of(const TraceRecordRow& row) {
  std::vector<Piece> pieces;
  for (const TracePiece& piece : row.pieces) {
    pieces.push_back({piece.state, piece.length.count() / 1'000'000});
  }
  return pieces;
}

// The request with that number of the only source, until the horizon.
TraceRecord traced(const Blueprint& blueprint, std::uint64_t ordinal, Instant horizon) {
  RunOptions options;
  options.recorder.horizon = horizon;
  options.recorder.traced = {{SourceId(0), ordinal}};
  const RunRecord record = run(blueprint, options);
  EXPECT_EQ(record.traces.size(), 1u);
  return record.traces.at(0);
}

TEST(Tracer, TellsWaitingFromComputing) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(at_ms(0), service, {cpu_step(milliseconds(10))});
  builder.request(at_ms(4), service, {cpu_step(milliseconds(10)), wait_step(milliseconds(3))});
  const TraceRecord trace = traced(builder.build(), 1, at_ms(100));
  ASSERT_EQ(trace.rows.size(), 1u);
  const TraceRecordRow& row = trace.rows.front();
  EXPECT_EQ(pieces_of(row),
            (std::vector<Piece>{
                {WaitState::accept_queue, 6}, {WaitState::cpu, 10}, {WaitState::wait, 3}}));
  EXPECT_EQ(row.begin, at_ms(4));
  EXPECT_EQ(row.end, at_ms(23));
  EXPECT_EQ(row.outcome, Outcome::completed);
}

// 15 ms of CPU at 5 ms in 10: one burst, of which nobody knows in which order it ran and waited.
TEST(Tracer, PutsWaitingOfABurstFirst) {
  BlueprintBuilder builder;
  const GroupId group =
      builder.group(1024, Bandwidth{CpuTime(5'000'000), milliseconds(10), CpuTime(0)});
  const ServiceId service = builder.service({.group = group});
  builder.request(Instant(), service, {cpu_step(milliseconds(15))});
  const TraceRecord trace = traced(builder.build(), 0, at_ms(100));
  const TraceRecordRow& row = trace.rows.front();
  ASSERT_EQ(pieces_of(row), (std::vector<Piece>{{WaitState::throttled, 10}, {WaitState::cpu, 15}}));
  EXPECT_EQ(row.pieces[0].booking, row.pieces[1].booking);
  EXPECT_EQ(row.pieces[1].begin, at_ms(10));
}

// The client gives up after 8 ms, while the first request has the worker, and tries again 2 ms
// later.
TEST(Tracer, FollowsARequestThroughItsAttempts) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(at_ms(0), service, {cpu_step(milliseconds(7))});
  builder.request(at_ms(0), service, {wait_step(milliseconds(6))});
  builder.client_timeout(milliseconds(8));
  builder.retries(retries_after(milliseconds(2), 1));
  const TraceRecord trace = traced(builder.build(), 1, at_ms(100));
  ASSERT_EQ(trace.rows.size(), 2u);
  EXPECT_EQ(trace.attempts, 2u);
  EXPECT_EQ(pieces_of(trace.rows[0]).front(), (Piece{WaitState::retry, 10}));
  EXPECT_EQ(trace.rows[1].kind, Kind::attempt);
  EXPECT_EQ(trace.rows[1].outcome, Outcome::timed_out);
  EXPECT_EQ(trace.rows[1].end, at_ms(8));
  EXPECT_EQ(pieces_of(trace.rows[1]),
            (std::vector<Piece>{{WaitState::accept_queue, 7}, {WaitState::wait, 1}}));
}

TEST(Tracer, FollowsCallsOfARequest) {
  BlueprintBuilder builder;
  const ServiceId web = builder.service();
  const ServiceId back = builder.external();
  const std::uint32_t lookup = builder.operation(back, {wait_step(milliseconds(5))});
  builder.request(
      at_ms(0), web,
      {cpu_step(milliseconds(1)), builder.call_step({{.operation = lookup, .count = 2}})});
  const TraceRecord trace = traced(builder.build(), 0, at_ms(100));
  ASSERT_EQ(trace.rows.size(), 3u);
  EXPECT_EQ(pieces_of(trace.rows[0]),
            (std::vector<Piece>{{WaitState::cpu, 1}, {WaitState::downstream, 10}}));
  for (const std::size_t call : {1u, 2u}) {
    EXPECT_EQ(trace.rows[call].kind, Kind::call);
    EXPECT_EQ(trace.rows[call].parent, 0u);
    EXPECT_EQ(trace.rows[call].end - trace.rows[call].begin, milliseconds(5));
  }
  EXPECT_EQ(trace.rows[2].begin, at_ms(6));
}

TEST(Tracer, SaysWhatIsUnfinishedAtTheEnd) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  builder.request(at_ms(0), service, {cpu_step(milliseconds(10))});
  const TraceRecord trace = traced(builder.build(), 0, at_ms(4));
  EXPECT_EQ(trace.rows.front().outcome, Outcome::censored);
  EXPECT_EQ(pieces_of(trace.rows.front()), (std::vector<Piece>{{WaitState::cpu, 4}}));
}

// Latencies of 10, 15, 10 and 10 ms.
TEST(Exemplars, NameTheFirstRequestOfALatency) {
  BlueprintBuilder builder;
  const ServiceId service = builder.service();
  for (const int ms : {0, 5, 20, 35}) {
    builder.request(at_ms(ms), service, {cpu_step(milliseconds(10))});
  }
  RunOptions options;
  options.recorder.horizon = at_ms(100);
  options.recorder.exemplars = ExemplarFilter{};
  const RunRecord record = run(builder.build(), options);
  ASSERT_TRUE(record.exemplars.has_value());
  EXPECT_EQ(record.exemplars->latency().count(), 4u);
  EXPECT_EQ(record.exemplars->nearest(milliseconds(11))->key.ordinal, 0u);
  EXPECT_EQ(record.exemplars->nearest(seconds(1))->key.ordinal, 1u);
  EXPECT_EQ(record.exemplars->nearest(seconds(1))->latency, milliseconds(15));
}

}  // namespace
}  // namespace cotenant

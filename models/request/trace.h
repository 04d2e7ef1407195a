// SPDX-License-Identifier: Apache-2.0
//
// How the account of a request has come about: piece by piece, with those of its failed attempts
// and of the calls that were made for it. models/tracer.h records it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/machine/machine.h"
#include "models/request/exemplars.h"
#include "models/request/outcome.h"
#include "models/request/wait_state.h"

namespace cotenant {

// Of what was booked at one instant, the part in one state.
struct TracePiece {
  Instant begin;
  Duration length;
  WaitState state = WaitState::cpu;
  TaskRef task;               // that has the request at the end of it; no machine: nobody has
  std::uint32_t booking = 0;  // of the row. Pieces of the same one alternated, nobody knows how
};

// A request, an attempt or a call: its pieces fill begin to end.
struct TraceRecordRow {
  enum class Kind : std::uint8_t { request, attempt, call };
  Kind kind = Kind::request;
  std::size_t parent = 0;
  ClassId request_class;
  Instant begin, end;
  Outcome outcome = Outcome::censored;
  bool is_over = false;
  std::vector<TracePiece> pieces;
  std::uint32_t bookings = 0;
};

// Calls and attempts beyond that many are counted only.
inline constexpr std::size_t kMostTraceRows = 200;

struct TraceRecord {
  RequestKey key;
  std::uint64_t attempts = 1;
  WaitTimes account{};               // of the request: the sum of its pieces
  std::vector<TraceRecordRow> rows;  // the request first
  std::uint64_t rows_left_out = 0;
};

}  // namespace cotenant

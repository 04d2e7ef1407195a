// SPDX-License-Identifier: Apache-2.0
//
// From stamps in the order of a log to arrivals in their own order. Stamps of whole seconds tie:
// those of one second are spread over it evenly, in the order of the log, always in the same way.
// What a server logs when it has answered arrived a while before, so rows wait in a heap until no
// earlier arrival can come; both are bounded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cotenant {

struct Arrival {
  std::int64_t at = 0;    // ns since 1970
  std::int64_t done = 0;  // of the same; `at` where it is not known
  std::int64_t service = -1;
  std::int64_t bytes_in = -1, bytes_out = -1, worker = -1;
  std::uint32_t class_index = 0;
  std::int32_t status = 0;
};

// Spreads stamps that are equal within their resolution.
class StampSpreader {
 public:
  // At most so many rows wait for the end of their second; more are spread in parts.
  static constexpr std::size_t kMostTied = std::size_t{1} << 17;

  explicit StampSpreader(std::int64_t resolution) : resolution_(resolution) {}

  // Calls emit(Arrival) for rows whose second is over.
  template <class Emit>
  void add(std::int64_t stamp, const Arrival& row, Emit&& emit) {
    if (resolution_ < kCoarse) return emit(row);
    if (!tied_.empty() && (stamp != stamp_ || tied_.size() >= kMostTied)) flush(emit);
    stamp_ = stamp;
    tied_.push_back(row);
  }
  template <class Emit>
  void flush(Emit&& emit) {
    const auto count = static_cast<std::int64_t>(tied_.size());
    std::int64_t place = 0;
    for (Arrival& row : tied_) {
      const std::int64_t shift = (2 * place++ + 1) * (resolution_ / 2) / count;
      row.at += shift;
      row.done += shift;
      emit(row);
    }
    tied_.clear();
  }

 private:
  static constexpr std::int64_t kCoarse = 1'000'000'000;

  std::int64_t resolution_;
  std::int64_t stamp_ = 0;
  std::vector<Arrival> tied_;
};

// Puts rows into the order of their arrivals.
class ArrivalOrder {
 public:
  // Requests that take longer come out late, and so does what exceeds the number of rows.
  static constexpr std::int64_t kHorizon = 600'000'000'000;
  static constexpr std::size_t kMostWaiting = std::size_t{1} << 19;

  template <class Emit>
  void add(const Arrival& row, Emit&& emit) {
    heap_.push_back({row, ordinal_++});
    up();
    latest_ = row.done > latest_ ? row.done : latest_;
    while (!heap_.empty() &&
           (heap_.front().row.at < latest_ - kHorizon || heap_.size() > kMostWaiting)) {
      pop(emit);
    }
  }
  template <class Emit>
  void flush(Emit&& emit) {
    while (!heap_.empty()) pop(emit);
  }
  // Rows that came out after a later arrival.
  std::int64_t late() const { return late_; }

 private:
  struct Waiting {
    Arrival row;
    std::uint64_t ordinal = 0;
  };
  static bool later(const Waiting& a, const Waiting& b) {
    return a.row.at != b.row.at ? a.row.at > b.row.at : a.ordinal > b.ordinal;
  }
  void up();
  Arrival take();
  template <class Emit>
  void pop(Emit&& emit) {
    const Arrival row = take();
    if (row.at < emitted_) ++late_;
    emitted_ = row.at > emitted_ ? row.at : emitted_;
    emit(row);
  }

  std::vector<Waiting> heap_;
  std::uint64_t ordinal_ = 0;
  std::int64_t latest_ = 0, emitted_ = 0, late_ = 0;
};

}  // namespace cotenant

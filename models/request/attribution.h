// SPDX-License-Identifier: Apache-2.0
//
// Where the time of completed requests went, by how long they took: sums of wait times in latency
// bands of about 4 % width. So the report can say where a p99 request spends its time, not only the
// average one. Integer sums: merging is exact and order-free.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/request/wait_state.h"
#include "sim/base/hash.h"
#include "sim/base/units.h"

namespace cotenant {

class Attribution {
 public:
  struct Band {
    std::uint64_t requests = 0;
    WaitTimes times{};

    void add(const Band& other);
  };

  Attribution() : bands_(kBands) {}

  // See add_unchecked().
  void record(Duration latency, const WaitTimes& times) {
    Band& band = bands_[band_of(latency)];
    ++band.requests;
    add_unchecked(band.times, times);
  }

  void merge(const Attribution& other);

  // The band that a latency falls into.
  const Band& band(Duration latency) const { return bands_[band_of(latency)]; }

  // All requests.
  Band total() const;

  void hash_into(Hasher& hasher) const;

 private:
  // Sixteen bands per power of two: 4 % on average, fine enough to tell states apart, and small
  // enough that a run touches a few kilobytes.
  static constexpr int kBandBits = 4;
  static constexpr std::size_t kBands = std::size_t{64} << kBandBits;

  static std::size_t band_of(Duration latency) {
    const auto ns = static_cast<std::uint64_t>(latency.count());
    const int octave = static_cast<int>(std::bit_width(ns | 1)) - 1;
    const std::uint64_t top =
        octave >= kBandBits ? ns >> (octave - kBandBits) : ns << (kBandBits - octave);
    return static_cast<std::size_t>(octave) << kBandBits | (top & ((1u << kBandBits) - 1));
  }

  std::vector<Band> bands_;
};

}  // namespace cotenant

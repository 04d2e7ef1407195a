// SPDX-License-Identifier: Apache-2.0
//
// How many requests arrived in each of equal intervals, for a log of any length: the intervals are
// 10 s long and become wider when there are too many of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cotenant {

class RateBins {
 public:
  static constexpr std::int64_t kSecond = 1'000'000'000;
  static constexpr std::size_t kMost = 65'536;

  // False for an instant too far from the others: seven years.
  bool add(std::int64_t at);

  // Whether the instant is in one of them.
  bool covers(std::int64_t at) const {
    const std::int64_t place = at / width_ - first_;
    return at >= 0 && place >= 0 && place < static_cast<std::int64_t>(counts_.size());
  }

  std::int64_t width() const { return width_; }  // ns
  std::int64_t begin() const { return first_ * width_; }
  const std::vector<std::int64_t>& counts() const { return counts_; }

  // The same in wider intervals, a multiple of width().
  std::vector<std::int64_t> counts_by(std::int64_t width) const;

 private:
  bool widen();

  std::int64_t width_ = 10 * kSecond;
  std::int64_t first_ = 0;  // number of the first interval since 1970
  std::vector<std::int64_t> counts_;
};

// The index of dispersion of the counts: their variance by their mean, each taken within groups of
// so many neighbors, so that the change of the rate over the day does not count. 1 is Poisson; 0
// where there is too little to tell.
double dispersion(const std::vector<std::int64_t>& counts, std::size_t group);

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "validation/import/rate_bins.h"

#include <array>

namespace cotenant {
namespace {

// Each a multiple of the one before.
constexpr std::array<std::int64_t, 4> kWidths = {10 * RateBins::kSecond, 60 * RateBins::kSecond,
                                                 300 * RateBins::kSecond, 3600 * RateBins::kSecond};

}  // namespace

bool RateBins::widen() {
  for (const std::int64_t wider : kWidths) {
    if (wider <= width_) continue;
    const std::int64_t begin = first_ * width_ / wider;
    counts_ = counts_by(wider);
    first_ = begin;
    width_ = wider;
    return true;
  }
  return false;
}

std::vector<std::int64_t> RateBins::counts_by(std::int64_t width) const {
  const std::int64_t ratio = width / width_;
  const std::int64_t begin = first_ / ratio;
  std::vector<std::int64_t> wide;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const auto place =
        static_cast<std::size_t>((first_ + static_cast<std::int64_t>(i)) / ratio - begin);
    if (place >= wide.size()) wide.resize(place + 1);
    wide[place] += counts_[i];
  }
  return wide;
}

bool RateBins::add(std::int64_t at) {
  if (at < 0) return false;
  while (true) {
    const std::int64_t bin = at / width_;
    if (counts_.empty()) {
      first_ = bin;
      counts_.push_back(1);
      return true;
    }
    const std::int64_t place = bin - first_;
    const auto size = static_cast<std::int64_t>(counts_.size());
    if (place >= 0 && place < size) {
      ++counts_[static_cast<std::size_t>(place)];
      return true;
    }
    const std::int64_t needed = place < 0 ? size - place : place + 1;
    if (needed > static_cast<std::int64_t>(kMost)) {
      // A stamp that is years off must not make the other bins wider.
      if (needed > static_cast<std::int64_t>(kMost) * (kWidths.back() / width_)) return false;
      if (!widen()) return false;
      continue;
    }
    if (place < 0) {
      counts_.insert(counts_.begin(), static_cast<std::size_t>(-place), 0);
      first_ = bin;
      counts_.front() = 1;
    } else {
      counts_.resize(static_cast<std::size_t>(needed));
      counts_.back() = 1;
    }
    return true;
  }
}

double dispersion(const std::vector<std::int64_t>& counts, std::size_t group) {
  double squares = 0, means = 0;
  for (std::size_t begin = 0; begin + group <= counts.size(); begin += group) {
    double sum = 0;
    for (std::size_t i = begin; i < begin + group; ++i) sum += static_cast<double>(counts[i]);
    const double mean = sum / static_cast<double>(group);
    double square = 0;
    for (std::size_t i = begin; i < begin + group; ++i) {
      const double off = static_cast<double>(counts[i]) - mean;
      square += off * off;
    }
    squares += square / static_cast<double>(group - 1);
    means += mean;
  }
  return means > 0 ? squares / means : 0;
}

}  // namespace cotenant

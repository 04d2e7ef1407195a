// SPDX-License-Identifier: Apache-2.0
//
// The restricted Damerau-Levenshtein distance (optimal string alignment) with three rolling rows,
// after Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3),
// 1964. Letters are compared without regard to case, underscore like hyphen and blank.
#include "scenarios/nearest.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace cotenant {

namespace {

// Longer names are not typing mistakes of ours, and the bound keeps the cost of hostile input
// small.
constexpr std::size_t kMaxLength = 64;

char folded(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == '_' || c == ' ' ? '-' : c;
}

std::size_t distance(std::string_view a, std::string_view b) {
  using Row = std::array<std::size_t, kMaxLength + 1>;
  Row before_last{}, last{}, row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last = last;
    last = row;
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
                           folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string_view>& candidates) {
  if (name.empty() || name.size() > kMaxLength) return "";
  std::string_view best;
  std::size_t best_distance = kMaxLength;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kMaxLength) continue;
    const std::size_t edits = distance(name, candidate);
    const std::size_t longer = std::max(name.size(), candidate.size());
    const std::size_t allowed = std::max<std::size_t>(1, longer / 3);
    // Of short names at least half must stay: "h" is no hint for someone who wrote "x".
    if (edits <= allowed && 2 * edits < longer && edits < best_distance) {
      best = candidate;
      best_distance = edits;
    }
  }
  return std::string(best);
}

}  // namespace cotenant

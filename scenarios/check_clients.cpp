// SPDX-License-Identifier: Apache-2.0
//
// Checks of what clients do.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scenarios/checker.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void check_outcomes(Checker& checker, const std::string& pointer,
                    const std::vector<std::string>& on) {
  for (std::size_t i = 1; i < on.size(); ++i) {
    const auto end = on.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(on.begin(), end, on[i]) == end) continue;
    checker.problem(fmt::format("{}/on/{}", pointer, i), in_quotes(on[i]) + " is given twice");
  }
}

// Limits and errors answer at once.
constexpr std::array<std::string_view, 3> kAtOnce = {"rejected_503", "rejected_429", "error_500"};

void check_end(Checker& checker, const std::string& pointer, const Retries& retries,
               bool refused_at_once) {
  const bool pauses = retries.backoff && !is_zero(retries.backoff->base);
  const bool fails_at_once =
      std::any_of(kAtOnce.begin(), kAtOnce.end(), [&](auto name) { return has(retries.on, name); });
  const bool endless = fails_at_once || (refused_at_once && has(retries.on, "refused"));
  if (retries.max || pauses || !endless) return;
  const std::string backoff = pointer + "/backoff";
  checker.problem(retries.backoff ? backoff + "/base" : backoff,
                  "unlimited retries need a pause above 0s: a request that fails at once would "
                  "be repeated endlessly at the same instant");
}

}  // namespace

void check_retries(Checker& checker, const std::string& pointer, const Retries& retries,
                   bool refused_at_once) {
  if (retries.backoff) {
    check_law(checker, pointer + "/backoff/base", retries.backoff->base, false);
  }
  if (!checker.sound(pointer)) return;
  check_outcomes(checker, pointer, retries.on);
  check_end(checker, pointer, retries, refused_at_once);
}

void check_clients(Checker& checker) {
  const std::optional<Retries>& retries = checker.scenario().workload.clients.retries;
  if (retries) check_retries(checker, "/workload/clients/retries", *retries, false);
}

}  // namespace cotenant

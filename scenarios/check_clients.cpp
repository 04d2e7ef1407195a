// SPDX-License-Identifier: Apache-2.0
//
// Checks of what clients do.
#include <fmt/format.h>

#include <algorithm>

#include "scenarios/checker.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

constexpr const char* kRetries = "/workload/clients/retries";

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void check_outcomes(Checker& checker, const std::vector<std::string>& on) {
  for (std::size_t i = 1; i < on.size(); ++i) {
    const auto end = on.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(on.begin(), end, on[i]) == end) continue;
    checker.problem(fmt::format("{}/on/{}", kRetries, i), in_quotes(on[i]) + " is given twice");
  }
}

// Limits and errors answer at once.
void check_end(Checker& checker, const Retries& retries) {
  const bool pauses = retries.backoff && !is_zero(retries.backoff->base);
  const bool fails_at_once = has(retries.on, "rejected_503") || has(retries.on, "error_500");
  if (retries.max || pauses || !fails_at_once) return;
  const std::string backoff = std::string(kRetries) + "/backoff";
  checker.problem(retries.backoff ? backoff + "/base" : backoff,
                  "unlimited retries need a pause above 0s: a request that fails at once would "
                  "be repeated endlessly at the same instant");
}

}  // namespace

void check_clients(Checker& checker) {
  const std::optional<Retries>& retries = checker.scenario().workload.clients.retries;
  if (!retries) return;
  if (retries->backoff) {
    check_law(checker, std::string(kRetries) + "/backoff/base", retries->backoff->base, false);
  }
  if (!checker.sound(kRetries)) return;
  check_outcomes(checker, retries->on);
  check_end(checker, *retries);
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_retries.h"

#include <algorithm>

#include "scenarios/compile_laws.h"
#include "scenarios/fields_law.h"

namespace cotenant {
namespace {

Jitter compile_jitter(const std::string& name) {
  if (name == "full") return Jitter::full;
  return name == "equal" ? Jitter::equal : Jitter::none;
}

BackoffSpec compile_backoff(const Backoff& backoff) {
  return {Sampler(compile_law(backoff.base)), backoff.factor, backoff.cap.value_or(kLongest),
          compile_jitter(backoff.jitter)};
}

// Fractions of a token are rounded to a billionth, which is far below what any budget says.
RetryBudget compile_budget(const TokenBudget& budget) {
  const double token = static_cast<double>(kRetryToken);
  return {static_cast<std::int64_t>(budget.ratio * token + 0.5), budget.burst * kRetryToken};
}

}  // namespace

RetrySpec compile_retries(const Retries& retries) {
  RetrySpec spec;
  if (retries.max) spec.max = static_cast<std::uint32_t>(*retries.max);
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    spec.on[i] = std::find(retries.on.begin(), retries.on.end(),
                           to_string(as_seen(static_cast<Outcome>(i)))) != retries.on.end();
  }
  if (retries.backoff) spec.backoff = compile_backoff(*retries.backoff);
  if (retries.budget) spec.budget = compile_budget(*retries.budget);
  spec.deadline = retries.deadline;
  spec.only_idempotent = retries.only_idempotent;
  return spec;
}

}  // namespace cotenant

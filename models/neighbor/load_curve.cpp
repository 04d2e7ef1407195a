// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/neighbor/spec.h"

namespace cotenant {

Duration LoadCurve::into_period(Instant at) const {
  const Duration since_start = at - Instant();
  if (period.is_zero()) return since_start;
  return Duration(since_start.count() % period.count());
}

std::size_t LoadCurve::step_at(Instant in_period) const {
  const auto after =
      std::upper_bound(steps.begin(), steps.end(), in_period,
                       [](Instant instant, const Step& step) { return instant < step.from; });
  return static_cast<std::size_t>(after - steps.begin()) - 1;
}

double LoadCurve::factor_at(Instant at) const {
  return steps[step_at(Instant() + into_period(at))].factor;
}

Instant LoadCurve::end_of_step(Instant at) const {
  const Duration into = into_period(at);
  const std::size_t next = step_at(Instant() + into) + 1;
  if (next < steps.size()) return at + (steps[next].from - (Instant() + into));
  return period.is_zero() ? Instant::never() : at + (period - into);
}

}  // namespace cotenant

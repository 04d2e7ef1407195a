// SPDX-License-Identifier: Apache-2.0
#include "validation/import/arrivals.h"

#include <algorithm>

namespace cotenant {

void ArrivalOrder::up() { std::push_heap(heap_.begin(), heap_.end(), later); }

Arrival ArrivalOrder::take() {
  std::pop_heap(heap_.begin(), heap_.end(), later);
  const Arrival row = heap_.back().row;
  heap_.pop_back();
  return row;
}

}  // namespace cotenant

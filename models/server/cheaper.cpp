// SPDX-License-Identifier: Apache-2.0
#include "models/server/cheaper.h"

#include <algorithm>

namespace cotenant {
namespace {

constexpr std::int32_t kEndOne = -1;

std::int32_t as_many_as_may_start(const CheaperSpec& spec, const CheaperView& view) {
  return static_cast<std::int32_t>(std::min(spec.step, view.stopped));
}

std::int32_t decide_by_backlog(const CheaperSpec& spec, const CheaperView& view) {
  if (view.queued > spec.overload) return as_many_as_may_start(spec, view);
  return view.queued < spec.overload && view.active > spec.workers ? kEndOne : 0;
}

}  // namespace

std::int32_t Cheaper::decide_by_spare(const CheaperSpec& spec, const CheaperView& view) {
  if (view.busy < view.active) {
    if (overloaded_ > 0) --overloaded_;
  } else {
    ++overloaded_;
    idle_ = 0;
  }
  if (overloaded_ > spec.overload) {
    overloaded_ = 0;
    return as_many_as_may_start(spec, view);
  }
  if (overloaded_ > 0 || view.active == view.busy + 1) return 0;
  ++idle_;
  return view.active > spec.workers && idle_ % spec.overload == 0 ? kEndOne : 0;
}

std::int32_t Cheaper::decide(const CheaperSpec& spec, const CheaperView& view) {
  return spec.algorithm == CheaperAlgorithm::spare ? decide_by_spare(spec, view)
                                                   : decide_by_backlog(spec, view);
}

}  // namespace cotenant

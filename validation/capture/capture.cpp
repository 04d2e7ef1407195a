// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/capture.h"

#include <algorithm>

namespace cotenant {

Duration Capture::duration() const {
  Duration last;
  for (const CapturedRequest& request : requests) last = std::max(last, request.done);
  for (const GroupSeries& series : groups) {
    if (!series.samples.empty()) last = std::max(last, series.samples.back().at);
  }
  if (!host.empty()) last = std::max(last, host.back().at);
  return last;
}

}  // namespace cotenant

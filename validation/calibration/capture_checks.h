// SPDX-License-Identifier: Apache-2.0
//
// Whether a capture can be believed, before anything is fitted to it: what must hold of any
// recording of any application, whatever its parameters are. A check that fails says with numbers
// what does not add up and what to do; one that warns says what cannot be fitted well.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "validation/capture/capture.h"

namespace cotenant {

enum class CheckResult : std::uint8_t { passed, warned, failed };

struct CaptureCheck {
  std::string name;  // "little's law"
  CheckResult result = CheckResult::passed;
  std::string sentence;
};

// Of the capture, and of the control group of that name, which serves its requests.
std::vector<CaptureCheck> check_capture(const Capture& capture, std::string_view group);

// True when a check failed: calibration would fit nonsense.
bool any_failed(const std::vector<CaptureCheck>& checks);

}  // namespace cotenant

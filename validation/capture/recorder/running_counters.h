// SPDX-License-Identifier: Apache-2.0
//
// Counters as a bundle has them: from 0 at the first sample on, and never back. The kernel's begin
// anew with each control group, and an application that is started anew may get another one.
#pragma once

#include <optional>

#include "validation/capture/capture.h"

namespace cotenant {

class RunningCounters {
 public:
  // Of what the kernel says, in order of time. True where a counter has gone back, so that what was
  // counted in between is lost.
  bool turn(GroupSample& sample);

  // What comes next counts from 0, whatever it says.
  void start_anew();

 private:
  GroupSample last_;  // as the kernel had it
  GroupSample sum_;   // as the bundle has it
  bool is_first_ = true;
};

}  // namespace cotenant

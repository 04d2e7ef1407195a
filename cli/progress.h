// SPDX-License-Identifier: Apache-2.0
//
// How far a run is and how long it may still take: one line on a terminal that is redrawn and wiped
// in the end, or, where lines cannot be redrawn, a line now and then. Quiet for the first half
// second, because a short run needs no comment.
#pragma once

#include <cstddef>
#include <functional>
#include <ostream>
#include <string>

#include "study/study.h"

namespace cotenant {

class ProgressMeter {
 public:
  enum class Form { none, redrawn_line, separate_lines };

  ProgressMeter(std::ostream& err, Form form, std::size_t width, std::function<double()> clock);
  ~ProgressMeter() { finish(); }
  ProgressMeter(const ProgressMeter&) = delete;
  ProgressMeter& operator=(const ProgressMeter&) = delete;

  void update(const Progress& progress);

  // Wipes the line, before anything else is written.
  void finish();

 private:
  std::ostream& err_;
  Form form_;
  std::size_t width_;
  std::function<double()> clock_;
  double start_;
  double next_;  // when to write again
  bool drawn_ = false;
};

// "43 %, 26 of 60 runs, about 8 s left".
std::string progress_text(const Progress& progress, double elapsed);

}  // namespace cotenant

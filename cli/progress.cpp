// SPDX-License-Identifier: Apache-2.0
//
// The time left is estimated from the time taken: elapsed * (1 - done) / done. Honest enough, as
// the work of a replication hardly differs from that of the next.
#include "cli/progress.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "study/writers/display.h"
#include "study/writers/format.h"

namespace cotenant {
namespace {

constexpr double kQuietSeconds = 0.5;
constexpr double kRedrawSeconds = 0.1;
constexpr double kLineSeconds = 5;

// Before this, an estimate is a guess.
constexpr double kEnoughDone = 0.02;

// Rounded as people round: seconds, then whole minutes.
std::string about(double seconds) {
  constexpr double kMinute = 60, kTwoMinutes = 120;
  const double shown = seconds < kTwoMinutes ? std::max(1.0, std::ceil(seconds))
                                             : std::ceil(seconds / kMinute) * kMinute;
  return "about " + plain_duration(shown) + " left";
}

}  // namespace

std::string progress_text(const Progress& progress, double elapsed) {
  const double done = std::min(std::max(progress.fraction, 0.0), 1.0);
  std::string text = whole_percent(done);
  if (progress.runs_planned > 0) {
    text += ", " + grouped(progress.runs_done) + " of " + grouped(progress.runs_planned) + " runs";
  }
  if (done >= kEnoughDone) text += ", " + about(elapsed * (1 - done) / done);
  return text;
}

ProgressMeter::ProgressMeter(std::ostream& err, Form form, std::size_t width,
                             std::function<double()> clock)
    : err_(err), form_(form), width_(width), clock_(std::move(clock)) {
  start_ = clock_();
  next_ = start_ + kQuietSeconds;
}

void ProgressMeter::update(const Progress& progress) {
  if (form_ == Form::none) return;
  const double now = clock_();
  if (now < next_) return;
  const std::string text = progress_text(progress, now - start_);
  if (form_ == Form::redrawn_line) {
    // One column less than the terminal has: a full line would wrap on some.
    constexpr std::string_view kEraseToEnd = "\x1b[K";
    err_ << '\r' << clip(text, width_ - 1) << kEraseToEnd << std::flush;
    next_ = now + kRedrawSeconds;
  } else {
    err_ << text << std::endl;
    next_ = now + kLineSeconds;
  }
  drawn_ = true;
}

void ProgressMeter::finish() {
  if (drawn_ && form_ == Form::redrawn_line) err_ << "\r\x1b[K" << std::flush;
  drawn_ = false;
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/recorder/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenarios/quantity.h"
#include "validation/import/log_time.h"

namespace cotenant {
namespace {

constexpr std::uint32_t kApplication = 0;  // its group
// Reading the memory of processes and the limits costs more than the rest.
constexpr std::int64_t kSecondsBetweenMemory = 10, kSecondsBetweenProcesses = 5;
// The clocks drift apart by less in a second, unless one is set.
constexpr Duration kClockJump = milliseconds(50);

std::string seconds_text(Duration at) { return fmt::format("{:.1f} s", in_seconds(at)); }

HostSample since(const HostSample& first, const HostSample& now) {
  HostSample sample = now;
  sample.busy -= first.busy;
  sample.stolen = std::max(now.stolen - first.stolen, CpuTime());
  // Of this counter the kernel says itself that it may go back (proc(5)).
  if (now.waiting_for_io) {
    sample.waiting_for_io = std::max(*now.waiting_for_io - *first.waiting_for_io, CpuTime());
  }
  const auto subtract = [](std::optional<Duration>& from, const std::optional<Duration>& what) {
    if (from && what) *from -= *what;
  };
  subtract(sample.cpu_some, first.cpu_some);
  subtract(sample.memory_some, first.memory_some);
  subtract(sample.memory_full, first.memory_full);
  subtract(sample.io_some, first.io_some);
  subtract(sample.io_full, first.io_full);
  return sample;
}

}  // namespace

ApplicationRecorder::ApplicationRecorder(RecordingOptions options, RecorderClock clock,
                                         const Application& application)
    : options_(std::move(options)),
      clock_(std::move(clock)),
      start_(clock_.steady()),
      wall_ahead_(clock_.wall() - start_),
      own_cpu_(clock_.own_cpu()),
      search_(search_again(options_.search, application)),
      application_(application),
      host_(options_.root) {
  capture_.name = options_.name;
  capture_.origin = options_.origin;
  capture_.started = utc_text((start_ + wall_ahead_).count());
  capture_.resolution = std::min(options_.log_resolution, options_.interval);
  capture_.machine = read_machine(options_.root);
  capture_.machine.cgroup_version = application.group.version;
  capture_.server = application.server;
  // One that has just been started may not have all of them yet.
  capture_.server.workers = std::max(application.workers, application.server.workers.value_or(1));
  add_groups(application);
  capture_.server.group = capture_.groups[kApplication].group.name;
  if (application.port) {
    accept_queue_.emplace(options_.root, application.master.id, *application.port);
  }
  if (!options_.log.empty()) log_.emplace(options_.log);
  writer_.emplace(options_.bundle, capture_);
  measure_memory();
  take_sample(clock_.steady() - start_);
}

void ApplicationRecorder::add_groups(const Application& application) {
  const ControlGroup& group = application.group;
  if (!application.is_alone) {
    groups_.emplace_back(options_.root, group, "application", application.processes);
  }
  if (!group.is_root()) groups_.emplace_back(group);
  for (ControlGroup& around : limits_around(options_.root, group)) {
    groups_.emplace_back(std::move(around));
  }
  for (const FollowedGroup& followed : groups_) {
    capture_.groups.push_back({followed.limits(), {}});
  }
  if (!application.is_alone) {
    capture_.remarks.push_back(
        "the control group " + group.name() +
        " holds other processes, too: the application's own are added up as \"application\"");
  }
}

void ApplicationRecorder::run(const std::atomic<bool>& stop,
                              const std::function<void(const RecordingStatus&)>& progress) {
  Duration due;
  for (Duration at; !stop && !(options_.length && at >= *options_.length);) {
    // One that comes too late does not push back those after it.
    while (due <= at) due += options_.interval;
    clock_.sleep_until(start_ + due);
    at = clock_.steady() - start_;
    if (at > due + options_.interval) ++late_samples_;
    take_sample(at);
    if (at < seconds(seconds_ + 1)) continue;
    once_a_second(at);
    progress(status(at));
  }
  finish(clock_.steady() - start_);
}

void ApplicationRecorder::take_sample(Duration at) {
  for (std::uint32_t i = 0; i < groups_.size(); ++i) sample_group(i, at);
  sample_host(at);
  if (has_coarse_stamps()) read_log();
  ++samples_;
}

void ApplicationRecorder::sample_group(std::uint32_t index, Duration at) {
  auto sample = groups_[index].read();
  if (!sample) return;
  sample->at = at;
  if (index == kApplication) {
    if (accept_queue_) sample->accept_queue = accept_queue_->read();
    sample->memory_private = std::exchange(private_memory_, std::nullopt);
    last_ = *sample;
  }
  if (groups_[index].went_back()) {
    remark(at, "a counter of " + capture_.groups[index].group.name + " went back");
  }
  writer_->add(index, *sample);
}

void ApplicationRecorder::sample_host(Duration at) {
  const auto sample = host_.read();
  if (!sample) return;
  if (!first_host_) first_host_ = sample;
  HostSample row = since(*first_host_, *sample);
  row.at = at;
  writer_->add(row);
}

void ApplicationRecorder::read_log() {
  if (!log_) return;
  const std::int64_t rotations = log_->rotations();
  log_->poll([&](std::string_view line) { take_line(line); });
  if (log_->rotations() > rotations) {
    remark(clock_.steady() - start_, "the log was rotated");
  }
}

void ApplicationRecorder::take_line(std::string_view line) {
  auto logged = options_.read_line(line);
  if (!logged) {
    ++bad_lines_;
    return;
  }
  CapturedRequest& request = logged->request;
  const Duration zero = start_ + wall_ahead_;
  request.arrival -= zero;
  request.done -= zero;
  // Logs may be written late; what ended before the capture is not a part of it.
  if (request.done + options_.log_resolution < Duration()) {
    ++early_requests_;
    return;
  }
  if (has_coarse_stamps()) refine(request);
  request.class_index = writer_->class_index(logged->class_name);
  writer_->add(request);
  ++requests_;
}

// Stamps of whole seconds say less than when the line was seen, if that was at once: in the middle
// of an interval.
void ApplicationRecorder::refine(CapturedRequest& request) {
  const Duration seen = clock_.steady() - start_ - options_.interval / 2;
  const Duration latest = request.done + options_.log_resolution;
  const bool is_late = seen > latest;
  if (is_late) ++late_requests_;
  const Duration done =
      is_late ? request.done + options_.log_resolution / 2 : std::max(seen, request.done);
  request.arrival += done - request.done;
  request.done = done;
}

void ApplicationRecorder::once_a_second(Duration at) {
  seconds_ = at.count() / seconds(1).count();
  look_after_clock();
  read_log();
  look_after_application(at);
  if (seconds_ % kSecondsBetweenMemory == 0) {
    measure_memory();
    look_after_limits(at);
  }
  writer_->flush();
}

void ApplicationRecorder::look_after_clock() {
  const Duration steady = clock_.steady();
  const Duration ahead = clock_.wall() - steady;
  const Duration jump = ahead - wall_ahead_;
  wall_ahead_ = ahead;
  if (jump < kClockJump && jump > Duration() - kClockJump) return;
  remark(steady - start_, fmt::format("the clock was set by {:+.3f} s", in_seconds(jump)));
}

void ApplicationRecorder::look_after_application(Duration at) {
  const auto master = read_process(options_.root, application_.master.id);
  const bool is_same = master && master->start == application_.master.start;
  if (is_same) {
    if (!application_.is_alone) look_after_processes();
    return;
  }
  if (is_running_) remark(at, "the application ended");
  is_running_ = false;
  const FoundApplication found = find_application(options_.root, search_);
  if (!found.application) return;
  application_ = *found.application;
  is_running_ = true;
  remark(at, fmt::format("the application was started anew with {} workers", application_.workers));
  groups_[kApplication].follow(application_.processes, true);
  groups_[kApplication].move_to(application_.group);
  if (application_.port) {
    accept_queue_.emplace(options_.root, application_.master.id, *application_.port);
  }
}

// A look at all processes of a machine costs much more than a sample: only when the master has
// other children than before, one of the application's is gone, and now and then.
void ApplicationRecorder::look_after_processes() {
  const std::string master = std::to_string(application_.master.id);
  const auto children =
      read_once(options_.root / "proc" / master / "task" / master / "children").value_or("");
  const auto known = static_cast<std::int64_t>(application_.processes.size());
  const bool is_due = seconds_ % kSecondsBetweenProcesses == 0;
  if (children == children_ && last_.processes == known && !is_due) return;
  children_ = children;
  application_.processes = family_of(options_.root, application_.master.id);
  groups_[kApplication].follow(application_.processes, false);
}

void ApplicationRecorder::look_after_limits(Duration at) {
  for (std::size_t i = 0; i < groups_.size() && is_running_; ++i) {
    const CapturedGroup limits = groups_[i].limits();
    CapturedGroup& known = capture_.groups[i].group;
    if (limits == known) continue;
    known = limits;
    remark(at, "the limits of " + known.name + " were changed; the manifest has the last ones");
  }
}

void ApplicationRecorder::measure_memory() {
  Bytes sum;
  bool is_known = false;
  if (application_.is_alone) application_.processes = application_.group.members();
  for (const std::int64_t id : application_.processes) {
    if (const auto bytes = private_memory(options_.root, id)) {
      sum += *bytes;
      is_known = true;
    }
  }
  if (is_known) private_memory_ = sum;
}

void ApplicationRecorder::remark(Duration at, const std::string& what) {
  // An application that crashes in a loop is said to do so, not each time.
  constexpr std::size_t kMostRemarks = 200;
  if (capture_.remarks.size() >= kMostRemarks) return;
  capture_.remarks.push_back(seconds_text(at) + ": " + what);
  if (capture_.remarks.size() == kMostRemarks) {
    capture_.remarks.push_back("what happened later is not said any more");
  }
  if (writer_) writer_->describe(capture_);
}

RecordingStatus ApplicationRecorder::status(Duration at) {
  RecordingStatus status;
  status.elapsed = at;
  status.samples = samples_;
  status.requests = requests_;
  status.is_running = is_running_;
  const double passed = in_seconds(last_.at - second_ago_.at);
  if (passed > 0) status.cores = in_seconds(last_.cpu - second_ago_.cpu) / passed;
  const auto periods = last_.nr_periods.value_or(0) - second_ago_.nr_periods.value_or(0);
  const auto throttled = last_.nr_throttled.value_or(0) - second_ago_.nr_throttled.value_or(0);
  if (periods > 0) status.throttled = static_cast<double>(throttled) / static_cast<double>(periods);
  status.memory = last_.memory;
  status.cost = in_seconds(clock_.own_cpu() - own_cpu_) / in_seconds(at);
  second_ago_ = last_;
  return status;
}

void ApplicationRecorder::finish(Duration at) {
  look_after_application(at);
  if (at > last_.at) take_sample(at);
  read_log();
  const auto say = [&](std::int64_t count, const std::string& what) {
    if (count > 0) capture_.remarks.push_back(std::to_string(count) + " " + what);
  };
  say(bad_lines_, "lines of the log were not in its format");
  if (log_) say(log_->too_long(), "lines of the log were longer than 64 KiB");
  say(early_requests_, "requests in the log had ended before the capture began");
  say(late_requests_, "requests were logged late: when they ended is known to the second only");
  say(late_samples_, "samples were late by more than " + to_text(options_.interval));
  capture_.cost = CaptureCost{clock_.own_cpu() - own_cpu_, at};
  writer_->finish(capture_);
}

}  // namespace cotenant

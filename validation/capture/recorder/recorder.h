// SPDX-License-Identifier: Apache-2.0
//
// Records a running application into a bundle, without changing it: samples of its groups and of
// the machine at a steady pace, requests from its log. Knows no clock and no signals; whoever runs
// it says what time it is, and when it is enough.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/units.h"
#include "validation/capture/capture.h"
#include "validation/capture/recorder/find_application.h"
#include "validation/capture/recorder/followed_group.h"
#include "validation/capture/recorder/host_files.h"
#include "validation/capture/recorder/log_entry.h"
#include "validation/capture/recorder/recorder_clock.h"
#include "validation/capture/recorder/tail_log.h"
#include "validation/capture/write_bundle.h"

namespace cotenant {

struct RecordingOptions {
  std::filesystem::path root = "/";
  std::filesystem::path bundle;
  std::string name, origin;
  ApplicationSearch search;
  Duration interval = milliseconds(100);
  std::optional<Duration> length;  // none: until it is stopped
  std::filesystem::path log;       // empty: none
  ReadLogLine read_line;
  Duration log_resolution;  // of its stamps
};

// For whoever watches, once a second.
struct RecordingStatus {
  Duration elapsed;
  std::int64_t samples = 0, requests = 0;
  bool is_running = true;  // the application
  double cores = 0;        // that the application used in the last second
  double throttled = 0;    // part of the last second's periods, where there is a limit
  std::optional<Bytes> memory;
  double cost = 0;  // of a core, by the recorder since it began
};

class ApplicationRecorder {
 public:
  // Makes the bundle and takes the first sample: what happens from then on is recorded. The
  // application is one that was found by the search of the options.
  ApplicationRecorder(RecordingOptions options, RecorderClock clock,
                      const Application& application);

  // Until the length is over or `stop`; then the bundle is complete.
  void run(const std::atomic<bool>& stop,
           const std::function<void(const RecordingStatus&)>& progress);

  // What is said of it in the manifest.
  const Capture& description() const { return capture_; }
  std::int64_t samples() const { return samples_; }
  std::int64_t requests() const { return requests_; }

 private:
  void add_groups(const Application& application);
  void take_sample(Duration at);
  void sample_group(std::uint32_t index, Duration at);
  void sample_host(Duration at);
  void read_log();
  void take_line(std::string_view line);
  bool has_coarse_stamps() const { return options_.log_resolution > options_.interval; }
  void refine(CapturedRequest& request);
  void once_a_second(Duration at);
  void look_after_application(Duration at);
  void look_after_processes();
  void look_after_limits(Duration at);
  void look_after_clock();
  void measure_memory();
  void remark(Duration at, const std::string& what);
  RecordingStatus status(Duration at);
  void finish(Duration at);

  RecordingOptions options_;
  RecorderClock clock_;
  Capture capture_;
  Duration start_;       // steady
  Duration wall_ahead_;  // of the steady clock
  CpuTime own_cpu_;      // at the start
  ApplicationSearch search_;
  Application application_;
  std::string children_;  // of the master, as the kernel lists them
  bool is_running_ = true;
  std::vector<FollowedGroup> groups_;  // the application's first
  HostFiles host_;
  std::optional<HostSample> first_host_;
  std::optional<AcceptQueue> accept_queue_;
  std::optional<TailLog> log_;
  std::optional<Bytes> private_memory_;  // for the next sample
  GroupSample last_, second_ago_;        // of the application
  std::int64_t seconds_ = 0, samples_ = 0, requests_ = 0;
  std::int64_t bad_lines_ = 0, early_requests_ = 0, late_requests_ = 0, late_samples_ = 0;
  std::optional<BundleWriter> writer_;
};

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// A capture cut into windows: what a control group used in each, and how many requests of each
// class it worked for. A request counts in each window by the share of its life that lies inside,
// so that nothing is wrong at the edges of short windows.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "validation/capture/capture.h"

namespace cotenant {

enum class Resource : std::uint8_t { cpu, bytes_read, bytes_written, reads, writes };

struct UsageWindows {
  Resource resource = Resource::cpu;
  std::vector<std::string> classes;
  Eigen::VectorXd seconds;   // of each window
  Eigen::VectorXd used;      // in it: CPU seconds, bytes or operations
  Eigen::MatrixXd requests;  // in it, of each class (columns)

  std::size_t count() const { return static_cast<std::size_t>(seconds.size()); }
};

const GroupSeries* find_group(const Capture& capture, std::string_view name);  // or nullptr

// Where the application had a request: with `service` known, its last part.
Duration begin_of_work(const CapturedRequest& request);

// CPU seconds per second of the group while it had no request, a sample before and after included;
// none where that was less than a second of the capture.
std::optional<double> usage_without_requests(const Capture& capture, const GroupSeries& group);

// Cores that others on the machine used, on average: what was busy without the group. None where
// nobody recorded the machine.
std::optional<double> cores_of_others(const Capture& capture, const GroupSeries& group);

// Of the time of its CPUs, what the hypervisor took away while they had work (steal). None where
// nobody recorded the machine.
std::optional<double> stolen_share(const Capture& capture);

// How long windows have to be: 20 mean responses, so that what a request costs before it is seen
// and after its reply hardly matters; not less than a second or than two samples.
Duration window_length(const Capture& capture, const GroupSeries& group);

// From sample to sample, each window the first that is not shorter than `length`.
UsageWindows usage_windows(const Capture& capture, const GroupSeries& group, Resource resource,
                           Duration length);

}  // namespace cotenant

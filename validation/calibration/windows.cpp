// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/windows.h"

#include <algorithm>

namespace cotenant {
namespace {

using Eigen::Index;

constexpr std::int64_t kResponsesPerWindow = 20;

double counter(const GroupSample& sample, Resource resource) {
  switch (resource) {
    case Resource::cpu:
      return in_seconds(sample.cpu);
    case Resource::bytes_read:
      return static_cast<double>(sample.read.value_or(Bytes()).count());
    case Resource::bytes_written:
      return static_cast<double>(sample.written.value_or(Bytes()).count());
    case Resource::reads:
      return static_cast<double>(sample.read_ios.value_or(0));
    case Resource::writes:
      return static_cast<double>(sample.write_ios.value_or(0));
  }
  return 0;
}

// The samples that divide the windows: the first, and each that is far enough from the one before.
std::vector<const GroupSample*> edges(const GroupSeries& group, Duration length) {
  std::vector<const GroupSample*> chosen;
  for (const GroupSample& sample : group.samples) {
    if (chosen.empty() || sample.at - chosen.back()->at >= length) chosen.push_back(&sample);
  }
  return chosen;
}

// Adds the shares of one request to the windows that it touches.
void spread(const CapturedRequest& request, const std::vector<const GroupSample*>& at,
            Eigen::MatrixXd& requests) {
  const Duration begin = begin_of_work(request);
  const Duration end = request.done;
  const auto later = [](Duration instant, const GroupSample* edge) { return instant < edge->at; };
  const auto first = std::upper_bound(at.begin(), at.end(), begin, later);
  const auto column = static_cast<Index>(request.class_index);
  for (auto edge = first; edge != at.end(); ++edge) {
    if (edge == at.begin()) continue;  // it began before the first window
    const Duration from = std::max((*(edge - 1))->at, begin);
    const Duration until = std::min((*edge)->at, end);
    const bool whole = begin >= end;
    if (!whole && until <= from) break;
    const double share = whole ? 1
                               : static_cast<double>((until - from).count()) /
                                     static_cast<double>((end - begin).count());
    requests(edge - at.begin() - 1, column) += share;
    if (whole) break;
  }
}

}  // namespace

const GroupSeries* find_group(const Capture& capture, std::string_view name) {
  for (const GroupSeries& series : capture.groups) {
    if (series.group.name == name) return &series;
  }
  return nullptr;
}

Duration begin_of_work(const CapturedRequest& request) {
  return request.service ? std::max(request.arrival, request.done - *request.service)
                         : request.arrival;
}

std::optional<double> usage_without_requests(const Capture& capture, const GroupSeries& group) {
  const std::vector<GroupSample>& samples = group.samples;
  double used = 0, seconds = 0;
  std::size_t next = 0;  // the first request that arrives after what was looked at
  Duration last_done;    // of those before
  const auto reach = [&](Duration end) {
    for (; next < capture.requests.size() && capture.requests[next].arrival <= end; ++next) {
      last_done = std::max(last_done, capture.requests[next].done);
    }
  };
  for (std::size_t i = 1; i + 2 < samples.size(); ++i) {
    // From the sample before to the one after the interval, lest work at its edges counts.
    reach(samples[i + 2].at);
    const bool quiet = last_done < samples[i - 1].at;
    if (!quiet) continue;
    used += in_seconds(samples[i + 1].cpu - samples[i].cpu);
    seconds += in_seconds(samples[i + 1].at - samples[i].at);
  }
  if (seconds < 1) return std::nullopt;
  return used / seconds;
}

std::optional<double> cores_of_others(const Capture& capture, const GroupSeries& group) {
  if (capture.host.size() < 2 || group.samples.size() < 2) return std::nullopt;
  const HostSample &first = capture.host.front(), &last = capture.host.back();
  const double seconds = in_seconds(last.at - first.at);
  const double own = in_seconds(group.samples.back().cpu - group.samples.front().cpu);
  if (!(seconds > 0)) return std::nullopt;
  return std::max((in_seconds(last.busy - first.busy) - own) / seconds, 0.0);
}

std::optional<double> stolen_share(const Capture& capture) {
  if (capture.host.size() < 2) return std::nullopt;
  const HostSample &first = capture.host.front(), &last = capture.host.back();
  const double seconds =
      in_seconds(last.at - first.at) * static_cast<double>(capture.machine.cores);
  if (!(seconds > 0)) return std::nullopt;
  return in_seconds(last.stolen - first.stolen) / seconds;
}

Duration window_length(const Capture& capture, const GroupSeries& group) {
  Duration sum;
  for (const CapturedRequest& request : capture.requests) sum += request.done - request.arrival;
  const auto n = static_cast<std::int64_t>(std::max<std::size_t>(1, capture.requests.size()));
  Duration between;
  if (group.samples.size() >= 2) {
    between = (group.samples.back().at - group.samples.front().at) /
              static_cast<std::int64_t>(group.samples.size() - 1);
  }
  return std::max({seconds(1), sum / n * kResponsesPerWindow, between * 2});
}

UsageWindows usage_windows(const Capture& capture, const GroupSeries& group, Resource resource,
                           Duration length) {
  const std::vector<const GroupSample*> at = edges(group, length);
  const auto count = static_cast<Index>(at.empty() ? 0 : at.size() - 1);
  UsageWindows windows;
  windows.resource = resource;
  windows.classes = capture.classes;
  windows.seconds.resize(count);
  windows.used.resize(count);
  windows.requests = Eigen::MatrixXd::Zero(count, static_cast<Index>(capture.classes.size()));
  for (Index w = 0; w < count; ++w) {
    const GroupSample& from = *at[static_cast<std::size_t>(w)];
    const GroupSample& until = *at[static_cast<std::size_t>(w) + 1];
    windows.seconds(w) = in_seconds(until.at - from.at);
    windows.used(w) = counter(until, resource) - counter(from, resource);
  }
  for (const CapturedRequest& request : capture.requests) spread(request, at, windows.requests);
  return windows;
}

}  // namespace cotenant

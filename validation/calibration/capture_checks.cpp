// SPDX-License-Identifier: Apache-2.0
#include "validation/calibration/capture_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "study/writers/format.h"
#include "validation/calibration/windows.h"

namespace cotenant {
namespace {

constexpr std::size_t kFewestRequests = 100;
// Of samples that should be there.
constexpr double kMissingWarns = 0.01;
constexpr double kMissingFails = 0.10;
// CPU of a window beyond what the cores can give: the counters of cgroup v1 and their stamps are
// read one after the other, and a virtual machine may be stopped in between.
constexpr double kCpuTolerance = 0.05;

CaptureCheck passed(std::string name, std::string sentence) {
  return {std::move(name), CheckResult::passed, std::move(sentence)};
}
CaptureCheck warned(std::string name, std::string sentence) {
  return {std::move(name), CheckResult::warned, std::move(sentence)};
}
CaptureCheck failed(std::string name, std::string sentence) {
  return {std::move(name), CheckResult::failed, std::move(sentence)};
}

std::string count(std::size_t n) { return grouped(static_cast<std::uint64_t>(n)); }

CaptureCheck check_amount(const Capture& capture) {
  const std::string name = "amount";
  const std::size_t n = capture.requests.size();
  if (n >= kFewestRequests) {
    return passed(name, fmt::format("{} requests in {}.", count(n),
                                    short_time(in_seconds(capture.duration()))));
  }
  return failed(name, fmt::format("{} requests are too few to learn from: record until there are "
                                  "{}, better some thousands.",
                                  count(n), kFewestRequests));
}

CaptureCheck check_complete(const Capture& capture) {
  const std::string name = "completeness";
  if (capture.complete) return passed(name, "The recorder ended as it should.");
  return warned(name,
                "The recorder ended before it could say so: what came last may be missing. "
                "The rest is used.");
}

CaptureCheck check_order(const Capture& capture) {
  const std::string name = "clock of requests";
  std::size_t negative = 0;
  std::size_t backwards = 0;
  Duration worst;
  for (std::size_t i = 0; i < capture.requests.size(); ++i) {
    const CapturedRequest& request = capture.requests[i];
    if (request.done < request.arrival) {
      ++negative;
      worst = std::max(worst, request.arrival - request.done);
    }
    if (i > 0 && request.arrival < capture.requests[i - 1].arrival) ++backwards;
  }
  if (negative > 0) {
    return failed(name,
                  fmt::format("{} of {} requests were answered before they came, by up to {}: "
                              "two clocks, or one that was set while recording. Stamp arrival "
                              "and reply with the same monotonic clock.",
                              count(negative), count(capture.requests.size()),
                              short_time(in_seconds(worst))));
  }
  if (backwards > 0) {
    return failed(name,
                  fmt::format("{} requests are not in order of arrival: sort the rows, or see "
                              "whether the clock was set back while recording.",
                              count(backwards)));
  }
  return passed(name, "Every request was answered after it came, in order of arrival.");
}

// The k-th reply cannot come before the k-th arrival. This also finds rows whose stamps were
// swapped among requests.
CaptureCheck check_completions(const Capture& capture) {
  const std::string name = "completions";
  std::vector<Duration> arrivals, replies;
  for (const CapturedRequest& request : capture.requests) {
    arrivals.push_back(request.arrival);
    replies.push_back(request.done);
  }
  std::sort(arrivals.begin(), arrivals.end());
  std::sort(replies.begin(), replies.end());
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    if (replies[i] >= arrivals[i]) continue;
    return failed(name, fmt::format("At {} there were {} replies to {} requests: rows of arrivals "
                                    "are missing. Record all requests of the application.",
                                    short_time(in_seconds(replies[i])), count(i + 1), count(i)));
  }
  return passed(name, "At no time were there more replies than requests.");
}

// Requests in the system, summed over time: once from the number that is there from event to event,
// once from the stay of each request. Both in ns, so they are equal or something is wrong.
struct Presence {
  Duration by_number, by_stay;
  std::int64_t most = 0;
};

Presence presence(const Capture& capture, Duration from, Duration until) {
  Presence found;
  std::vector<std::pair<Duration, int>> events;
  for (const CapturedRequest& request : capture.requests) {
    if (std::max(request.arrival, request.done) < from) continue;
    if (std::min(request.arrival, request.done) > until) continue;
    const Duration begin = std::clamp(request.arrival, from, until);
    const Duration end = std::clamp(request.done, from, until);
    events.emplace_back(begin, 1);
    events.emplace_back(end, -1);
    if (request.done > request.arrival) found.by_stay += end - begin;
  }
  std::sort(events.begin(), events.end());
  std::int64_t number = 0;
  Duration before = from;
  for (const auto& [at, change] : events) {
    found.by_number += (at - before) * number;
    before = at;
    number += change;
    found.most = std::max(found.most, number);
  }
  return found;
}

CaptureCheck check_little(const Capture& capture) {
  const std::string name = "Little's law";
  constexpr int kParts = 10;
  const Duration whole = capture.duration();
  for (int part = 0; part < kParts; ++part) {
    const Duration from = whole * part / kParts;
    const Duration until = whole * (part + 1) / kParts;
    const Presence found = presence(capture, from, until);
    if (found.by_number == found.by_stay) continue;
    return failed(name,
                  fmt::format("Between {} and {} requests in the system add up to {}, and their "
                              "stays to {}: stamps of different requests were mixed up.",
                              short_time(in_seconds(from)), short_time(in_seconds(until)),
                              short_time(in_seconds(found.by_number)),
                              short_time(in_seconds(found.by_stay))));
  }
  const Presence all = presence(capture, Duration(), whole);
  const double mean = whole.is_zero() ? 0 : in_seconds(all.by_stay) / in_seconds(whole);
  return passed(name, fmt::format("{} requests were in the system on the average, and stays add up "
                                  "to that in each tenth of the capture.",
                                  significant(mean)));
}

// Workers that serve one request at a time cannot have had more requests than there are of them.
CaptureCheck check_workers(const Capture& capture) {
  const std::string name = "workers";
  const CapturedServer& server = capture.server;
  const bool known = server.workers && std::any_of(capture.requests.begin(), capture.requests.end(),
                                                   [](const auto& r) { return r.service; });
  if (server.kind != "gunicorn-sync" || !known) {
    return passed(name, "Nothing says how many requests the application can have at once.");
  }
  Capture served;
  for (const CapturedRequest& request : capture.requests) {
    if (!request.service) continue;
    served.requests.push_back(request);
    served.requests.back().arrival = begin_of_work(request);
  }
  const std::int64_t most = presence(served, Duration(), served.duration()).most;
  const std::int64_t workers = *server.workers;
  // A proxy counts what waits for a worker, too; without one it must not be more.
  if (most <= workers) {
    return passed(name, fmt::format("At most {} of {} workers had a request.", most, workers));
  }
  return warned(name,
                fmt::format("The application had up to {} requests at once and has {} workers: "
                            "its time includes waiting for one.",
                            most, workers));
}

CaptureCheck check_resolution(const Capture& capture) {
  const std::string name = "resolution of stamps";
  Duration sum;
  for (const CapturedRequest& request : capture.requests) sum += request.done - request.arrival;
  const auto n = static_cast<std::int64_t>(std::max<std::size_t>(1, capture.requests.size()));
  const double mean = in_seconds(sum / n);
  const double step = in_seconds(capture.resolution);
  if (step <= mean / 10) {
    return passed(name, fmt::format("Stamps of {} for responses of {} on the average.",
                                    short_time(step), short_time(mean)));
  }
  return warned(name, fmt::format("Stamps are good to {}, and responses take {} on the average: "
                                  "percentiles cannot be compared. Log milliseconds or finer "
                                  "($msec and $request_time of nginx, %D of Apache).",
                                  short_time(step), short_time(mean)));
}

Duration median_step(const GroupSeries& group) {
  std::vector<Duration> steps;
  for (std::size_t i = 1; i < group.samples.size(); ++i) {
    steps.push_back(group.samples[i].at - group.samples[i - 1].at);
  }
  if (steps.empty()) return Duration();
  std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2),
                   steps.end());
  return steps[steps.size() / 2];
}

CaptureCheck check_samples(const GroupSeries& group) {
  const std::string name = "clock of counters";
  if (group.samples.size() < 2) {
    return failed(name, fmt::format("There are {} samples of the counters of \"{}\": record them "
                                    "together with the requests.",
                                    group.samples.size(), group.group.name));
  }
  for (std::size_t i = 1; i < group.samples.size(); ++i) {
    const GroupSample& before = group.samples[i - 1];
    const GroupSample& sample = group.samples[i];
    if (sample.at <= before.at) {
      return failed(name, fmt::format("Sample {} of \"{}\" was not taken after the one before: the "
                                      "clock was set back. Stamp samples with a monotonic clock.",
                                      i + 1, group.group.name));
    }
    if (sample.cpu < before.cpu || sample.read < before.read || sample.written < before.written) {
      return failed(name,
                    fmt::format("At {} counters of \"{}\" fell: the group was made anew while "
                                "recording. Use the time before or after.",
                                short_time(in_seconds(sample.at)), group.group.name));
    }
  }
  return passed(
      name, fmt::format("{} samples, one each {}; no counter falls.", count(group.samples.size()),
                        short_time(in_seconds(median_step(group)))));
}

// Samples that came late, by what should have come in between.
CaptureCheck check_missing(const GroupSeries& group) {
  const std::string name = "missing samples";
  const Duration step = median_step(group);
  if (step.is_zero() || step < Duration()) return passed(name, "There is nothing to miss.");
  std::int64_t missing = 0;
  Duration longest;
  for (std::size_t i = 1; i < group.samples.size(); ++i) {
    const Duration gap = group.samples[i].at - group.samples[i - 1].at;
    missing += std::max<std::int64_t>(0, (gap + step / 2).count() / step.count() - 1);
    longest = std::max(longest, gap);
  }
  const double share =
      static_cast<double>(missing) /
      static_cast<double>(missing + static_cast<std::int64_t>(group.samples.size()));
  const std::string said = fmt::format("{} of the samples are missing; the longest gap is {}",
                                       whole_percent(share), short_time(in_seconds(longest)));
  if (share > kMissingFails) {
    return failed(name, said +
                            ": the recorder did not get to run. Record less often, or give it a "
                            "higher priority.");
  }
  return share > kMissingWarns ? warned(name, said + ".") : passed(name, said + ".");
}

CaptureCheck check_capacity(const Capture& capture, const GroupSeries& group) {
  const std::string name = "CPU capacity";
  double most = 0;
  Duration when;
  for (std::size_t i = 1; i < group.samples.size(); ++i) {
    const double time = in_seconds(group.samples[i].at - group.samples[i - 1].at);
    const double cores = in_seconds(group.samples[i].cpu - group.samples[i - 1].cpu) / time;
    // A step of the counter that is smaller than a tick says nothing.
    if (time < 0.05 || cores <= most) continue;
    most = cores;
    when = group.samples[i].at;
  }
  const auto cores = static_cast<double>(capture.machine.cores);
  if (most <= cores * (1 + kCpuTolerance)) {
    return passed(name, fmt::format("\"{}\" used at most {} of {} cores.", group.group.name,
                                    significant(most), capture.machine.cores));
  }
  return failed(name,
                fmt::format("Before {} \"{}\" used {} cores of {}: the clock was set back, or the "
                            "number of cores is wrong.",
                            short_time(in_seconds(when)), group.group.name, significant(most),
                            capture.machine.cores));
}

// Requests cannot have used more than their group did, from its first sample to its last; requests
// at the edges count in part, and a sample may be an interval late.
CaptureCheck check_accounting(const Capture& capture, const GroupSeries& group) {
  const std::string name = "CPU accounting";
  const Duration from = group.samples.front().at;
  const Duration until = group.samples.back().at;
  double requests = 0;
  std::size_t with_cpu = 0;
  for (const CapturedRequest& request : capture.requests) {
    if (!request.cpu) continue;
    ++with_cpu;
    const Duration begin = begin_of_work(request);
    const Duration inside = std::clamp(request.done, from, until) - std::clamp(begin, from, until);
    const double stay = in_seconds(request.done - begin);
    const bool there = request.done >= from && begin <= until;
    requests += in_seconds(*request.cpu) * (stay > 0 ? in_seconds(inside) / stay : there ? 1 : 0);
  }
  if (with_cpu == 0) return passed(name, "CPU of single requests was not recorded.");
  const double used = in_seconds(group.samples.back().cpu - group.samples.front().cpu);
  const double slack = in_seconds(median_step(group)) * static_cast<double>(capture.machine.cores);
  const std::string said = fmt::format("requests used {} of CPU, and \"{}\" {}",
                                       short_time(requests), group.group.name, short_time(used));
  if (requests > used + slack) {
    return failed(name, "The " + said +
                            ": their CPU is counted in another group, or more than once. "
                            "Name the group of the application.");
  }
  return passed(name, "The " + said + ".");
}

}  // namespace

std::vector<CaptureCheck> check_capture(const Capture& capture, std::string_view group) {
  std::vector<CaptureCheck> checks = {check_amount(capture),    check_complete(capture),
                                      check_order(capture),     check_completions(capture),
                                      check_little(capture),    check_workers(capture),
                                      check_resolution(capture)};
  const GroupSeries* series = find_group(capture, group);
  if (series == nullptr) {
    checks.push_back(failed("counters", fmt::format("There are no counters of a group \"{}\": what "
                                                    "requests cost cannot be known without.",
                                                    group)));
    return checks;
  }
  checks.push_back(check_samples(*series));
  if (checks.back().result == CheckResult::failed) return checks;
  checks.push_back(check_missing(*series));
  checks.push_back(check_capacity(capture, *series));
  checks.push_back(check_accounting(capture, *series));
  return checks;
}

bool any_failed(const std::vector<CaptureCheck>& checks) {
  return std::any_of(checks.begin(), checks.end(),
                     [](const CaptureCheck& check) { return check.result == CheckResult::failed; });
}

}  // namespace cotenant

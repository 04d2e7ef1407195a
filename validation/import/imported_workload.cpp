// SPDX-License-Identifier: Apache-2.0
#include "validation/import/imported_workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "scenarios/profile.h"
#include "scenarios/quantity.h"
#include "validation/import/imported_scenario.h"

namespace cotenant {
namespace {

constexpr std::int64_t kSecond = RateBins::kSecond;

// As many requests as a few cores simulate in less than a minute, over all replications.
constexpr std::int64_t kMostSimulated = 5'000'000;
constexpr std::int64_t kFewestReplications = 3, kMostReplications = 10;
// A profile has room for 20,000 points, and a study for 400 days.
constexpr std::size_t kMostIntervals = 9'000;

// Where a log has no durations: a page of a small application.
constexpr Duration kAssumedTime = milliseconds(40);
constexpr double kAssumedCv = 1;
constexpr Duration kShortestDemand = microseconds(10);

// Above this, arrivals are burstier than chance makes them (calibration-and-statistics, step 1).
constexpr double kBursty = 1.5;

constexpr std::string_view kWorkload = "workload";

std::int64_t interval_for(std::int64_t span) {
  if (span >= 3600 * kSecond) return 300 * kSecond;
  return span >= 600 * kSecond ? 60 * kSecond : 10 * kSecond;
}

// Three digits are more than is known.
Duration rounded(double ns) {
  std::int64_t unit = 1;
  while (ns / static_cast<double>(unit) >= 1000) unit *= 10;
  const auto count = static_cast<std::int64_t>(ns / static_cast<double>(unit) + 0.5);
  return std::max(Duration(count * unit), kShortestDemand);
}
double rounded_rate(double rate) { return std::floor(rate * 1000 + 0.5) / 1000; }

LognormalLaw half_of(Duration time) {
  return {rounded(static_cast<double>(time.count()) / 2), kAssumedCv};
}

RequestClass request_class(const LogClass& seen, std::int64_t all) {
  RequestClass request;
  request.share = std::max(
      std::floor(static_cast<double>(seen.count) / static_cast<double>(all) * 1e6 + 0.5) / 1e6,
      1e-6);
  const Duration time = seen.took.empty() ? kAssumedTime : seen.took.quantile(0.5);
  request.steps = {CpuStep{DurationLaw{half_of(time)}}, WaitStep{DurationLaw{half_of(time)}}};
  const std::string_view name = seen.name;
  request.idempotent = !name.starts_with("POST ") && !name.starts_with("PATCH ");
  if (seen.with_bytes > 0) {
    request.response_body.kind = ConstantSize{Bytes(seen.bytes_out / seen.with_bytes)};
  }
  return request;
}

// Rates at the middle of intervals, so that the lines between them keep the numbers.
ProfileArrivals profile(const ChosenTime& time) {
  ProfileArrivals arrivals;
  const double length = static_cast<double>(time.width) / 1e9;
  for (std::size_t i = 0; i < time.counts.size(); ++i) {
    const Rate rate{rounded_rate(static_cast<double>(time.counts[i]) / length)};
    const auto place = static_cast<std::int64_t>(i);
    if (i == 0) arrivals.points.push_back({Duration(), rate});
    arrivals.points.push_back({Duration(place * time.width + time.width / 2), rate});
  }
  return arrivals;
}

// Of the counts in 10 s within 5 minutes.
void add_burstiness(const LogTally& logs, ProfileArrivals& arrivals, FindingsOf& findings) {
  if (logs.bins().width() != 10 * kSecond) return;
  constexpr std::size_t kGroup = 30;
  const double found = dispersion(logs.bins().counts(), kGroup);
  if (found <= kBursty) return;
  const double highest = highest_burstiness(arrivals);
  arrivals.burstiness = std::max(1.0, std::floor(std::min(found, highest) * 100) / 100);
  findings.taken(0, "burstiness",
                 fmt::format("{:.3g}: the index of dispersion of numbers of arrivals in 10 s{}",
                             found, found > highest ? ", more than the profile can have" : ""));
}

void say_time(const ChosenTime& time, const LogTally& logs, FindingsOf& findings) {
  const std::int64_t length = time.width * static_cast<std::int64_t>(time.counts.size());
  findings.taken(
      0, "rates",
      fmt::format("of {} intervals of {}", time.counts.size(), to_text(Duration(time.width))));
  if (!time.is_all) {
    findings.assumed(0, "time",
                     fmt::format("only the busiest {} are simulated, because all {} requests would "
                                 "take long; --replay takes all of them",
                                 to_text(Duration(length)), logs.requests()));
  }
}

void set_arrivals(Imported& imported, const ImportOptions& options, Scenario& scenario,
                  FindingsOf& findings) {
  const ChosenTime time = choose_time(imported.logs);
  scenario.study.replications = time.replications;
  if (!options.replay.empty()) {
    ReplayArrivals replay;
    replay.file = options.replay;
    replay.time_column = "arrival_us";
    replay.class_column = "class";
    scenario.workload.arrivals = replay;
    const std::int64_t span = imported.logs.bins().width() *
                              static_cast<std::int64_t>(imported.logs.bins().counts().size());
    scenario.study.duration = Duration(span);
    findings.taken(0, "arrivals", "each request of the log, from " + options.replay);
    return;
  }
  ProfileArrivals arrivals = profile(time);
  say_time(time, imported.logs, findings);
  add_burstiness(imported.logs, arrivals, findings);
  scenario.workload.arrivals = std::move(arrivals);
  scenario.study.duration = Duration(time.width * static_cast<std::int64_t>(time.counts.size()));
}

void say_demands(const std::vector<LogClass>& classes, FindingsOf& findings) {
  const bool any = std::any_of(classes.begin(), classes.end(),
                               [](const LogClass& seen) { return !seen.took.empty(); });
  if (any) {
    findings.assumed(0, "steps",
                     "half of the median duration of each class is CPU, the other half is waiting "
                     "for a database and others; both with a cv of 1. A log cannot tell: "
                     "cotenant calibrate can");
  } else {
    findings.assumed(0, "steps",
                     fmt::format("{} of CPU and {} of waiting, because the log has no durations: "
                                 "add $request_time to its format, and see docs/import.md",
                                 to_text(kAssumedTime / 2), to_text(kAssumedTime / 2)));
  }
}

void assume_workload(Scenario& scenario, FindingsOf& findings) {
  constexpr double kRate = 10;
  scenario.workload.arrivals = PoissonArrivals{{kRate}, {}};
  LogClass page;
  page.name = "page";
  page.count = 1;
  scenario.workload.requests.emplace_back("page", request_class(page, 1));
  findings.assumed(0, "arrivals", "10 requests a second, because there is no access log");
  findings.assumed(0, "steps", "20ms of CPU and 20ms of waiting, because there is no access log");
}

}  // namespace

ChosenClasses choose_classes(const LogTally& logs, std::size_t most) {
  const std::vector<LogClass>& all = logs.classes();
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].count > 0 && all[i].name != LogTally::kOther) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return all[a].count != all[b].count ? all[a].count > all[b].count : all[a].name < all[b].name;
  });
  order.resize(std::min(order.size(), most));
  ChosenClasses chosen;
  chosen.index.assign(all.size(), static_cast<std::uint32_t>(order.size()));
  for (const std::uint32_t i : order) {
    chosen.index[i] = static_cast<std::uint32_t>(chosen.classes.size());
    chosen.classes.push_back(all[i]);
  }
  LogClass rest;
  rest.name = LogTally::kOther;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (chosen.index[i] != order.size()) continue;
    rest.count += all[i].count;
    rest.bytes_out += all[i].bytes_out;
    rest.with_bytes += all[i].with_bytes;
    rest.took.merge(all[i].took);
  }
  if (rest.count > 0) chosen.classes.push_back(std::move(rest));
  return chosen;
}

ChosenTime choose_time(const LogTally& logs) {
  const RateBins& bins = logs.bins();
  ChosenTime time;
  const std::int64_t span = bins.width() * static_cast<std::int64_t>(bins.counts().size());
  time.width = std::max(interval_for(span), bins.width());
  time.counts = bins.counts_by(time.width);
  time.begin = bins.begin() / time.width * time.width;
  const std::int64_t budget = kMostSimulated / kFewestReplications;
  const std::size_t size = time.counts.size();
  std::size_t first = static_cast<std::size_t>(
      std::max_element(time.counts.begin(), time.counts.end()) - time.counts.begin());
  std::size_t end = first + 1;
  std::int64_t sum = time.counts[first];
  // From the busiest interval on towards the busier side, as far as it goes.
  while (end - first < std::min(size, kMostIntervals)) {
    const bool left = first > 0 && (end == size || time.counts[first - 1] > time.counts[end]);
    const std::int64_t more = left ? time.counts[first - 1] : time.counts[end];
    if (sum + more > budget) break;
    sum += more;
    left ? --first : ++end;
  }
  time.is_all = end - first == size;
  time.begin += static_cast<std::int64_t>(first) * time.width;
  time.counts = {time.counts.begin() + static_cast<std::ptrdiff_t>(first),
                 time.counts.begin() + static_cast<std::ptrdiff_t>(end)};
  time.replications = std::clamp(kMostSimulated / std::max<std::int64_t>(sum, 1),
                                 kFewestReplications, kMostReplications);
  return time;
}

void import_workload(Imported& imported, const ImportOptions& options, Scenario& scenario) {
  FindingsOf findings(imported.findings, std::string(kWorkload));
  if (imported.logs.requests() == 0) return assume_workload(scenario, findings);
  const ChosenClasses chosen = choose_classes(imported.logs, options.classes);
  for (const LogClass& seen : chosen.classes) {
    scenario.workload.requests.emplace_back(seen.name,
                                            request_class(seen, imported.logs.requests()));
    findings.taken(0, seen.name, fmt::format("{} requests", seen.count));
  }
  if (imported.logs.left_names_out()) {
    findings.assumed(0, "other",
                     fmt::format("more than {} different paths: rules (--path-rule) "
                                 "would join those that are of a kind",
                                 LogTally::kMostNames));
  }
  set_arrivals(imported, options, scenario, findings);
  say_demands(chosen.classes, findings);
}

}  // namespace cotenant

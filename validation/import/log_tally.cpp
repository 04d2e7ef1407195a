// SPDX-License-Identifier: Apache-2.0
#include "validation/import/log_tally.h"

#include <algorithm>

namespace cotenant {
namespace {

constexpr std::size_t kShownLines = 5;
// Worker processes write a little out of order; a clock that was set back is more.
constexpr std::int64_t kDisorder = 5 * RateBins::kSecond;

constexpr std::int32_t kClientClosed = 499;

void reject(LogFacts& facts, std::int64_t line, const char* why) {
  ++facts.rejected;
  if (facts.first_rejected.size() < kShownLines) facts.first_rejected.push_back({line, why});
}

// Stamps as they follow each other.
class StampWatch {
 public:
  void see(const LogRow& row, std::int64_t line, LogFacts& facts) {
    if (!any_) facts.zone = row.zone;
    if (any_ && row.zone != zone_) ++facts.zone_changes;
    if (any_ && row.stamp < latest_ - kDisorder) {
      ++facts.steps_back;
      facts.longest_step_back = std::max(facts.longest_step_back, latest_ - row.stamp);
      latest_ = row.stamp;  // the clock goes on from here
    }
    if (any_ && row.stamp - latest_ > facts.longest_gap) {
      facts.longest_gap = row.stamp - latest_;
      facts.gap_line = line;
    }
    tied_ = any_ && row.stamp == last_ ? tied_ + 1 : 1;
    facts.most_tied = std::max(facts.most_tied, tied_);
    last_ = row.stamp;
    latest_ = any_ ? std::max(latest_, row.stamp) : row.stamp;
    zone_ = row.zone;
    any_ = true;
  }

 private:
  bool any_ = false;
  std::int64_t latest_ = 0, last_ = 0, tied_ = 0;
  std::int32_t zone_ = 0;
};

}  // namespace

bool is_request(const LogRow& row) { return !row.method.empty() && !row.no_upstream; }

Arrival arrival_of(const LogRow& row, const AccessLogFormat& format, std::uint32_t class_index) {
  Arrival arrival;
  arrival.at = row.arrival(format.stamps_are_arrivals);
  arrival.done =
      arrival.at + std::max<std::int64_t>(row.duration >= 0 ? row.duration : row.service, 0);
  arrival.service = row.took();
  arrival.bytes_in = row.bytes_in;
  arrival.bytes_out = row.bytes_out;
  arrival.worker = row.worker;
  arrival.status = row.status;
  arrival.class_index = class_index;
  return arrival;
}

std::uint32_t LogTally::find_class(std::string_view name) const {
  const auto found = index_.find(name);
  if (found != index_.end()) return found->second;
  return index_.find(kOther)->second;
}

std::uint32_t LogTally::class_of(std::string_view name) {
  if (const auto found = index_.find(name); found != index_.end()) return found->second;
  if (classes_.size() >= kMostNames && name != kOther) {
    left_names_out_ = true;
    return class_of(kOther);
  }
  const auto number = static_cast<std::uint32_t>(classes_.size());
  classes_.emplace_back().name = name;
  index_.emplace(std::string(name), number);
  return number;
}

void LogTally::count(const Arrival& arrival, LogFacts& facts) {
  if (!bins_.add(arrival.at)) return reject(facts, 0, "is years away from the others");
  ++requests_;
  ++facts.rows;
  if (facts.rows == 1) facts.first_arrival = facts.last_arrival = arrival.at;
  facts.first_arrival = std::min(facts.first_arrival, arrival.at);
  facts.last_arrival = std::max(facts.last_arrival, arrival.at);
  LogClass& seen = classes_[arrival.class_index];
  ++seen.count;
  if (arrival.status >= 500) ++seen.errors;
  if (arrival.bytes_out >= 0) {
    seen.bytes_out += std::min<std::int64_t>(arrival.bytes_out, std::int64_t{1} << 40);
    ++seen.with_bytes;
  }
  if (arrival.service >= 0) seen.took.record(Duration(arrival.service));
}

void LogTally::take(const LogRow& row, LogFacts& facts, StampSpreader& spreader) {
  const std::size_t hundred = static_cast<std::size_t>(row.status) / 100;
  ++facts.statuses[hundred < facts.statuses.size() ? hundred : 0];
  if (row.status == kClientClosed) ++facts.aborted;
  if (row.method.empty()) {
    ++facts.not_http;
    return;
  }
  if (row.no_upstream) {
    ++facts.no_upstream;
    return;
  }
  const std::uint32_t number = class_of(names_.name(row.method, row.target));
  spreader.add(row.stamp, arrival_of(row, facts.format, number),
               [&](const Arrival& spread) { count(spread, facts); });
}

void LogTally::read(LogBytes& bytes, const std::string& file, const AccessLogFormat& format) {
  LogFacts& facts = files_.emplace_back();
  facts.file = file;
  facts.format = format;
  AccessLogParser parser(format);
  StampSpreader spreader(format.resolution().count());
  StampWatch watch;
  LogRow row;
  std::string_view line;
  while (bytes.next(line)) {
    if (line.empty()) continue;
    const char* problem = bytes.was_cut() ? "is longer than 64 KiB" : parser.parse(line, row);
    if (problem != nullptr) {
      reject(facts, bytes.line_number(), problem);
      continue;
    }
    watch.see(row, bytes.line_number(), facts);
    take(row, facts, spreader);
  }
  spreader.flush([&](const Arrival& spread) { count(spread, facts); });
  facts.bytes = bytes.bytes();
  facts.lines = bytes.line_number();
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// What a log says about a workload, in memory that does not grow with it: request classes with
// their numbers and durations, arrivals by time, and everything that is odd about it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/stats/histogram.h"
#include "validation/import/access_log.h"
#include "validation/import/arrivals.h"
#include "validation/import/log_bytes.h"
#include "validation/import/paths.h"
#include "validation/import/rate_bins.h"

namespace cotenant {

struct LogClass {
  std::string name;
  std::int64_t count = 0;
  std::int64_t errors = 0;  // answers from 500 on
  std::int64_t bytes_out = 0, with_bytes = 0;
  Histogram took;  // with the application where that is known, else in all
};

struct RejectedLine {
  std::int64_t line = 0;
  std::string why;
};

// Of one file.
struct LogFacts {
  std::string file;
  AccessLogFormat format;
  std::int64_t bytes = 0, lines = 0, rows = 0, rejected = 0;
  std::vector<RejectedLine> first_rejected;  // a few
  std::int64_t not_http = 0;                 // garbage that the server answered with an error
  std::int64_t no_upstream = 0;              // answered by the proxy itself
  std::int64_t aborted = 0;                  // 499 of nginx: the client had left
  std::int64_t first_arrival = 0, last_arrival = 0;  // ns since 1970
  std::int32_t zone = 0;
  std::int64_t zone_changes = 0;
  std::int64_t steps_back = 0, longest_step_back = 0;  // of stamps, by more than a few seconds
  std::int64_t longest_gap = 0, gap_line = 0;          // without any line
  std::int64_t most_tied = 0;                          // rows with the same stamp
  std::array<std::int64_t, 6> statuses{};              // by hundreds; 0: none
};

class LogTally {
 public:
  // So many different names are counted; what comes later goes to kOther.
  static constexpr std::size_t kMostNames = 1024;
  static constexpr std::string_view kOther = "other";

  explicit LogTally(std::vector<PathRule> rules = {}) : names_(std::move(rules)) {}

  // The whole file; throws std::runtime_error when it cannot be read.
  void read(LogBytes& bytes, const std::string& file, const AccessLogFormat& format);

  const std::vector<LogFacts>& files() const { return files_; }
  const std::vector<LogClass>& classes() const { return classes_; }  // in order of appearance
  const RateBins& bins() const { return bins_; }
  std::int64_t requests() const { return requests_; }
  bool left_names_out() const { return left_names_out_; }
  // Of a name that was counted; that of kOther for others.
  std::uint32_t find_class(std::string_view name) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  void take(const LogRow& row, LogFacts& facts, StampSpreader& spreader);
  void count(const Arrival& arrival, LogFacts& facts);
  std::uint32_t class_of(std::string_view name);

  ClassNames names_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> index_;  // never iterated
  std::vector<LogClass> classes_;
  std::vector<LogFacts> files_;
  RateBins bins_;
  std::int64_t requests_ = 0;
  bool left_names_out_ = false;
};

// Whether the row is a request to the application.
bool is_request(const LogRow& row);

// The same without what a trace or a bundle has no place for.
Arrival arrival_of(const LogRow& row, const AccessLogFormat& format, std::uint32_t class_index);

}  // namespace cotenant

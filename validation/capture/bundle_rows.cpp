// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/bundle_rows.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace cotenant {
namespace {

constexpr std::int64_t kMost = 9'000'000'000'000'000;  // microseconds fit into 64 bits of ns
constexpr std::size_t kMostColumns = 1000;

// Whatever is read may be shown on a terminal.
std::string shown(std::string_view text) {
  constexpr std::size_t kEnough = 40;
  std::string result;
  for (const char c : text.substr(0, kEnough)) result += c >= 0x20 && c < 0x7f ? c : '?';
  return '"' + result + (text.size() > kEnough ? "…\"" : "\"");
}

}  // namespace

BundleRows::BundleRows(const std::filesystem::path& file, LastColumn last, Diagnostics& diagnostics)
    : name_(file.filename().string()), last_(last), diagnostics_(diagnostics), members_(file) {
  if (!next_line()) return;
  split_line();
  for (const std::string_view name : fields_) header_.emplace_back(name);
  if (header_.size() > kMostColumns) problem("has more than 1000 columns");
}

bool BundleRows::next() {
  if (header_.empty() || has_problem_ || !next_line()) return false;
  visited_ = 0;
  return split_line();
}

bool BundleRows::next_line() {
  while (place_ >= member_.size()) {
    if (!members_.next(member_)) return false;
    place_ = 0;
  }
  ++lines_;
  const std::size_t end = member_.find('\n', place_);
  if (end == std::string::npos) {
    problem("has no end of line");
    return false;
  }
  line_ = std::string_view(member_).substr(place_, end - place_);
  place_ = end + 1;
  return true;
}

bool BundleRows::split_line() {
  fields_.clear();
  std::string_view left = line_;
  for (;;) {
    const std::size_t comma = left.find(',');
    fields_.push_back(left.substr(0, comma));
    if (comma == std::string_view::npos) break;
    left.remove_prefix(comma + 1);
  }
  if (header_.empty() || fields_.size() == header_.size()) return true;
  if (last_ == LastColumn::text && fields_.size() > header_.size()) return true;
  problem("has " + std::to_string(fields_.size()) + " fields instead of " +
          std::to_string(header_.size()));
  return false;
}

std::string_view BundleRows::field(const char* name, bool is_required) {
  if (visited_ == columns_.size()) {
    const auto found = std::find(header_.begin(), header_.end(), name);
    const bool is_there = found != header_.end();
    if (!is_there && is_required) problem("has no column \"" + std::string(name) + "\"");
    columns_.push_back(is_there ? static_cast<std::size_t>(found - header_.begin()) : kNotThere);
  }
  const std::size_t column = columns_[visited_++];
  return column == kNotThere ? std::string_view() : fields_[column];
}

std::string_view BundleRows::last_text() const {
  const std::string_view start = fields_[header_.size() - 1];
  return line_.substr(static_cast<std::size_t>(start.data() - line_.data()));
}

std::int64_t BundleRows::whole(const char* name, std::string_view text, std::int64_t low,
                               std::int64_t high) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (is_number && value >= low && value <= high) return value;
  problem(std::string(name) + " must be a whole number from " + std::to_string(low) + " to " +
          std::to_string(high) + ", got " + shown(text));
  return 0;
}

void BundleRows::set(const char* name, std::string_view text, std::int64_t& value) {
  value = whole(name, text, 0, kMost);
}
void BundleRows::set(const char* name, std::string_view text, std::int32_t& value) {
  value = static_cast<std::int32_t>(whole(name, text, 0, std::numeric_limits<std::int32_t>::max()));
}
void BundleRows::set(const char* name, std::string_view text, std::uint32_t& value) {
  value =
      static_cast<std::uint32_t>(whole(name, text, 0, std::numeric_limits<std::uint32_t>::max()));
}
void BundleRows::set(const char* name, std::string_view text, Duration& value) {
  value = microseconds(whole(name, text, -kMost, kMost));
}
void BundleRows::set(const char* name, std::string_view text, CpuTime& value) {
  value = CpuTime(1000) * whole(name, text, 0, kMost);
}
void BundleRows::set(const char* name, std::string_view text, Bytes& value) {
  value = Bytes(whole(name, text, 0, kMost));
}

void BundleRows::problem(const std::string& what) {
  // What follows from the first problem of a file helps nobody.
  if (!has_problem_) {
    diagnostics_.add({name_, 0, 0, "line " + std::to_string(lines_) + ": " + what, {}, {}});
  }
  has_problem_ = true;
}

std::string BundleRows::finish(const std::optional<BundleFile>& expected) {
  if (has_problem_) return {};
  const std::int64_t rows = std::max<std::int64_t>(lines_ - 1, 0);
  const std::string whole_rows = " after " + std::to_string(rows) + " whole rows";
  const std::string fate = members_.end() == GzipMembers::End::damaged ? "is damaged" + whole_rows
                                                                       : "is cut off" + whole_rows;
  if (!expected) {
    return members_.end() == GzipMembers::End::whole ? std::string() : name_ + " " + fate;
  }
  if (members_.end() != GzipMembers::End::whole) {
    diagnostics_.add({name_, 0, 0, fate + ", although the bundle is complete", {}, {}});
  } else if (members_.sum() != expected->sum) {
    diagnostics_.add({name_, 0, 0, "is not what was written: its checksum is another one", {}, {}});
  } else if (rows != expected->rows) {
    diagnostics_.add({name_,
                      0,
                      0,
                      "has " + std::to_string(rows) + " rows, but the manifest says " +
                          std::to_string(expected->rows),
                      {},
                      {}});
  }
  return {};
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "scenarios/csv_reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "scenarios/nearest.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

// Into `fields`, whose memory is used again for each line.
void split(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

}  // namespace

CsvReader::CsvReader(const std::filesystem::path& file)
    : lines_(file), pointer_(file.filename().string()) {}

CsvReader::CsvReader(const std::filesystem::path& file, std::string pointer)
    : lines_(file), pointer_(std::move(pointer)), subject_(file.string() + " ") {}

bool CsvReader::read_header() {
  if (!lines_.next(header_)) {
    problem("is empty; expected a header line with column names");
    return false;
  }
  split(header_, names_);
  return true;
}

std::size_t CsvReader::column(const std::string& name) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
  problem("has no column \"" + name + "\"", nearest_name(name, names_));
  return 0;
}

bool CsvReader::next_row() {
  while (lines_.next(line_)) {
    if (line_.empty()) continue;
    split(line_, fields_);
    if (fields_.size() == names_.size()) return true;
    row_problem("has " + std::to_string(fields_.size()) + " fields instead of " +
                std::to_string(names_.size()));
  }
  return false;
}

std::int64_t CsvReader::whole(std::size_t column) {
  const std::string_view field = fields_[column];
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  constexpr std::int64_t kMost = 9'000'000'000'000'000;
  if (error == std::errc() && end == field.data() + field.size() && value <= kMost &&
      value >= -kMost) {
    return value;
  }
  row_problem(std::string(names_[column]) + " must be a whole number, got \"" + std::string(field) +
              "\"");
  return 0;
}

std::size_t CsvReader::code(std::size_t column, std::size_t count) {
  const std::int64_t value = whole(column);
  if (value >= 0 && value < static_cast<std::int64_t>(count)) {
    return static_cast<std::size_t>(value);
  }
  row_problem(std::string(names_[column]) + " must be from 0 to " + std::to_string(count - 1) +
              ", got " + std::to_string(value));
  return 0;
}

Duration CsvReader::time(std::string_view text, const std::string& unit, const std::string& what) {
  const Parsed<Duration> parsed = parse_duration(std::string(text) + unit);
  if (parsed.value) return *parsed.value;
  row_problem(what + " must be a number of " + unit + ", got \"" + std::string(text) + "\"");
  return Duration();
}

void CsvReader::problem(const std::string& what, std::string nearest) {
  problems_.add({pointer_, 0, 0, subject_ + what, {}, std::move(nearest)});
}

void CsvReader::row_problem(const std::string& what) {
  problem("line " + std::to_string(lines_.line_number()) + ": " + what);
}

}  // namespace cotenant

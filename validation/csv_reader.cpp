// SPDX-License-Identifier: Apache-2.0
#include "validation/csv_reader.h"

#include <algorithm>
#include <charconv>

#include "scenarios/nearest.h"

namespace cotenant {

CsvReader::CsvReader(const std::filesystem::path& file, const std::vector<std::string>& columns,
                     Diagnostics& diagnostics)
    : lines_(file), name_(file.filename().string()), diagnostics_(diagnostics), columns_(columns) {
  if (!lines_.next(line_)) {
    problem("is empty; expected a header line with column names");
    usable_ = false;
    return;
  }
  split(line_);
  width_ = fields_.size();
  for (const std::string& column : columns) {
    const auto found = std::find(fields_.begin(), fields_.end(), column);
    positions_.push_back(static_cast<std::size_t>(found - fields_.begin()));
    if (found != fields_.end()) continue;
    diagnostics_.add(
        {name_, 0, 0, "has no column \"" + column + "\"", {}, nearest_name(column, fields_)});
    usable_ = false;
  }
}

bool CsvReader::next() {
  while (usable_ && lines_.next(line_)) {
    if (line_.empty()) continue;
    split(line_);
    if (fields_.size() == width_) return true;
    problem("has " + std::to_string(fields_.size()) + " fields instead of " +
            std::to_string(width_));
  }
  return false;
}

std::int64_t CsvReader::whole(std::size_t column) {
  const std::string_view field = text(column);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  // Beyond, microseconds would not fit into 64 bits of nanoseconds.
  constexpr std::int64_t kMost = 9'000'000'000'000'000;
  if (error == std::errc() && end == field.data() + field.size() && value <= kMost &&
      value >= -kMost) {
    return value;
  }
  problem(columns_[column] + " must be a whole number, got \"" + std::string(field) + "\"");
  return 0;
}

std::size_t CsvReader::code(std::size_t column, std::size_t count) {
  const std::int64_t value = whole(column);
  if (value >= 0 && value < static_cast<std::int64_t>(count)) {
    return static_cast<std::size_t>(value);
  }
  problem(columns_[column] + " must be from 0 to " + std::to_string(count - 1) + ", got " +
          std::to_string(value));
  return 0;
}

void CsvReader::problem(const std::string& what) {
  diagnostics_.add(
      {name_, 0, 0, "line " + std::to_string(lines_.line_number()) + ": " + what, {}, {}});
}

void CsvReader::split(std::string_view line) {
  fields_.clear();
  for (;;) {
    const std::size_t comma = line.find(',');
    fields_.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

}  // namespace cotenant

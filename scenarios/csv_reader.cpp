// SPDX-License-Identifier: Apache-2.0
#include "scenarios/csv_reader.h"

#include <algorithm>
#include <utility>

#include "scenarios/nearest.h"
#include "scenarios/quantity.h"

namespace cotenant {
namespace {

std::vector<std::string_view> split(std::string_view line) {
  std::vector<std::string_view> fields;
  std::size_t start = 0;
  for (;;) {
    const std::size_t comma = line.find(',', start);
    fields.push_back(line.substr(start, comma - start));
    if (comma == std::string_view::npos) return fields;
    start = comma + 1;
  }
}

}  // namespace

CsvReader::CsvReader(const std::filesystem::path& file, std::string pointer)
    : lines_(file), file_(file.string()), pointer_(std::move(pointer)) {}

bool CsvReader::read_header() {
  if (!lines_.next(header_)) {
    problem("is empty; expected a header line with column names");
    return false;
  }
  names_ = split(header_);
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
    fields_ = split(line_);
    if (fields_.size() == names_.size()) return true;
    row_problem("has " + std::to_string(fields_.size()) + " fields instead of " +
                std::to_string(names_.size()));
  }
  return false;
}

Duration CsvReader::time(std::string_view text, const std::string& unit, const std::string& what) {
  const Parsed<Duration> parsed = parse_duration(std::string(text) + unit);
  if (parsed.value) return *parsed.value;
  row_problem(what + " must be a number of " + unit + ", got \"" + std::string(text) + "\"");
  return Duration();
}

void CsvReader::problem(const std::string& what, std::string nearest) {
  problems_.add({pointer_, 0, 0, file_ + " " + what, {}, std::move(nearest)});
}

void CsvReader::row_problem(const std::string& what) {
  problem("line " + std::to_string(lines_.line_number()) + ": " + what);
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "scenarios/recorded_load.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "scenarios/csv_reader.h"

namespace cotenant {
namespace {

std::optional<double> not_negative(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number && value >= 0 && value <= 1e6 ? std::optional(value) : std::nullopt;
}

LoadRow read_row(CsvReader& csv, const RecordedLoad& recorded, std::size_t time, std::size_t load) {
  const std::optional<double> threads = not_negative(csv.field(load));
  if (!threads) {
    csv.row_problem(recorded.load_column + " must be a number of threads, got \"" +
                    std::string(csv.field(load)) + "\"");
  }
  return {csv.time(csv.field(time), recorded.time_unit, recorded.time_column), threads.value_or(0)};
}

}  // namespace

Checked<std::vector<LoadRow>> read_load(const std::filesystem::path& file,
                                        const RecordedLoad& recorded, const std::string& pointer) {
  CsvReader csv(file, pointer);
  if (!csv.read_header()) return csv.problems();
  const std::size_t time = csv.column(recorded.time_column);
  const std::size_t load = csv.column(recorded.load_column);
  if (!csv.problems().empty()) return csv.problems();
  std::vector<LoadRow> rows;
  while (csv.next_row()) {
    rows.push_back(read_row(csv, recorded, time, load));
    if (rows.size() > 1 && rows.back().at <= rows[rows.size() - 2].at) {
      csv.row_problem(recorded.time_column + " must increase");
    }
  }
  if (csv.problems().empty() && rows.empty()) csv.problem("has no rows, only a header");
  if (!csv.problems().empty()) return csv.problems();
  const Duration first = rows.front().at;
  for (LoadRow& row : rows) row.at = row.at - first;
  return rows;
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "scenarios/line_reader.h"
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

// The value of one parameter of a URL's query: cpu of "/w?cpu=5.000&sleep=50.000".
std::optional<std::string_view> url_parameter(std::string_view url, std::string_view name) {
  std::size_t start = url.find('?');
  while (start != std::string_view::npos) {
    const std::string_view rest = url.substr(start + 1);
    if (rest.size() > name.size() && rest.starts_with(name) && rest[name.size()] == '=') {
      const std::string_view value = rest.substr(name.size() + 1);
      return value.substr(0, value.find('&'));
    }
    start = url.find('&', start + 1);
  }
  return std::nullopt;
}

// Reads one file; collects problems instead of stopping at the first.
class TraceReader {
 public:
  TraceReader(const std::filesystem::path& file, const ReplayArrivals& replay,
              const std::vector<RecordedLaw>& demands, const std::string& pointer)
      : lines_(file), file_(file.string()), replay_(replay), demands_(demands), pointer_(pointer) {}

  Checked<std::vector<RecordedRequest>> read() {
    std::string line;
    if (!lines_.next(line)) return fail("is empty; expected a header line with column names");
    find_columns(line);
    if (!problems_.empty()) return std::move(problems_);
    while (lines_.next(line)) {
      if (!line.empty()) read_row(line);
    }
    if (!problems_.empty()) return std::move(problems_);
    if (rows_.empty()) return fail("has no requests, only a header");
    order_by_arrival();
    return std::move(rows_);
  }

 private:
  Diagnostics fail(const std::string& what) {
    problem(what);
    return std::move(problems_);
  }

  void problem(const std::string& what, std::string nearest = {}) {
    problems_.add({pointer_, 0, 0, file_ + " " + what, {}, std::move(nearest)});
  }

  void row_problem(const std::string& what) {
    problem("line " + std::to_string(lines_.line_number()) + ": " + what);
  }

  void find_columns(const std::string& header) {
    const std::vector<std::string_view> names = split(header);
    columns_ = names.size();
    time_ = column(names, replay_.time_column);
    if (!replay_.class_column.empty()) class_ = column(names, replay_.class_column);
    if (has_users()) {
      user_ = column(names, replay_.user_column);
      done_ = column(names, replay_.done_column);
    }
    for (const RecordedLaw& demand : demands_) {
      demand_columns_.push_back(column(names, demand.column));
    }
  }

  std::size_t column(const std::vector<std::string_view>& names, const std::string& wanted) {
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    problem("has no column \"" + wanted + "\"", nearest_name(wanted, names));
    return 0;
  }

  void read_row(const std::string& line) {
    const std::vector<std::string_view> fields = split(line);
    if (fields.size() != columns_) {
      return row_problem("has " + std::to_string(fields.size()) + " fields instead of " +
                         std::to_string(columns_));
    }
    RecordedRequest row;
    row.arrival = Instant(number(fields[time_], replay_.time_unit, replay_.time_column).count());
    if (!replay_.class_column.empty()) row.class_name = std::string(fields[class_]);
    if (has_users()) {
      row.user = std::string(fields[user_]);
      row.done = Instant(number(fields[done_], replay_.time_unit, replay_.done_column).count());
      if (row.done < row.arrival) row_problem(replay_.done_column + " is before the arrival");
    }
    for (std::size_t i = 0; i < demands_.size(); ++i) {
      row.demands.push_back(demand(demands_[i], fields[demand_columns_[i]]));
    }
    rows_.push_back(std::move(row));
  }

  // A demand that a URL does not mention is none.
  Duration demand(const RecordedLaw& law, std::string_view field) {
    if (law.parameter.empty()) return number(field, law.unit, law.column);
    const std::optional<std::string_view> value = url_parameter(field, law.parameter);
    return value ? number(*value, law.unit, law.column + "?" + law.parameter) : Duration();
  }

  Duration number(std::string_view text, const std::string& unit, const std::string& what) {
    const Parsed<Duration> parsed = parse_duration(std::string(text) + unit);
    if (parsed.value) return *parsed.value;
    row_problem(what + " must be a number of " + unit + ", got \"" + std::string(text) + "\"");
    return Duration();
  }

  void order_by_arrival() {
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const auto& a, const auto& b) { return a.arrival < b.arrival; });
    const std::int64_t first = rows_.front().arrival.ns();
    const Duration start(first - first % seconds(1).count());
    for (RecordedRequest& row : rows_) {
      row.arrival = row.arrival - start;
      if (has_users()) row.done = row.done - start;
    }
  }

  bool has_users() const { return !replay_.user_column.empty(); }

  LineReader lines_;
  std::string file_;
  const ReplayArrivals& replay_;
  const std::vector<RecordedLaw>& demands_;
  const std::string& pointer_;
  std::size_t columns_ = 0;
  std::size_t time_ = 0;
  std::size_t class_ = 0;
  std::size_t user_ = 0;
  std::size_t done_ = 0;
  std::vector<std::size_t> demand_columns_;
  std::vector<RecordedRequest> rows_;
  Diagnostics problems_;
};

}  // namespace

Checked<std::vector<RecordedRequest>> read_trace(const std::filesystem::path& file,
                                                 const ReplayArrivals& replay,
                                                 const std::vector<RecordedLaw>& demands,
                                                 const std::string& pointer) {
  return TraceReader(file, replay, demands, pointer).read();
}

}  // namespace cotenant

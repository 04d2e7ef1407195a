// SPDX-License-Identifier: Apache-2.0
#include "scenarios/trace.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "scenarios/csv_reader.h"

namespace cotenant {
namespace {

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
      : csv_(file, pointer), replay_(replay), demands_(demands) {}

  Checked<std::vector<RecordedRequest>> read() {
    if (csv_.read_header()) find_columns();
    if (!csv_.problems().empty()) return csv_.problems();
    while (csv_.next_row()) read_row();
    if (csv_.problems().empty() && rows_.empty()) {
      csv_.problem("has no requests, only a header");
    }
    if (!csv_.problems().empty()) return csv_.problems();
    order_by_arrival();
    return std::move(rows_);
  }

 private:
  void find_columns() {
    time_ = csv_.column(replay_.time_column);
    if (!replay_.class_column.empty()) class_ = csv_.column(replay_.class_column);
    if (has_users()) {
      user_ = csv_.column(replay_.user_column);
      done_ = csv_.column(replay_.done_column);
    }
    for (const RecordedLaw& demand : demands_) {
      demand_columns_.push_back(csv_.column(demand.column));
    }
  }

  void read_row() {
    RecordedRequest row;
    row.arrival = instant(time_, replay_.time_column);
    if (!replay_.class_column.empty()) row.class_name = std::string(csv_.field(class_));
    if (has_users()) {
      row.user = std::string(csv_.field(user_));
      row.done = instant(done_, replay_.done_column);
      if (row.done < row.arrival) csv_.row_problem(replay_.done_column + " is before the arrival");
    }
    for (std::size_t i = 0; i < demands_.size(); ++i) {
      row.demands.push_back(demand(demands_[i], csv_.field(demand_columns_[i])));
    }
    rows_.push_back(std::move(row));
  }

  Instant instant(std::size_t column, const std::string& what) {
    return Instant() + csv_.time(csv_.field(column), replay_.time_unit, what);
  }

  // A demand that a URL does not mention is none.
  Duration demand(const RecordedLaw& law, std::string_view field) {
    if (law.parameter.empty()) return csv_.time(field, law.unit, law.column);
    const std::optional<std::string_view> value = url_parameter(field, law.parameter);
    return value ? csv_.time(*value, law.unit, law.column + "?" + law.parameter) : Duration();
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

  CsvReader csv_;
  const ReplayArrivals& replay_;
  const std::vector<RecordedLaw>& demands_;
  std::size_t time_ = 0;
  std::size_t class_ = 0;
  std::size_t user_ = 0;
  std::size_t done_ = 0;
  std::vector<std::size_t> demand_columns_;
  std::vector<RecordedRequest> rows_;
};

}  // namespace

Checked<std::vector<RecordedRequest>> read_trace(const std::filesystem::path& file,
                                                 const ReplayArrivals& replay,
                                                 const std::vector<RecordedLaw>& demands,
                                                 const std::string& pointer) {
  return TraceReader(file, replay, demands, pointer).read();
}

}  // namespace cotenant

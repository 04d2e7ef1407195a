// SPDX-License-Identifier: Apache-2.0
#include "validation/import/log_rows.h"

#include <algorithm>

namespace cotenant {

std::int64_t for_each_request(const Imported& imported, const ImportOptions& options,
                              const std::function<void(const Arrival&)>& take) {
  std::int64_t late = 0;
  ClassNames names(options.rules);
  for (const LogFacts& facts : imported.logs.files()) {
    LogBytes bytes(facts.file);
    AccessLogParser parser(facts.format);
    StampSpreader spreader(facts.format.resolution().count());
    ArrivalOrder order;
    const auto emit = [&](const Arrival& arrival) {
      if (imported.logs.bins().covers(arrival.at)) order.add(arrival, take);
    };
    LogRow row;
    std::string_view line;
    while (bytes.next(line)) {
      if (line.empty() || bytes.was_cut() || parser.parse(line, row) != nullptr) continue;
      if (!is_request(row)) continue;
      spreader.add(row.stamp,
                   arrival_of(row, facts.format,
                              imported.logs.find_class(names.name(row.method, row.target))),
                   emit);
    }
    spreader.flush(emit);
    order.flush(take);
    late += order.late();
  }
  return late;
}

}  // namespace cotenant

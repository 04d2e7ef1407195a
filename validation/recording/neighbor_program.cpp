// SPDX-License-Identifier: Apache-2.0
#include "validation/recording/neighbor_program.h"

#include <algorithm>
#include <charconv>
#include <random>
#include <sstream>

#include "sim/random/math.h"

namespace cotenant {
namespace {

// It is started 0.3 s before the load generator, whose own start takes the rest (feasibility study,
// seen in a run with pauses of 700 ms).
constexpr Duration kStartsBeforeTimeZero = milliseconds(322);

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = error == std::errc() && end == text.data() + text.size();
  return good && value >= 0 && value <= 1e9 ? std::optional(value) : std::nullopt;
}

bool set(NeighborProgram& program, const std::string& option, const std::string& text) {
  if (option == "--dist") {
    program.exponential = text == "exp";
    return program.exponential || text == "fixed";
  }
  const std::optional<double> value = number(text);
  if (!value) return false;
  if (option == "--threads") {
    program.threads = static_cast<std::int64_t>(*value);
  } else if (option == "--on") {
    program.on_ms = *value;
  } else if (option == "--off") {
    program.off_ms = *value;
  } else {
    return false;
  }
  return true;
}

// Its times: std::mt19937_64 is the same everywhere, and the program turns it into times by itself.
class Times {
 public:
  Times(bool exponential, std::uint64_t seed, std::int64_t thread)
      : exponential_(exponential), engine_(seed * 1000 + static_cast<std::uint64_t>(thread)) {}

  Duration next(double mean_ms) {
    double ms = mean_ms;
    if (exponential_) {
      const double unit = (static_cast<double>(engine_() >> 11) + 0.5) * 0x1p-53;
      ms *= -math::log(unit);
    }
    return Duration(static_cast<std::int64_t>(ms * 1e6));
  }

 private:
  bool exponential_;
  std::mt19937_64 engine_;
};

}  // namespace

std::optional<NeighborProgram> parse_neighbor_program(const std::string& arguments,
                                                      std::string& unknown) {
  NeighborProgram program;
  std::istringstream words(arguments);
  for (std::string option, value; words >> option;) {
    if (words >> value && set(program, option, value)) continue;
    unknown = option;
    return std::nullopt;
  }
  // Cycles below that would make endless lists; they are in no recording.
  constexpr double kShortestPauseMs = 0.1;
  const bool slow_enough = program.spins() || program.off_ms >= kShortestPauseMs;
  if (program.threads >= 1 && program.threads <= 10'000 && slow_enough) return program;
  unknown = slow_enough ? "--threads" : "--off";
  return std::nullopt;
}

std::vector<Burst> bursts_of(const NeighborProgram& program, std::uint64_t seed,
                             std::int64_t thread, Duration start, Duration duration) {
  Times times(program.exponential, seed, thread);
  std::vector<Burst> bursts;
  Duration on_from = Duration(0) - kStartsBeforeTimeZero - start;
  Duration end_of_last;  // or time 0
  while (on_from < duration) {
    const Duration on_to = on_from + times.next(program.on_ms);
    const Duration from = std::max(on_from, Duration(0));
    if (on_to > from) {
      bursts.push_back({from - end_of_last, on_to - from});
      end_of_last = on_to;
    }
    on_from = on_to + times.next(program.off_ms);
  }
  return bursts;
}

}  // namespace cotenant

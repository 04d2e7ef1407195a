// SPDX-License-Identifier: Apache-2.0
//
// See the header. The tables follow the order of the enumerations; a static_assert and the tests
// keep them complete.
#include "study/writers/words.h"

#include <algorithm>

#include "study/objectives.h"
#include "study/writers/display.h"
#include "study/writers/format.h"

namespace cotenant {
namespace {

constexpr std::array<WaitStateWords, kWaitStates> kWaitStateWords = {{
    {"computing (cpu)", "computing (cpu)", 0x2f6db5},
    {"waiting for a core (run queue)", "waiting for a CPU core (run queue)", 0xf2c14e},
    {"held by CPU limit (cpu.max)", "held back by its CPU limit (cpu.max throttling)", 0xd1495b},
    {"host busy (steal)", "waiting for the host to run its virtual CPU (steal)", 0x9b2c4f},
    {"waiting for a worker (accept queue)", "waiting for a free worker (accept queue)", 0xf0a04b},
    {"server's own work (server_cpu)", "the server's own work on it (server_cpu)", 0x5b8db8},
    {"waiting elsewhere (wait step)", "waiting outside this machine (wait step)", 0xb5c7d6},
    {"connecting again (dropped SYN)", "waiting to connect again (dropped SYN)", 0x8c8c8c},
    {"no free thread (process queue)", "waiting for a free thread of its process", 0xc98a3d},
    {"waiting for Python's lock (GIL)", "waiting for Python's global lock (GIL)", 0x7b5ea7},
    {"failed attempts (retry)", "earlier attempts that failed, and the pauses after them",
     0x8f3b76},
    {"waiting for its event loop", "waiting for its turn in the event loop", 0x4f9d8c},
    {"limit on the rate (limit_req)", "held back by a limit on the rate of requests (limit_req)",
     0xa0522d},
    {"other services (downstream)", "waiting for other services of the application (downstream)",
     0x6b8e5a},
    {"no connection (pool)", "waiting for a connection of a pool to the database", 0xa9746e},
    {"locked row or table (lock)", "waiting for a lock that another transaction holds", 0x5d576b},
    {"in the broker's queue", "waiting in the broker's queue", 0xc2b280},
    {"behind others of its worker (prefetch)",
     "reserved by a Celery worker whose processes were all busy (prefetch)", 0xb8860b},
    {"slow client sending (client_upload)", "waiting for its client to send it (client_upload)",
     0x3f7f93},
    {"slow client reading (client_download)",
     "waiting for its client to read the reply (client_download)", 0x93603f},
    {"others at the disk (disk_queue)",
     "waiting for the disk, which is busy for others (disk_queue)", 0x6f7f3f},
    {"reading and writing (disk_service)",
     "waiting while the disk does what it needs (disk_service)", 0x3f5f4f},
    {"held by disk limit (disk_throttled)",
     "held back by a limit on what it may read and write (disk_throttled)", 0xb5475b},
    {"reading from swap (swap_in)",
     "waiting until pages that were swapped out are read again (swap_in)", 0x7a4f8f},
    {"freeing memory (reclaim)",
     "waiting until memory is freed for it, or held back by memory.high (reclaim)", 0xc08552},
    {"garbage collection (gc)", "Python's garbage collector at work in its process (gc)", 0x46627f},
    {"between computers (network)", "on its way from one computer to another (network)", 0x4b6fa5},
}};

static_assert(!kWaitStateWords.back().label.empty());

constexpr std::array<VerdictWords, 4> kVerdictWords = {{
    {"✓", "meets", 0x009e73},
    {"✗", "misses", 0xd55e00},
    {"?", "cannot tell", 0xe69f00},
    {"⊘", "cannot run", 0x7f7f7f},
}};

constexpr std::array<std::string_view, kOutcomes> kOutcomeWords = {
    "completed",        "timed out",       "rejected 503",
    "refused",          "unfinished",      "error 500",
    "connection reset", "bad gateway 502", "gateway timeout 504",
    "abandoned",        "rejected 429",    "lost",
    "expired",          "too large 413",   "killed for memory",
    "rejected 508"};
static_assert(!kOutcomeWords.back().empty());

// Distinguishable with all common kinds of color vision, on light and dark.
constexpr std::array<std::uint32_t, kSetupColorCount> kSetupColors = {
    0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x7f7f7f};

}  // namespace

const WaitStateWords& words(WaitState state) {
  return kWaitStateWords[static_cast<std::size_t>(state)];
}

const VerdictWords& words(Verdict verdict) {
  return kVerdictWords[static_cast<std::size_t>(verdict)];
}

std::string_view words(Outcome outcome) { return kOutcomeWords[static_cast<std::size_t>(outcome)]; }

std::uint32_t setup_color(std::size_t index) { return kSetupColors[index % kSetupColors.size()]; }

std::string short_name(const ObjectiveReport& objective) {
  std::string name(info(objective.metric).heading);
  if (!objective.request_class.empty()) name += " of " + objective.request_class;
  return name;
}

std::string verdict_text(const SetupReport& setup, bool with_objectives) {
  const Verdict verdict = verdict_of(setup);
  if (setup.objectives.empty() && verdict != Verdict::cannot_run) return "";
  const VerdictWords& said = words(verdict);
  std::string text = std::string(said.mark) + " " + std::string(said.word);
  if (verdict == Verdict::met || verdict == Verdict::cannot_run || !with_objectives) return text;
  std::string separator = " ";
  for (const ObjectiveReport& objective : setup.objectives) {
    if (objective.verdict != verdict) continue;
    text += separator + printable(short_name(objective));
    separator = ", ";
  }
  return text;
}

std::string growth(const StabilityReport& stability) {
  return "queue grows by " + significant(stability.growth_per_second) + "/s";
}

std::string instability(const StabilityReport& stability) {
  return growth(stability) + ": no steady state";
}

std::string share_sentence(const WaitBreakdown& breakdown, std::string_view what) {
  if (breakdown.latency <= 0) return "";
  std::array<std::size_t, kWaitStates> order{};
  for (std::size_t i = 0; i < kWaitStates; ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&breakdown](std::size_t a, std::size_t b) {
    return breakdown.states[a] > breakdown.states[b];
  });
  std::string sentence;
  for (const std::size_t state : order) {
    const double share = breakdown.states[state] / breakdown.latency;
    if (share < kWorthSaying) break;
    const std::string phrase(kWaitStateWords[state].phrase);
    const bool is_first = sentence.empty();
    sentence += is_first ? whole_percent(share) + " of " + std::string(what) + " is " + phrase
                         : ", " + whole_percent(share) + " " + phrase;
  }
  return sentence.empty() ? "" : sentence + ".";
}

std::string money(std::string_view currency, double amount) {
  // Cents, except where they are too coarse or pointless.
  constexpr double kLargestWithCents = 1e12;
  std::string digits = significant(amount);
  if (amount == 0 || (amount >= 0.01 && amount < kLargestWithCents)) {
    const auto cents = static_cast<std::uint64_t>(amount * 100 + 0.5);
    const std::string rest = std::to_string(cents % 100);
    digits = grouped(cents / 100) + "." + (rest.size() < 2 ? "0" : "") + rest;
  }
  const bool is_code =
      !currency.empty() && std::all_of(currency.begin(), currency.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      });
  return is_code ? digits + " " + std::string(currency) : std::string(currency) + digits;
}

std::string enumerated(const std::vector<std::string>& clauses) {
  std::string text;
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    if (i > 0) text += i + 1 == clauses.size() ? ", and " : ", ";
    text += printable(clauses[i]);
  }
  return text;
}

std::string monthly(const Price& price) {
  return money(printable(price.currency), static_cast<double>(price.cents_per_month) / 100);
}

std::vector<std::size_t> cheapest_that_meet(const Report& report) {
  std::vector<std::size_t> best;
  if (report.setups.size() < 2) return best;
  std::vector<const Price*> at_least;  // of those that meet and cost something more than that
  for (std::size_t i = 0; i < report.setups.size(); ++i) {
    const SetupReport& setup = report.setups[i];
    if (setup.objectives.empty() || verdict_of(setup) != Verdict::met) continue;
    if (!setup.price) return {};
    if (setup.price->surplus_unknown) {
      at_least.push_back(&*setup.price);
      continue;
    }
    if (!best.empty()) {
      const Price& lowest = *report.setups[best.front()].price;
      if (lowest.currency != setup.price->currency) return {};
      if (setup.price->cents_per_month > lowest.cents_per_month) continue;
      if (setup.price->cents_per_month < lowest.cents_per_month) best.clear();
    }
    best.push_back(i);
  }
  if (best.empty()) return {};
  const Price& lowest = *report.setups[best.front()].price;
  const bool beaten = std::any_of(at_least.begin(), at_least.end(), [&](const Price* price) {
    return price->currency != lowest.currency || price->cents_per_month < lowest.cents_per_month;
  });
  return beaten ? std::vector<std::size_t>() : best;
}

}  // namespace cotenant

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/items/knobs.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

#include "scenarios/document.h"
#include "scenarios/load.h"
#include "scenarios/quantity.h"
#include "study/writers/format.h"

namespace cotenant::gui {
namespace {

// Of sliders that move by factors.
constexpr int kSteps = 60;
constexpr double kThousandths = 1e3;
constexpr std::int64_t kLeastLoad = 250;  // thousandths
constexpr std::int64_t kMostLoad = 8'000;
// Quantities move between an eighth and eight times what they are.
constexpr std::int64_t kReach = 8;
constexpr std::int64_t kMostWorkers = 64;
constexpr std::int64_t kMostCores = 64;
constexpr std::int64_t kMostReplicas = 32;
constexpr std::array<const char*, 5> kNeighborhoods = {"none", "quiet", "typical", "busy",
                                                       "hostile"};

std::string place(std::initializer_list<std::string_view> keys) {
  std::string pointer;
  for (const std::string_view key : keys) pointer += pointer_token(key);
  return pointer;
}

class KnobFinder {
 public:
  KnobFinder(const Scenario& scenario, std::string_view name, const Setup& setup)
      : scenario_(scenario), name_(name), setup_(setup) {}

  std::vector<Knob> find() && {
    if (!has_recorded_arrivals(scenario_.workload)) add_load();
    for (const auto& [name, service] : scenario_.application) add_service(name, service);
    if (setup_.plan.empty()) {
      add_machine();
      for (const auto& [name, group] : setup_.groups) add_group(name, group);
    }
    add_neighborhood();
    add_whole("replicas", "Copies of this computer behind a balancer.",
              place({"setups", name_, "replicas"}), setup_.replicas, kMostReplicas);
    if (!setup_.nodes.empty()) {
      add_quantity("network round trip", "From one computer of the setup to another and back.",
                   place({"setups", name_, "network_rtt"}), Knob::Kind::duration,
                   setup_.network_rtt.count());
    }
    return std::move(knobs_);
  }

 private:
  void add_load() {
    const auto load =
        static_cast<std::int64_t>(std::llround(scenario_.workload.load * kThousandths));
    knobs_.push_back({"load",
                      "Times the traffic of the scenario.",
                      "/workload/load",
                      Knob::Kind::factor,
                      true,
                      load,
                      std::min(load, kLeastLoad),
                      std::max(load, kMostLoad),
                      {}});
  }

  void add_service(const std::string& name, const Service& service) {
    std::visit([&](const auto& server) { add_server(name, server); }, service.server);
  }

  template <class Server>
  void add_server(const std::string& name, const Server& server) {
    if constexpr (requires { server.workers; }) {
      const Placement* const placed = find_named(setup_.services, name);
      if (placed != nullptr && placed->workers) {
        add_whole("workers of " + name, "Processes that serve it in this setup.",
                  place({"setups", name_, "services", name, "workers"}), *placed->workers,
                  kMostWorkers);
      } else {
        add_whole("workers of " + name, "Processes that serve it.",
                  place({"application", name, "workers"}), server.workers, kMostWorkers, true);
      }
    }
    if constexpr (requires { server.threads; }) {
      add_whole("threads of " + name, "Threads of each of its processes.",
                place({"application", name, "threads"}), server.threads, kMostWorkers, true);
    }
  }

  void add_machine() {
    add_whole("cores", "Of the machine.", place({"setups", name_, "machine", "cores"}),
              setup_.machine.cores, kMostCores);
    if (!setup_.machine.memory) return;
    add_quantity("memory", "Of the machine.", place({"setups", name_, "machine", "memory"}),
                 Knob::Kind::bytes, setup_.machine.memory->count());
  }

  void add_group(const std::string& name, const Group& group) {
    if (group.cpu_max) {
      add_quantity("CPU quota of " + name, "CPU time in each period of its cpu.max.",
                   place({"setups", name_, "groups", name, "cpu_max", "quota"}),
                   Knob::Kind::duration, group.cpu_max->quota.count());
    }
    if (group.memory_max) {
      add_quantity("memory of " + name, "Its memory.max: above it the kernel kills.",
                   place({"setups", name_, "groups", name, "memory_max"}), Knob::Kind::bytes,
                   group.memory_max->count());
    }
  }

  void add_neighborhood() {
    Knob knob{"neighbors",
              "How busy the other tenants of the machine are.",
              place({"setups", name_, "neighborhood"}),
              Knob::Kind::choice,
              false,
              0,
              0,
              static_cast<std::int64_t>(kNeighborhoods.size()) - 1,
              {}};
    knob.choices.assign(kNeighborhoods.begin(), kNeighborhoods.end());
    const auto found = std::find(knob.choices.begin(), knob.choices.end(), setup_.neighborhood);
    if (found != knob.choices.end()) knob.value = found - knob.choices.begin();
    knobs_.push_back(std::move(knob));
  }

  void add_whole(std::string label, std::string help, std::string pointer, std::int64_t value,
                 std::int64_t high, bool shared = false) {
    knobs_.push_back({std::move(label),
                      std::move(help),
                      std::move(pointer),
                      Knob::Kind::whole,
                      shared,
                      value,
                      1,
                      std::max(value, high),
                      {}});
  }

  void add_quantity(std::string label, std::string help, std::string pointer, Knob::Kind kind,
                    std::int64_t value) {
    if (value <= 0) return;  // no factor leads away from nothing
    knobs_.push_back({std::move(label),
                      std::move(help),
                      std::move(pointer),
                      kind,
                      false,
                      value,
                      std::max<std::int64_t>(1, value / kReach),
                      value * kReach,
                      {}});
  }

  const Scenario& scenario_;
  std::string_view name_;
  const Setup& setup_;
  std::vector<Knob> knobs_;
};

bool is_stepwise(const Knob& knob) {
  return knob.kind == Knob::Kind::choice || knob.kind == Knob::Kind::whole;
}

// To two digits, so that a slider stops at numbers that one would say.
std::int64_t rounded(double value) {
  double unit = 1;
  while (value / unit >= 100) unit *= 10;
  return static_cast<std::int64_t>(std::llround(value / unit) * std::llround(unit));
}

// To a whole number of twentieths, microseconds or MiB, so that the text is short.
std::int64_t rounded(const Knob& knob, double value) {
  const double unit = knob.kind == Knob::Kind::factor  ? kThousandths / 20
                      : knob.kind == Knob::Kind::bytes ? 1 << 20
                                                       : 1'000;
  if (value < unit) return rounded(value);
  return rounded(value / unit) * static_cast<std::int64_t>(unit);
}

}  // namespace

std::vector<Knob> knobs_of(const Scenario& scenario, std::string_view setup) {
  const Setup* const found = find_named(scenario.setups, setup);
  if (found == nullptr) return {};
  return KnobFinder(scenario, setup, *found).find();
}

int steps_of(const Knob& knob) {
  return is_stepwise(knob) ? static_cast<int>(knob.high - knob.low) : kSteps;
}

int position_of(const Knob& knob, std::int64_t value) {
  const std::int64_t inside = std::clamp(value, knob.low, knob.high);
  if (is_stepwise(knob)) return static_cast<int>(inside - knob.low);
  const double span = std::log(static_cast<double>(knob.high) / static_cast<double>(knob.low));
  const double part = std::log(static_cast<double>(inside) / static_cast<double>(knob.low)) / span;
  return static_cast<int>(std::lround(part * kSteps));
}

std::int64_t value_at(const Knob& knob, int position) {
  if (is_stepwise(knob)) return std::clamp<std::int64_t>(knob.low + position, knob.low, knob.high);
  if (position == position_of(knob, knob.value)) return knob.value;
  const double span = std::log(static_cast<double>(knob.high) / static_cast<double>(knob.low));
  const double part = static_cast<double>(position) / kSteps;
  const double value = static_cast<double>(knob.low) * std::exp(part * span);
  return std::clamp(rounded(knob, value), knob.low, knob.high);
}

std::string shown(const Knob& knob, std::int64_t value) {
  switch (knob.kind) {
    case Knob::Kind::duration:
      return to_text(Duration(value));
    case Knob::Kind::bytes:
      return to_text(Bytes(value));
    case Knob::Kind::choice:
      return knob.choices[static_cast<std::size_t>(value)];
    case Knob::Kind::factor:
      return "× " + shortest(static_cast<double>(value) / kThousandths);
    case Knob::Kind::whole:
      break;
  }
  return std::to_string(value);
}

std::string json(const Knob& knob, std::int64_t value) {
  if (knob.kind == Knob::Kind::factor) return shortest(static_cast<double>(value) / kThousandths);
  return knob.kind == Knob::Kind::whole ? shown(knob, value) : '"' + shown(knob, value) + '"';
}

}  // namespace cotenant::gui

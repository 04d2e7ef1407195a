// SPDX-License-Identifier: Apache-2.0
#include "scenarios/compile_sessions.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "scenarios/compile_laws.h"

namespace cotenant {
namespace {

// What the probabilities leave to 1, without what is only rounding.
constexpr double kNoise = 1e-9;

class CourseCompiler {
 public:
  CourseCompiler(const std::vector<ClassId>& own, const IdVector<ClassId, ClassSpec>& classes)
      : own_(own), classes_(classes) {}

  SessionScript script(const std::vector<std::string>& names) const {
    SessionScript script;
    for (const std::string& name : names) script.classes.push_back(class_named(name));
    return script;
  }

  SessionWalk walk(const Named<Turn>& turns) const {
    SessionWalk walk;
    for (const auto& [name, turn] : turns) {
      walk.turns.push_back({class_named(name), choice_of(turns, turn)});
    }
    return walk;
  }

 private:
  ClassId class_named(std::string_view name) const {
    const auto found = std::find_if(own_.begin(), own_.end(),
                                    [&](ClassId id) { return classes_[id].name == name; });
    COTENANT_ASSERT(found != own_.end());
    return *found;
  }

  static DiscreteChoice choice_of(const Named<Turn>& turns, const Turn& turn) {
    std::vector<double> weights(turns.size() + 1, 0.0);
    double left = 1;
    for (const Hop& hop : turn.next) {
      const auto found = std::find_if(turns.begin(), turns.end(), [&](const auto& named) {
        return named.first == hop.request_class;
      });
      COTENANT_ASSERT(found != turns.end());
      weights[static_cast<std::size_t>(found - turns.begin())] += hop.probability;
      left -= hop.probability;
    }
    weights.back() = left > kNoise ? left : 0;
    return DiscreteChoice(weights);
  }

  const std::vector<ClassId>& own_;
  const IdVector<ClassId, ClassSpec>& classes_;
};

}  // namespace

BatchSize compile_batch(const Batch& batch) {
  if (const auto* fixed = std::get_if<FixedBatch>(&batch)) {
    return static_cast<std::uint32_t>(fixed->size);
  }
  return GeometricCount(std::get<GeometricBatch>(batch).mean);
}

SessionSpec compile_sessions(const SessionArrivals& sessions, const std::vector<ClassId>& own,
                             const IdVector<ClassId, ClassSpec>& classes) {
  const CourseCompiler compiler(own, classes);
  SessionSpec spec{SessionScript{}, Sampler(compile_law(sessions.think)),
                   sessions.on_failure == "leave"};
  if (sessions.websocket) {
    spec.websocket.emplace();
    const std::optional<DurationLaw>& reconnect = sessions.websocket->reconnect;
    if (reconnect) spec.websocket->reconnect.emplace(compile_law(*reconnect));
    if (const auto& interval = sessions.websocket->ping_interval) {
      spec.websocket->ping = PingSpec{*interval, sessions.websocket->ping_timeout};
    }
  }
  if (sessions.length) {
    spec.course = SessionMix{compile_batch(*sessions.length)};
  } else if (!sessions.walk.empty()) {
    spec.course = compiler.walk(sessions.walk);
  } else {
    spec.course = compiler.script(sessions.script);
  }
  return spec;
}

}  // namespace cotenant

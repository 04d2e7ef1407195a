// SPDX-License-Identifier: Apache-2.0
//
// The public face of encoder.h.
#include "scenarios/encode.h"

#include "scenarios/catalog.h"
#include "scenarios/encoder.h"
#include "scenarios/parameter_set.h"
#include "scenarios/pretty.h"
#include "sim/base/hash.h"

namespace cotenant {

std::string encode(const Scenario& scenario) {
  return pretty(to_json(scenario, {}, Defaults::omitted));
}

std::string encode(const Catalog& catalog) {
  return pretty(to_json(catalog, {}, Defaults::omitted));
}

std::string encode(const ParameterSet& set) { return pretty(to_json(set, {}, Defaults::omitted)); }

std::uint64_t scenario_hash(const Scenario& scenario) {
  Scenario meaning = scenario;
  meaning.schema.clear();
  return hash_text(pretty(to_json(meaning, {}, Defaults::shown)));
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// From a request to the name of its class: numbers, UUIDs and other keys in a path become {id},
// files become {file}, and rules of the user come first. Names in scenarios have neither "/" nor
// ".", so /users/42/orders is "GET users {id} orders".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cotenant {

// "/blog/*/comments": "*" is one part of a path, "**" at the end any rest.
struct PathRule {
  std::vector<std::string> parts;
  bool any_rest = false;
  friend bool operator==(const PathRule&, const PathRule&) = default;
};
PathRule path_rule(std::string_view pattern);

// Whether it stands for one of many things of a kind: digits, a UUID, a hash, a token.
bool is_id(std::string_view part);

class ClassNames {
 public:
  explicit ClassNames(std::vector<PathRule> rules = {}) : rules_(std::move(rules)) {}

  // Valid until the next call. Allocates nothing after a few calls.
  std::string_view name(std::string_view method, std::string_view target);

 private:
  bool matches(const PathRule& rule) const;
  void add(std::string_view part);
  void add_parts();

  std::vector<PathRule> rules_;
  std::vector<std::string_view> parts_;
  std::string name_;
};

}  // namespace cotenant

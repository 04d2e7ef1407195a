// SPDX-License-Identifier: Apache-2.0
#include "study/writers/plan_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <variant>

#include "scenarios/quantity.h"
#include "study/writers/price_age.h"

namespace cotenant {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return result;
}

struct CpuWords {
  std::string operator()(const DedicatedCpu&) const { return "dedicated"; }
  std::string operator()(const SharedCpu&) const { return "shared"; }
  std::string operator()(const QuotaCpu&) const { return "quota"; }
  std::string operator()(const CreditCpu& cpu) const {
    const std::string baseline =
        cpu.baseline ? fmt::format("{:g} %", *cpu.baseline * 100) : "unknown";
    return "credits, " + baseline + (cpu.unlimited ? ", unlimited" : "");
  }
};

}  // namespace

PlanWords words_of(const std::string& name, const Plan& plan, std::int64_t today) {
  PlanWords words;
  words.name = name;
  words.provider = plan.provider;
  words.kind = plan.kind;
  words.vcpus = plan.vcpus ? to_text(*plan.vcpus) : "?";
  words.cpu = std::visit(CpuWords{}, plan.cpu);
  words.memory = to_text(plan.memory);
  words.disk = plan.disk ? plan.disk->kind : "?";
  words.price = plan.price ? to_text(*plan.price) : "?";
  words.as_of = plan.as_of;
  words.is_old = is_old(plan.as_of, today);
  return words;
}

bool matches(const PlanWords& plan, const std::vector<std::string>& words) {
  const std::string text =
      lower(plan.name + " " + plan.provider + " " + plan.kind + " " + plan.cpu);
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return text.find(lower(word)) != std::string::npos;
  });
}

}  // namespace cotenant

// SPDX-License-Identifier: Apache-2.0
//
// `cotenant plans`: the plans of the catalogs as a table, or all that is known of those that a
// filter leaves. Prices are shown with their date, because they change.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/load.h"
#include "cli/output.h"
#include "scenarios/catalog.h"
#include "scenarios/nearest.h"
#include "scenarios/quantity.h"
#include "study/writers/display.h"
#include "study/writers/plan_words.h"
#include "study/writers/price_age.h"
#include "study/writers/table.h"

namespace cotenant {
namespace {

// So few are shown with all that is known of them.
constexpr std::size_t kFew = 1;
constexpr std::size_t kLabel = 13;

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

Catalog chosen(const Catalog& catalog, const std::vector<std::string>& filter) {
  Catalog left;
  for (const auto& [name, plan] : catalog.plans) {
    if (filter.size() == 1 && filter[0] == name) return {{}, kCatalogFormat, {}, {{name, plan}}};
    if (matches(words_of(name, plan, 0), filter)) left.plans.emplace_back(name, plan);
  }
  return left;
}

std::string table_of(const Catalog& catalog, std::int64_t today) {
  Table table;
  for (const auto& [heading, align] :
       {std::pair("plan", Align::left), std::pair("kind", Align::left),
        std::pair("vCPUs", Align::right), std::pair("CPU", Align::left),
        std::pair("memory", Align::right), std::pair("disk", Align::left),
        std::pair("price", Align::right), std::pair("as of", Align::left)}) {
    table.columns.push_back({heading, "", align, {}});
  }
  bool any_old = false;
  for (const auto& [name, plan] : catalog.plans) {
    const PlanWords words = words_of(name, plan, today);
    any_old = any_old || words.is_old;
    const std::vector<std::string> cells = {clip(printable(name), kLongestName),
                                            words.kind,
                                            words.vcpus,
                                            words.cpu,
                                            words.memory,
                                            words.disk,
                                            words.price,
                                            printable(words.as_of) + (words.is_old ? " *" : "")};
    for (std::size_t c = 0; c < cells.size(); ++c) table.columns[c].cells.push_back(cells[c]);
  }
  std::string text;
  for (const std::string& line : table_lines(table, Ink(false))) text += line + "\n";
  text += fmt::format("\n{} {}. ?: not published, or not found.", catalog.plans.size(),
                      catalog.plans.size() == 1 ? "plan" : "plans");
  if (any_old) {
    text += fmt::format(" *: the price is older than {} days, or of unknown age.", kOldPriceDays);
  }
  return text + "\nNo quotes: look at the provider's page before you buy.\n";
}

class Sheet {
 public:
  explicit Sheet(std::size_t width) : width_(width) {}

  void line(std::string_view label, const std::string& value) {
    if (value.empty()) return;
    std::string left(label);
    for (const std::string& part : wrap(printable(value), width_ - kLabel)) {
      text_ += pad_right(left, kLabel) + part + "\n";
      left.clear();
    }
  }
  std::string take() { return std::move(text_); }

 private:
  std::size_t width_;
  std::string text_;
};

std::string credits_text(const CreditCpu& cpu) {
  std::string text = cpu.most ? "at most " + to_text(*cpu.most) : "how many is unknown";
  text += ", " + to_text(cpu.initial) + " at the start";
  if (cpu.unlimited) text += "; without them it goes on and is charged";
  if (cpu.surplus_price) text += fmt::format(", {:g} a vCPU-hour", *cpu.surplus_price);
  return text;
}

std::string limits_text(const PlanLimits& limits) {
  std::vector<std::string> parts;
  const auto add = [&](const auto& limit, std::string_view what) {
    if (limit) parts.push_back(fmt::format("{} {}", *limit, what));
  };
  add(limits.entry_processes, "entry processes");
  add(limits.processes, "processes");
  add(limits.workers, "web workers");
  if (limits.io) parts.push_back(to_text(*limits.io) + " of IO");
  add(limits.iops, "IOs per second");
  return joined(parts);
}

std::string sheet_of(const std::string& name, const Plan& plan, std::int64_t today,
                     std::size_t width) {
  const PlanWords words = words_of(name, plan, today);
  Sheet sheet(width);
  sheet.line("plan", name + ", " + plan.provider);
  sheet.line("kind", plan.kind);
  sheet.line("vCPUs", words.vcpus + ", " + words.cpu);
  if (const auto* credits = std::get_if<CreditCpu>(&plan.cpu)) {
    sheet.line("credits", credits_text(*credits));
  }
  sheet.line("memory", to_text(plan.memory));
  sheet.line("disk", words.disk + (plan.storage ? ", " + to_text(*plan.storage) : ""));
  if (plan.network) sheet.line("network", to_text(*plan.network));
  sheet.line("limits", limits_text(plan.limits));
  sheet.line("price", words.price + ", as of " + plan.as_of +
                          (words.is_old ? ": check it before you buy" : ""));
  sheet.line("without", joined(plan.not_included));
  sheet.line("supports", joined(plan.supports));
  sheet.line("isolation", plan.isolation);
  sheet.line("effort", plan.effort);
  sheet.line("notes", plan.notes);
  sheet.line("source", plan.source);
  sheet.line("confidence", plan.confidence);
  return sheet.take();
}

std::string text_of(const Catalog& catalog, const Environment& environment) {
  if (catalog.plans.size() > kFew) return table_of(catalog, environment.today);
  const auto& [name, plan] = catalog.plans.front();
  return sheet_of(name, plan, environment.today, environment.out_width);
}

std::string nothing(const Catalog& catalog, const std::vector<std::string>& filter) {
  const std::string nearest = nearest_name(filter.front(), names_of(catalog.plans));
  return "cotenant: no plan is called or described by \"" + printable(joined(filter)) + "\"" +
         (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?") +
         "\nTry \"cotenant plans\".\n";
}

}  // namespace

ExitCode plans_command(const PlansArguments& arguments, Environment& environment) {
  const std::optional<Catalog> catalog = load_catalogs(arguments.catalogs, environment);
  if (!catalog) return ExitCode::invalid_scenario;
  const Catalog left = chosen(*catalog, arguments.filter);
  if (left.plans.empty()) {
    environment.err << nothing(*catalog, arguments.filter);
    return ExitCode::usage;
  }
  write_stream(environment.out,
               arguments.format == PlansFormat::json ? encode(left) : text_of(left, environment));
  return ExitCode::ok;
}

}  // namespace cotenant

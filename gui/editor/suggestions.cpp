// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/suggestions.h"

#include <QDate>
#include <QStringList>
#include <algorithm>

#include "gui/document/document.h"
#include "gui/document/references.h"
#include "gui/editor/words.h"
#include "scenarios/catalog.h"
#include "study/writers/plan_words.h"

namespace cotenant::gui {
namespace {

// "hetzner-cx23 · 2 vCPUs · 4 GiB · $4.6/month as of 2026-05-27".
Suggestion of_plan(const std::string& name, const Plan& plan, std::int64_t today) {
  const PlanWords words = words_of(name, plan, today);
  QStringList parts = {fromUtf8(name)};
  if (words.vcpus != "?") parts.push_back(Document::tr("%1 vCPU").arg(fromUtf8(words.vcpus)));
  if (words.memory != "?") parts.push_back(fromUtf8(words.memory));
  QString price = words.price == "?" ? Document::tr("price not published") : fromUtf8(words.price);
  if (!words.as_of.empty()) price += Document::tr(" as of %1").arg(fromUtf8(words.as_of));
  parts.push_back(price);
  return {fromUtf8(name), parts.join(QStringLiteral(" · "))};
}

}  // namespace

std::vector<Suggestion> suggestionsFor(const Document& document, std::string_view pointer) {
  std::vector<Suggestion> suggestions;
  if (!document.tree()) return suggestions;
  for (const std::string& name : names_for(*document.tree(), pointer)) {
    suggestions.push_back({fromUtf8(name), fromUtf8(name)});
  }
  if (!namesPlan(*document.tree(), pointer)) return suggestions;
  const std::int64_t today = QDate(1970, 1, 1).daysTo(QDate::currentDate());
  for (const auto& [name, plan] : shipped_catalog().plans) {
    const QString value = fromUtf8(name);
    const bool hidden = std::ranges::any_of(  // by one of the scenario's own
        suggestions, [&](const Suggestion& own) { return own.value == value; });
    if (!hidden) suggestions.push_back(of_plan(name, plan, today));
  }
  return suggestions;
}

}  // namespace cotenant::gui

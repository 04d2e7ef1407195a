// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/cost_chart.h"

#include <QChart>
#include <QLogValueAxis>
#include <QScatterSeries>
#include <QValueAxis>
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "gui/items/texts.h"
#include "gui/look/theme.h"
#include "study/objectives.h"
#include "study/writers/format.h"

namespace cotenant::gui {
namespace {

constexpr double kMilliseconds = 1e3;

// Of the month, and its p95 in milliseconds; nothing where either is missing.
std::optional<QPointF> point_of(const SetupReport& setup) {
  const MetricValue& p95 = at(setup.metrics, Metric::latency_p95);
  if (!setup.price || !setup.stability.stable || !p95.value || *p95.value <= 0) return {};
  return QPointF(static_cast<double>(setup.price->cents_per_month) / 100,
                 *p95.value * kMilliseconds);
}

// Prices in different currencies have no common axis.
std::string currency_of(const Report& report) {
  std::string currency;
  for (const SetupReport& setup : report.setups) {
    if (!setup.price) continue;
    if (!currency.empty() && currency != setup.price->currency) return {};
    currency = setup.price->currency;
  }
  return currency;
}

}  // namespace

CostChart::CostChart(QWidget* parent) : Chart(tr("Price and p95"), parent) {}

void CostChart::setReport(ReportPtr report) {
  report_ = std::move(report);
  refresh();
}

Chart::Rows CostChart::rows() const {
  Rows rows = {{tr("setup"), tr("price a month"), tr("p95 (ms)")}};
  if (!report_) return rows;
  for (const SetupReport& setup : report_->setups) {
    const auto point = point_of(setup);
    if (!point) continue;
    rows.push_back({text(setup.name), text(shortest(point->x())), text(shortest(point->y()))});
  }
  return rows;
}

void CostChart::redraw() {
  if (!report_) return clear(tr("Prices against latencies appear here."));
  std::vector<QPointF> points;
  for (const SetupReport& setup : report_->setups) {
    if (const auto point = point_of(setup)) points.push_back(*point);
  }
  if (points.empty()) return clear(tr("No setup has both a price and a p95."));
  const std::string currency = currency_of(*report_);
  if (currency.empty()) return clear(tr("Prices are in different currencies."));
  clear();
  const auto [cheapest, dearest] = std::minmax_element(
      points.begin(), points.end(), [](QPointF a, QPointF b) { return a.x() < b.x(); });
  const auto [fastest, slowest] = std::minmax_element(
      points.begin(), points.end(), [](QPointF a, QPointF b) { return a.y() < b.y(); });
  Q_UNUSED(cheapest);
  auto* const price = new QValueAxis;
  auto* const latency = new QLogValueAxis;
  dress(*price, tr("price a month (%1)").arg(text(currency)));
  dress(*latency, tr("p95 (ms)"));
  price->setRange(0, dearest->x() > 0 ? dearest->x() * 1.1 : 1);
  price->applyNiceNumbers();
  price->setLabelFormat(QStringLiteral("%g"));
  latency->setLabelFormat(QStringLiteral("%g"));
  latency->setRange(fastest->y() / 1.5, slowest->y() * 1.5);
  chart()->addAxis(price, Qt::AlignBottom);
  chart()->addAxis(latency, Qt::AlignLeft);
  std::vector<Growing> growing;
  for (std::size_t i = 0; i < report_->setups.size(); ++i) {
    const SetupReport& setup = report_->setups[i];
    addPoint(i);
    if (!setup.stability.stable) growing.push_back({text(setup.name), setupColor(i)});
  }
  setGrowing(std::move(growing));
}

void CostChart::addPoint(std::size_t setup) {
  const SetupReport& report = report_->setups[setup];
  const auto point = point_of(report);
  if (!point) return;
  auto* const series = new QScatterSeries;
  series->append(*point);
  series->setMarkerSize(1.5 * kGrid);
  const bool meets = verdict_of(report) == Verdict::met;
  series->setMarkerShape(meets ? QScatterSeries::MarkerShapeCircle
                               : QScatterSeries::MarkerShapeRectangle);
  series->setColor(meets ? setupColor(setup) : currentTheme().background);
  series->setBorderColor(setupColor(setup));
  series->setName(text(report.name));
  series->setPointLabelsVisible(true);
  series->setPointLabelsFormat(text(report.name).replace(QLatin1Char('@'), QLatin1Char(' ')));
  series->setPointLabelsColor(currentTheme().text);
  series->setPointLabelsFont(textFont(TextSize::small));
  series->setPointLabelsClipping(false);
  chart()->addSeries(series);
  for (QAbstractAxis* const axis : chart()->axes()) series->attachAxis(axis);
}

}  // namespace cotenant::gui

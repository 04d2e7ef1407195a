// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/load_chart.h"

#include <QAreaSeries>
#include <QChart>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QScatterSeries>
#include <algorithm>
#include <utility>

#include "gui/items/texts.h"
#include "gui/look/theme.h"
#include "study/writers/format.h"
#include "study/writers/words.h"

namespace cotenant::gui {
namespace {

constexpr double kMilliseconds = 1e3;

// None where it has no p95: its queue grows.
std::optional<double> p95_of(const LoadPoint& point) {
  const auto& value = at(point.setup.metrics, Metric::latency_p95).value;
  if (!value || *value <= 0) return {};
  return *value * kMilliseconds;
}

QString answer(const QString& setup, const Cliff& cliff) {
  if (!cliff.why_none.empty()) return text(cliff.why_none);
  if (!cliff.holds || !cliff.breaks) {
    return LoadChart::tr("%1: p95 by load; no cliff between the loads that were tried").arg(setup);
  }
  return LoadChart::tr("%1 holds its objectives up to %2 times the load and breaks one at %3 times")
      .arg(setup, text(significant(cliff.points[*cliff.holds].factor)),
           text(significant(cliff.points[*cliff.breaks].factor)));
}

}  // namespace

LoadChart::LoadChart(QWidget* parent) : Chart(tr("Load and p95"), parent) {
  setMessage(tr("How far is the cliff? Simulation, Find the cliff (Ctrl+L) looks for it."));
}

void LoadChart::setCliff(const QString& setup, Cliff cliff) {
  setup_ = setup;
  cliff_ = std::move(cliff);
  refresh();
}

void LoadChart::setMessage(const QString& message) {
  cliff_.reset();
  message_ = message;
  refresh();
}

Chart::Rows LoadChart::rows() const {
  Rows rows = {{tr("load"), tr("p95 (ms)"), tr("verdict")}};
  if (!cliff_) return rows;
  for (const LoadPoint& point : cliff_->points) {
    const auto p95 = p95_of(point);
    rows.push_back({text(shortest(point.factor)), p95 ? text(shortest(*p95)) : QString(),
                    text(words(point.verdict).word)});
  }
  return rows;
}

void LoadChart::redraw() {
  setHeading({});
  if (!cliff_) return clear(message_);
  std::vector<QPointF> curve;
  for (const LoadPoint& point : cliff_->points) {
    if (const auto p95 = p95_of(point)) curve.emplace_back(point.factor, *p95);
  }
  if (curve.empty()) return clear(answer(setup_, *cliff_));
  clear();
  setHeading(answer(setup_, *cliff_));
  auto* const load = new QLogValueAxis;
  auto* const latency = new QLogValueAxis;
  dress(*load, tr("times the load of the scenario"));
  dress(*latency, tr("p95 (ms)"));
  load->setBase(2);
  load->setLabelFormat(QStringLiteral("%g"));
  latency->setLabelFormat(QStringLiteral("%g"));
  const auto [low, high] = std::minmax_element(curve.begin(), curve.end(),
                                               [](QPointF a, QPointF b) { return a.y() < b.y(); });
  const double floor = low->y() / 1.3, ceiling = high->y() * 1.3;
  load->setRange(cliff_->points.front().factor / 1.1, cliff_->points.back().factor * 1.1);
  latency->setRange(floor, ceiling);
  chart()->addAxis(load, Qt::AlignBottom);
  chart()->addAxis(latency, Qt::AlignLeft);
  const auto attach = [&](QAbstractSeries* series) {
    chart()->addSeries(series);
    series->attachAxis(load);
    series->attachAxis(latency);
  };
  if (cliff_->holds && cliff_->breaks) {
    const double from = cliff_->points[*cliff_->holds].factor;
    const double to = cliff_->points[*cliff_->breaks].factor;
    auto* const bottom = new QLineSeries;
    auto* const top = new QLineSeries;
    bottom->append({{from, floor}, {to, floor}});
    top->append({{from, ceiling}, {to, ceiling}});
    auto* const band = new QAreaSeries(top, bottom);
    top->setParent(band);  // it does not take them by itself
    bottom->setParent(band);
    QColor fill = colorOf(Verdict::missed);
    fill.setAlphaF(0.2F);
    band->setBrush(fill);
    band->setPen(Qt::NoPen);
    attach(band);
  }
  auto* const line = new QLineSeries;
  for (const QPointF& point : curve) line->append(point);
  line->setPen(QPen(currentTheme().secondary, 1));
  attach(line);
  for (const Verdict verdict : {Verdict::met, Verdict::cannot_tell, Verdict::missed}) {
    auto* const points = new QScatterSeries;
    for (const LoadPoint& point : cliff_->points) {
      const auto p95 = p95_of(point);
      if (p95 && point.verdict == verdict) points->append(point.factor, *p95);
    }
    points->setMarkerSize(kGrid + 2);
    points->setMarkerShape(verdict == Verdict::met ? QScatterSeries::MarkerShapeCircle
                                                   : QScatterSeries::MarkerShapeRectangle);
    points->setColor(colorOf(verdict));
    points->setBorderColor(currentTheme().background);
    attach(points);
  }
}

}  // namespace cotenant::gui

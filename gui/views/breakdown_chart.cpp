// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/breakdown_chart.h"

#include <QBarCategoryAxis>
#include <QBarSet>
#include <QChart>
#include <QHorizontalStackedBarSeries>
#include <QToolTip>
#include <QValueAxis>
#include <algorithm>
#include <utility>

#include "gui/items/texts.h"
#include "gui/look/theme.h"
#include "study/writers/format.h"
#include "study/writers/words.h"

namespace cotenant::gui {
namespace {

QString label_of(const Breakdown& breakdown, std::size_t part) {
  return part < breakdown.states.size() ? text(words(breakdown.states[part]).label)
                                        : BreakdownChart::tr("all else");
}

QColor color_of(const Breakdown& breakdown, std::size_t part) {
  return part < breakdown.states.size() ? colorOf(breakdown.states[part]) : currentTheme().line;
}

// The largest total of a bar.
double longest(const Breakdown& breakdown) {
  double most = 0;
  for (const Breakdown::Bar& bar : breakdown.bars) {
    double total = 0;
    for (const double seconds : bar.seconds) total += seconds;
    most = std::max(most, total);
  }
  return most;
}

}  // namespace

QString phrase(Around around) {
  switch (around) {
    case Around::mean:
      return BreakdownChart::tr("the mean");
    case Around::p50:
      return BreakdownChart::tr("the p50");
    case Around::p99:
      break;
  }
  return BreakdownChart::tr("the p99");
}

BreakdownChart::BreakdownChart(QWidget* parent) : Chart(tr("Where the time goes"), parent) {}

void BreakdownChart::setReport(ReportPtr report) {
  report_ = std::move(report);
  refresh();
}

void BreakdownChart::setAround(Around around) {
  around_ = around;
  refresh();
}

Chart::Rows BreakdownChart::rows() const {
  Rows rows = {{tr("setup"), tr("state"), tr("time (ms)")}};
  if (!report_) return rows;
  const Breakdown breakdown = breakdown_of(*report_, around_);
  for (const Breakdown::Bar& bar : breakdown.bars) {
    for (std::size_t part = 0; part < bar.seconds.size(); ++part) {
      rows.push_back({text(report_->setups[bar.setup].name), label_of(breakdown, part),
                      text(shortest(bar.seconds[part] * 1e3))});
    }
  }
  return rows;
}

void BreakdownChart::redraw() {
  setTitle(tr("Where %1 goes").arg(phrase(around_)));
  const Breakdown breakdown = report_ ? breakdown_of(*report_, around_) : Breakdown();
  if (breakdown.bars.empty()) {
    return clear(report_ ? tr("There is no breakdown of %1 yet: too few requests were completed.")
                               .arg(phrase(around_))
                         : tr("What requests wait for appears here."));
  }
  clear();
  const Scale scale = scale_of(MetricUnit::seconds, longest(breakdown), longest(breakdown));
  auto* const time = new QValueAxis;
  auto* const setups = new QBarCategoryAxis;
  dress(*time, tr("time (%1)").arg(text(scale.unit)));
  dress(*setups, QString());
  time->setRange(0, longest(breakdown) * scale.factor * 1.02);
  time->setLabelFormat(QStringLiteral("%g"));
  time->applyNiceNumbers();
  setups->setGridLineVisible(false);
  // The first setup is on top.
  for (auto bar = breakdown.bars.rbegin(); bar != breakdown.bars.rend(); ++bar) {
    setups->append(text(report_->setups[bar->setup].name));
  }
  chart()->addAxis(time, Qt::AlignBottom);
  chart()->addAxis(setups, Qt::AlignLeft);
  addBars(breakdown, scale.factor);
}

void BreakdownChart::addBars(const Breakdown& breakdown, double scale) {
  auto* const bars = new QHorizontalStackedBarSeries;
  bars->setBarWidth(0.6);
  for (std::size_t part = 0; part <= breakdown.states.size(); ++part) {
    const bool any = std::any_of(breakdown.bars.begin(), breakdown.bars.end(),
                                 [&](const auto& bar) { return bar.seconds[part] > 0; });
    if (!any) continue;
    auto* const set = new QBarSet(label_of(breakdown, part));
    set->setColor(color_of(breakdown, part));
    set->setBorderColor(currentTheme().background);
    for (auto bar = breakdown.bars.rbegin(); bar != breakdown.bars.rend(); ++bar) {
      set->append(bar->seconds[part] * scale);
    }
    bars->append(set);
  }
  chart()->addSeries(bars);
  for (QAbstractAxis* const axis : chart()->axes()) bars->attachAxis(axis);
  std::vector<LegendEntry> legend;
  for (QBarSet* const set : bars->barSets()) legend.push_back({set->label(), set->color()});
  setLegend(std::move(legend));
  const auto setup_at = [breakdown](int index) {
    return breakdown.bars[breakdown.bars.size() - 1 - static_cast<std::size_t>(index)].setup;
  };
  connect(bars, &QAbstractBarSeries::clicked, this, [this, setup_at](int index, QBarSet*) {
    Q_EMIT barPicked(static_cast<int>(setup_at(index)), around_);
  });
  connect(bars, &QAbstractBarSeries::hovered, this,
          [this, setup_at, scale](bool inside, int index, QBarSet* set) {
            if (!inside) return QToolTip::hideText();
            const QString name = text(report_->setups[setup_at(index)].name);
            QToolTip::showText(
                QCursor::pos(),
                tr("%1: %2, %3 ms")
                    .arg(name, set->label(), text(significant(set->at(index) / scale * 1e3))));
          });
}

}  // namespace cotenant::gui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/breakdown_chart.h"

#include <QBarCategoryAxis>
#include <QBarSet>
#include <QChart>
#include <QHorizontalStackedBarSeries>
#include <QPainter>
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
  growing_.clear();
  if (breakdown.bars.empty()) {
    if (!report_) return clear(tr("What requests wait for appears here."));
    return clear(breakdown.growing.empty()
                     ? tr("There is no breakdown of %1 yet: too few requests were completed.")
                           .arg(phrase(around_))
                     : tr("Queues grow, so that no request is typical. Less load, more workers or "
                          "more cores would change that."));
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
  // The first setup is on top; below are those without a bar.
  growing_.assign(breakdown.growing.rbegin(), breakdown.growing.rend());
  for (const std::size_t setup : growing_) setups->append(text(report_->setups[setup].name));
  for (auto bar = breakdown.bars.rbegin(); bar != breakdown.bars.rend(); ++bar) {
    setups->append(text(report_->setups[bar->setup].name));
  }
  chart()->addAxis(time, Qt::AlignBottom);
  chart()->addAxis(setups, Qt::AlignLeft);
  addBars(breakdown, scale.factor);
}

void BreakdownChart::drawForeground(QPainter* painter, const QRectF& area) {
  Chart::drawForeground(painter, area);
  if (growing_.empty()) return;
  const QRectF plot = chart()->plotArea();
  const auto* const bars = static_cast<QHorizontalStackedBarSeries*>(chart()->series().front());
  const auto rows = static_cast<double>(bars->barSets().front()->count());
  const double height = plot.height() / rows;
  for (std::size_t i = 0; i < growing_.size(); ++i) {
    const double middle = plot.bottom() - (static_cast<double>(i) + 0.5) * height;
    const double bar = height * bars->barWidth();
    const SetupReport& setup = report_->setups[growing_[i]];
    drawGrowing(*painter, {plot.left(), middle - bar / 2, plot.width(), bar},
                {text(setup.name), setupColor(growing_[i])});
  }
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
    for (std::size_t i = 0; i < growing_.size(); ++i) set->append(0);
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
    const auto row = static_cast<std::size_t>(index);
    const std::size_t below = breakdown.growing.size();
    return row < below ? breakdown.growing[below - 1 - row]
                       : breakdown.bars[breakdown.bars.size() - 1 - (row - below)].setup;
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

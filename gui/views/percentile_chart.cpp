// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/percentile_chart.h"

#include <QCategoryAxis>
#include <QChart>
#include <QLineSeries>
#include <QLogValueAxis>
#include <QMouseEvent>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "gui/items/texts.h"
#include "gui/look/theme.h"
#include "study/writers/format.h"
#include "study/writers/summary.h"
#include "study/writers/words.h"

namespace cotenant::gui {
namespace {

constexpr double kMilliseconds = 1e3;

// The factor by which the axis goes on above the lines, where bands are drawn.
constexpr double kRoomForBands = 4;

struct Tick {
  double percentile;
  const char* label;
};
constexpr std::array<Tick, 6> kTicks = {
    {{0, "0"}, {0.5, "50"}, {0.9, "90"}, {0.95, "95"}, {0.99, "99"}, {0.999, "99.9"}}};
// The right end of the axis.
constexpr double kLast = 0.9995;

// Each step to the right leaves a tenth of the requests.
double stretched(double percentile) { return -std::log10(1 - std::min(percentile, kLast)); }
double percentile_at(double stretched) { return 1 - std::pow(10, -stretched); }

// One for each time that all colors are used up.
constexpr std::array kLines = {Qt::SolidLine, Qt::DashLine, Qt::DotLine, Qt::DashDotLine};

bool has_line(const SetupReport& setup) {
  return setup.stability.stable && setup.latency_cdf.size() > 1;
}

// Of the last point that is not to the right of it.
double latency_at(const SetupReport& setup, double percentile) {
  double latency = setup.latency_cdf.front().second;
  for (const auto& [probability, seconds] : setup.latency_cdf) {
    if (probability <= percentile) latency = seconds;
  }
  return latency;
}

struct Range {
  double low = std::numeric_limits<double>::max();
  double high = 0;

  void take(double value) {
    if (value <= 0) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool is_empty() const { return high <= 0; }
};

// The bounds on latencies, which all setups share.
std::vector<const ObjectiveReport*> bounds_of(const Report& report) {
  std::vector<const ObjectiveReport*> bounds;
  if (report.setups.empty()) return bounds;
  for (const ObjectiveReport& objective : report.setups.front().objectives) {
    if (is_latency(objective.metric) && objective.below) bounds.push_back(&objective);
  }
  return bounds;
}

// The latencies drawn, and the bounds on them.
Range range_of(const Report& report) {
  Range range;
  for (const SetupReport& setup : report.setups) {
    if (has_line(setup)) {
      for (const auto& [probability, latency] : setup.latency_cdf) {
        if (probability <= kLast) range.take(latency);
      }
    }
  }
  if (range.is_empty()) return range;
  for (const ObjectiveReport* const bound : bounds_of(report)) range.take(*bound->below);
  return range;
}

}  // namespace

PercentileChart::PercentileChart(QWidget* parent) : Chart(tr("Latency by percentile"), parent) {}

void PercentileChart::setReport(ReportPtr report, int selected) {
  report_ = std::move(report);
  selected_ = selected;
  refresh();
}

void PercentileChart::setSelected(int setup) {
  selected_ = setup;
  refresh();
}

Chart::Rows PercentileChart::rows() const {
  Rows rows = {{tr("setup"), tr("percentile"), tr("latency (ms)")}};
  if (!report_) return rows;
  for (const SetupReport& setup : report_->setups) {
    if (!has_line(setup)) continue;
    for (const auto& [probability, latency] : setup.latency_cdf) {
      rows.push_back({text(setup.name), text(shortest(probability * 100)),
                      text(shortest(latency * kMilliseconds))});
    }
  }
  return rows;
}

void PercentileChart::redraw() {
  const Range range = report_ ? range_of(*report_) : Range();
  if (range.is_empty()) {
    return clear(report_
                     ? tr("No setup has a latency to show: its queue grows, or nothing was "
                          "completed. Less load, more workers or more cores would change that.")
                     : tr("Latencies appear here as soon as the first requests are simulated."));
  }
  clear();
  auto* const percentile = new QCategoryAxis;
  auto* const latency = new QLogValueAxis;
  dress(*percentile, tr("percentile of completed requests"));
  dress(*latency, tr("latency (ms)"));
  percentile->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
  percentile->setRange(0, stretched(kLast));
  for (const Tick& tick : kTicks) {
    percentile->append(QString::fromLatin1(tick.label), stretched(tick.percentile));
  }
  latency->setLabelFormat(QStringLiteral("%g"));
  const bool grows = std::ranges::any_of(
      report_->setups, [](const SetupReport& setup) { return !setup.stability.stable; });
  const double above = grows ? kRoomForBands : 1.2;
  latency->setRange(range.low * kMilliseconds / 1.2, range.high * kMilliseconds * above);
  chart()->addAxis(percentile, Qt::AlignBottom);
  chart()->addAxis(latency, Qt::AlignLeft);
  std::vector<EndLabel> labels;
  std::vector<Growing> growing;
  for (std::size_t i = 0; i < report_->setups.size(); ++i) {
    const SetupReport& setup = report_->setups[i];
    if (!setup.stability.stable) growing.push_back({text(setup.name), setupColor(i)});
    if (!has_line(setup)) continue;
    addSetup(i, *latency, *percentile);
    labels.push_back({{stretched(kLast), setup.latency_cdf.back().second * kMilliseconds},
                      text(setup.name),
                      setupColor(i)});
  }
  for (const ObjectiveReport* const bound : bounds_of(*report_)) {
    const double height = *bound->below * kMilliseconds;
    auto* const line = new QLineSeries;
    line->append(0, height);
    line->append(stretched(kLast), height);
    line->setPen(QPen(currentTheme().secondary, 1, Qt::DashLine));
    draw(line, *latency, *percentile);
    labels.push_back({{stretched(kLast), height},
                      tr("%1 < %2 ms").arg(text(short_name(*bound)), text(significant(height))),
                      currentTheme().secondary});
  }
  setEndLabels(std::move(labels));
  setGrowing(std::move(growing));
}

void PercentileChart::addSetup(std::size_t index, QLogValueAxis& latency,
                               QCategoryAxis& percentile) {
  auto* const line = new QLineSeries;
  const SetupReport& setup = report_->setups[index];
  line->setName(text(setup.name));
  for (const auto& [probability, seconds] : setup.latency_cdf) {
    if (probability <= kLast) line->append(stretched(probability), seconds * kMilliseconds);
  }
  const bool is_selected = static_cast<int>(index) == selected_;
  line->setPen(QPen(setupColor(index), is_selected ? 3 : 1.6,
                    kLines[index / kSetupColorCount % kLines.size()]));
  draw(line, latency, percentile);
}

void PercentileChart::draw(QLineSeries* line, QLogValueAxis& latency, QCategoryAxis& percentile) {
  chart()->addSeries(line);
  line->attachAxis(&latency);
  line->attachAxis(&percentile);
}

void PercentileChart::mouseReleaseEvent(QMouseEvent* event) {
  Chart::mouseReleaseEvent(event);
  if (!report_ || event->button() != Qt::LeftButton) return;
  const QPointF at = chart()->mapToValue(event->position());
  const int setup = nearestSetup(at);
  if (setup >= 0) Q_EMIT percentilePicked(setup, percentile_at(at.x()));
}

// By the distance above or below the point, as factors.
int PercentileChart::nearestSetup(QPointF at) const {
  int nearest = -1;
  double least = std::log(1.3);  // farther from all lines nobody was meant
  for (std::size_t i = 0; i < report_->setups.size(); ++i) {
    const SetupReport& setup = report_->setups[i];
    if (!has_line(setup) || at.x() < 0 || at.y() <= 0) continue;
    const double latency = latency_at(setup, percentile_at(at.x())) * kMilliseconds;
    const double distance = std::fabs(std::log(at.y() / latency));
    if (distance >= least) continue;
    least = distance;
    nearest = static_cast<int>(i);
  }
  return nearest;
}

}  // namespace cotenant::gui

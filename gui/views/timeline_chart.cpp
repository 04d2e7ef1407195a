// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/timeline_chart.h"

#include <QChart>
#include <QKeyEvent>
#include <QLineSeries>
#include <QMouseEvent>
#include <QPainter>
#include <QValueAxis>
#include <QWheelEvent>
#include <algorithm>

#include "gui/items/texts.h"
#include "gui/look/theme.h"
#include "study/writers/format.h"

namespace cotenant::gui {
namespace {

constexpr double kZoomStep = 1.25;
constexpr double kPanStep = 0.1;   // of what is seen
constexpr double kClosest = 1e-6;  // of all

QColor color_of(TimelineLine::Tone tone) {
  switch (tone) {
    case TimelineLine::Tone::useful:
      return colorOf(WaitState::cpu);
    case TimelineLine::Tone::waiting:
      return colorOf(WaitState::accept_queue);
    case TimelineLine::Tone::lost:
      return colorOf(WaitState::throttled);
    case TimelineLine::Tone::limit:
      break;
  }
  return currentTheme().secondary;
}

// ✕ killed, ↻ started again.
QString sign(MarkKind kind) {
  switch (kind) {
    case MarkKind::oom_kill:
    case MarkKind::worker_timeout:
    case MarkKind::worker_lost:
    case MarkKind::outage:
      return QStringLiteral("✕");
    case MarkKind::worker_restart:
    case MarkKind::outage_over:
    case MarkKind::cold_start:
      break;
  }
  return QStringLiteral("↻");
}

double highest(const std::vector<Point>& points) {
  double most = 0;
  for (const Point& point : points) most = std::max(most, point.y);
  return most;
}

}  // namespace

TimelineChart::TimelineChart(QWidget* parent) : Chart(QString(), parent) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumHeight(14 * kGrid);
}

void TimelineChart::setRow(const TimelineRow& row, const std::vector<TimelineEvent>& events,
                           double end) {
  setTitle(text(row.title));
  lines_.clear();
  for (const TimelineLine& line : row.lines) {
    lines_.push_back({line.tone, text(line.name), Pyramid(line.points)});
  }
  events_ = events;
  if (end != end_) to_ = end;
  end_ = end;
  to_ = std::min(to_, end_);
  refresh();
}

Chart::Rows TimelineChart::rows() const {
  Rows rows = {{tr("time (s)"), tr("line"), title()}};
  for (const Line& line : lines_) {
    for (const Point& point : line.points.points()) {
      rows.push_back({text(shortest(point.x)), line.name, text(shortest(point.y))});
    }
  }
  return rows;
}

void TimelineChart::redraw() {
  clear();
  setHeading(title());
  time_ = new QValueAxis;
  auto* const value = new QValueAxis;
  dress(*time_, QString());
  dress(*value, QString());
  time_->setLabelFormat(QStringLiteral("%g s"));
  value->setLabelFormat(QStringLiteral("%g"));
  time_->setRange(from_, to_);
  double most = 0;
  for (const Line& line : lines_) most = std::max(most, highest(line.points.points()));
  value->setRange(0, most > 0 ? most * 1.05 : 1);
  value->setTickCount(3);
  value->applyNiceNumbers();
  chart()->addAxis(time_, Qt::AlignBottom);
  chart()->addAxis(value, Qt::AlignLeft);
  for (Line& line : lines_) {
    line.series = new QLineSeries;
    const bool is_limit = line.tone == TimelineLine::Tone::limit;
    line.series->setPen(
        QPen(color_of(line.tone), is_limit ? 1 : 1.4, is_limit ? Qt::DashLine : Qt::SolidLine));
    chart()->addSeries(line.series);
    line.series->attachAxis(time_);
    line.series->attachAxis(value);
  }
  fill();
}

// With what can be seen of each line.
void TimelineChart::fill() {
  const auto columns = static_cast<std::size_t>(std::max(1.0, chart()->plotArea().width()));
  std::vector<EndLabel> labels;
  for (Line& line : lines_) {
    if (line.series == nullptr) continue;
    QList<QPointF> shown;
    for (const Point& point : line.points.view(from_, to_, columns)) {
      shown.emplace_back(point.x, point.y);
    }
    line.series->replace(shown);
    const double at = shown.empty() ? 0 : shown.back().y();
    labels.push_back({{to_, at}, line.name, color_of(line.tone)});
  }
  setEndLabels(std::move(labels));
}

void TimelineChart::setRange(double from, double to) {
  from_ = from;
  to_ = to;
  if (time_ != nullptr) time_->setRange(from_, to_);
  fill();
}

void TimelineChart::setCursorAt(double time) {
  cursor_ = time;
  viewport()->update();
}

void TimelineChart::drawForeground(QPainter* painter, const QRectF& area) {
  Chart::drawForeground(painter, area);
  const QRectF plot = chart()->plotArea();
  const auto place = [&](double time) {
    return plot.left() + (time - from_) / (to_ - from_) * plot.width();
  };
  painter->setFont(textFont(TextSize::small));
  painter->setPen(colorOf(WaitState::throttled));
  for (const TimelineEvent& event : events_) {
    if (event.at < from_ || event.at > to_) continue;
    painter->drawText(QPointF(place(event.at) - 4, plot.top() + 10), sign(event.kind));
  }
  if (cursor_ < from_ || cursor_ > to_) return;
  painter->setPen(QPen(currentTheme().secondary, 1));
  painter->drawLine(QPointF(place(cursor_), plot.top()), QPointF(place(cursor_), plot.bottom()));
}

void TimelineChart::wheelEvent(QWheelEvent* event) {
  const double at = chart()->mapToValue(event->position()).x();
  zoom(at, event->angleDelta().y() > 0 ? 1 / kZoomStep : kZoomStep);
  event->accept();
}

void TimelineChart::mousePressEvent(QMouseEvent* event) {
  grabbed_ = chart()->mapToValue(event->position()).x();
  setFocus();
}

void TimelineChart::mouseMoveEvent(QMouseEvent* event) {
  const double at = chart()->mapToValue(event->position()).x();
  if (event->buttons() & Qt::LeftButton) {
    pan(grabbed_ - at);
  } else {
    Q_EMIT cursorMoved(at);
  }
}

void TimelineChart::mouseDoubleClickEvent(QMouseEvent*) { moveTo(0, end_); }

void TimelineChart::leaveEvent(QEvent*) { Q_EMIT cursorMoved(-1); }

void TimelineChart::keyPressEvent(QKeyEvent* event) {
  const double seen = to_ - from_;
  switch (event->key()) {
    case Qt::Key_Plus:
      return zoom(from_ + seen / 2, 1 / kZoomStep);
    case Qt::Key_Minus:
      return zoom(from_ + seen / 2, kZoomStep);
    case Qt::Key_Left:
      return pan(-kPanStep * seen);
    case Qt::Key_Right:
      return pan(kPanStep * seen);
    case Qt::Key_Home:
      return moveTo(0, end_);
    default:
      Chart::keyPressEvent(event);
  }
}

void TimelineChart::resizeEvent(QResizeEvent* event) {
  Chart::resizeEvent(event);
  fill();
}

void TimelineChart::zoom(double center, double factor) {
  const double seen = std::clamp((to_ - from_) * factor, end_ * kClosest, end_);
  const double part = (center - from_) / (to_ - from_);
  const double from = std::clamp(center - part * seen, 0.0, end_ - seen);
  moveTo(from, from + seen);
}

void TimelineChart::pan(double by) {
  const double seen = to_ - from_;
  const double from = std::clamp(from_ + by, 0.0, end_ - seen);
  moveTo(from, from + seen);
}

void TimelineChart::moveTo(double from, double to) {
  setRange(from, to);
  Q_EMIT rangeChanged(from, to);
}

}  // namespace cotenant::gui

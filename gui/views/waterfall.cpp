// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/waterfall.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <utility>

#include "gui/items/texts.h"
#include "gui/look/theme.h"
#include "study/writers/format.h"
#include "study/writers/words.h"

namespace cotenant::gui {
namespace {

constexpr int kRowHeight = 3 * kGrid;
constexpr int kNameWidth = 20 * kGrid;

QString shown(double seconds) {
  const Scale scale = scale_of(MetricUnit::seconds, seconds, seconds);
  return text(significant(seconds * scale.factor)) + QLatin1Char(' ') + text(scale.unit);
}

}  // namespace

Waterfall::Waterfall(QWidget* parent) : QWidget(parent) {
  setAccessibleName(tr("Where the time of one request went"));
  setMinimumWidth(40 * kGrid);
}

void Waterfall::setRequest(std::optional<TracedRequest> request) {
  request_ = std::move(request);
  updateGeometry();
  update();
}

QSize Waterfall::sizeHint() const {
  const std::size_t rows = request_ ? request_->rows.size() : 1;
  return {60 * kGrid, static_cast<int>(rows + 1) * kRowHeight};
}

double Waterfall::left() const { return kNameWidth; }

double Waterfall::pixelsPerSecond() const {
  const double latency = request_ && request_->latency > 0 ? request_->latency : 1;
  return (width() - kNameWidth - 2 * kGrid) / latency;
}

QRectF Waterfall::barOf(const TraceRow& row, std::size_t place) const {
  const double top = static_cast<double>(place) * kRowHeight + kGrid / 2.0;
  return {left() + row.begin * pixelsPerSecond(), top, (row.end - row.begin) * pixelsPerSecond(),
          kRowHeight - kGrid};
}

void Waterfall::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setFont(textFont(TextSize::small));
  if (!request_) return;
  for (std::size_t i = 0; i < request_->rows.size(); ++i) {
    const TraceRow& row = request_->rows[i];
    const QRectF bar = barOf(row, i);
    painter.setPen(currentTheme().text);
    const QRectF name(kGrid, bar.top(), kNameWidth - 2 * kGrid, bar.height());
    painter.drawText(name, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(text(row.name), Qt::ElideRight,
                                                      static_cast<int>(name.width())));
    for (const TraceSpan& span : row.spans) {
      const QRectF piece(left() + span.begin * pixelsPerSecond(), bar.top(),
                         std::max(1.0, (span.end - span.begin) * pixelsPerSecond()), bar.height());
      painter.fillRect(piece, colorOf(span.state));
    }
  }
  painter.setPen(currentTheme().secondary);
  const QRectF axis(left(), static_cast<double>(request_->rows.size()) * kRowHeight,
                    width() - left() - 2 * kGrid, kRowHeight);
  painter.drawText(axis, Qt::AlignLeft, QStringLiteral("0"));
  painter.drawText(axis, Qt::AlignRight, shown(request_->latency));
}

bool Waterfall::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* const help = static_cast<QHelpEvent*>(event);
  QToolTip::showText(help->globalPos(), explained(help->pos()), this);
  return true;
}

QString Waterfall::explained(QPointF at) const {
  if (!request_ || at.y() < 0) return {};
  const auto place = static_cast<std::size_t>(at.y() / kRowHeight);
  if (place >= request_->rows.size()) return {};
  const double time = (at.x() - left()) / pixelsPerSecond();
  for (const TraceSpan& span : request_->rows[place].spans) {
    if (time < span.begin || time > span.end) continue;
    QString line =
        text(words(span.state).phrase) + QStringLiteral(": ") + shown(span.end - span.begin);
    if (!span.by.empty()) line += QStringLiteral(", ") + text(span.by);
    return line;
  }
  return {};
}

}  // namespace cotenant::gui

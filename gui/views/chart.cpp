// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/views/chart.h"

#include <QAbstractAxis>
#include <QChart>
#include <QFontMetricsF>
#include <QGraphicsLayout>
#include <QLegend>
#include <QPainter>
#include <QSvgGenerator>
#include <algorithm>
#include <stdexcept>
#include <utility>

#include "gui/items/texts.h"
#include "gui/look/theme.h"
#include "gui/views/turns.h"

namespace cotenant::gui {
namespace {

// Right of the plot, for the names of lines.
constexpr int kLabelRoom = 15 * kGrid;
// A square of the legend.
constexpr int kSwatch = 10;
// Of what is exported without having been seen.
constexpr QSize kExported(100 * kGrid, 56 * kGrid);
// Of a setup whose queue grows.
constexpr int kBand = 3 * kGrid;

QString quoted(const QString& field) {
  if (!field.contains(QLatin1Char(',')) && !field.contains(QLatin1Char('"')) &&
      !field.contains(QLatin1Char('\n'))) {
    return field;
  }
  QString inner = field;
  return QLatin1Char('"') + inner.replace(QLatin1Char('"'), QStringLiteral("\"\"")) +
         QLatin1Char('"');
}

[[noreturn]] void cannotWrite(const QString& file) {
  throw std::runtime_error(utf8(file) +
                           " cannot be written. Choose another folder, or make room there.");
}

}  // namespace

Chart::Chart(const QString& title, QWidget* parent) : QChartView(parent) {
  setTitle(title);
  chart()->legend()->hide();
  chart()->setAnimationOptions(QChart::NoAnimation);
  chart()->layout()->setContentsMargins(0, 0, 0, 0);
  chart()->setBackgroundRoundness(0);
  setRenderHint(QPainter::Antialiasing);
  setFrameShape(QFrame::NoFrame);
  setMinimumSize(30 * kGrid, 20 * kGrid);
}

void Chart::setTitle(const QString& title) {
  title_ = title;
  setAccessibleName(title);
}

void Chart::refresh() {
  outdated_ = true;
  if (!isVisible()) return;
  Turns::shared().wait(this, [this] {
    if (isVisible()) redrawIfOutdated();
  });
}

void Chart::redrawIfOutdated() {
  if (std::exchange(outdated_, false)) redraw();
}

void Chart::showEvent(QShowEvent* event) {
  QChartView::showEvent(event);
  redrawIfOutdated();
}

void Chart::setHeading(const QString& heading) { chart()->setTitle(heading); }

// What is exported is up to date, says what it shows, and has a size also if nobody has seen it.
template <class Draw>
void Chart::exported(Draw draw) {
  const QString heading = chart()->title();
  const QSize seen = size();
  if (!testAttribute(Qt::WA_WState_Created) || !isVisible()) {
    resize(kExported.expandedTo(minimumSize()));
    QResizeEvent resized(size(), seen);  // a hidden widget is told when it is shown
    resizeEvent(&resized);
  }
  redrawIfOutdated();
  if (heading.isEmpty()) chart()->setTitle(title_);
  chart()->layout()->activate();
  draw();
  chart()->setTitle(heading);
  if (size() != seen) resize(seen);
}

void Chart::savePng(const QString& file, qreal scale) {
  QImage image;
  exported([&] {
    image = QImage(size() * scale, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(currentTheme().background);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    render(&painter, QRectF(QPointF(), size()), rect());
  });
  if (!image.save(file, "PNG")) cannotWrite(file);
}

void Chart::saveSvg(const QString& file) {
  exported([&] {
    QSvgGenerator generator;
    generator.setFileName(file);
    generator.setSize(size());
    generator.setViewBox(rect());
    generator.setTitle(title_);
    QPainter painter;
    if (!painter.begin(&generator)) cannotWrite(file);
    render(&painter, QRectF(QPointF(), size()), rect());
  });
}

void Chart::clear(const QString& sentence) {
  chart()->removeAllSeries();
  for (QAbstractAxis* const axis : chart()->axes()) {
    chart()->removeAxis(axis);
    delete axis;
  }
  sentence_ = sentence;
  labels_.clear();
  legend_.clear();
  growing_.clear();
  const Theme& theme = currentTheme();
  chart()->setBackgroundBrush(theme.background);
  chart()->setTitleBrush(theme.text);
  chart()->setTitleFont(textFont(TextSize::body, true));
  setMargins();
  setBackgroundBrush(theme.background);
  viewport()->update();
}

void Chart::setEndLabels(std::vector<EndLabel> labels) {
  labels_ = std::move(labels);
  setMargins();
  viewport()->update();
}

void Chart::setLegend(std::vector<LegendEntry> entries) {
  legend_ = std::move(entries);
  setMargins();
  viewport()->update();
}

void Chart::setGrowing(std::vector<Growing> setups) {
  growing_ = std::move(setups);
  viewport()->update();
}

void Chart::setMargins() {
  const int right = labels_.empty() ? kGrid : kLabelRoom;
  const int legend = static_cast<int>(placedLegend(width() - 2.0 * kGrid).height);
  chart()->setMargins({kGrid, kGrid, right, kGrid + legend});
}

void Chart::resizeEvent(QResizeEvent* event) {
  setMargins();
  QChartView::resizeEvent(event);
}

Chart::Placed Chart::placedLegend(qreal width) const {
  Placed result;
  const QFontMetricsF metrics(textFont(TextSize::small));
  const qreal line = metrics.height() + kGrid / 2.0;
  QPointF next;
  for (const LegendEntry& entry : legend_) {
    const qreal needed = kSwatch + kGrid + metrics.horizontalAdvance(entry.text) + 2 * kGrid;
    if (next.x() > 0 && next.x() + needed > width) next = {0, next.y() + line};
    result.places.push_back(next);
    next.rx() += needed;
  }
  if (!legend_.empty()) result.height = next.y() + line + kGrid;
  return result;
}

void Chart::dress(QAbstractAxis& axis, const QString& title) {
  const Theme& theme = currentTheme();
  axis.setTitleText(title);
  axis.setTitleFont(textFont(TextSize::small));
  axis.setTitleBrush(theme.secondary);
  axis.setLabelsFont(textFont(TextSize::small));
  axis.setLabelsBrush(theme.secondary);
  axis.setLinePen(QPen(theme.line));
  axis.setGridLinePen(QPen(theme.line));
  axis.setMinorGridLineVisible(false);
}

void Chart::drawForeground(QPainter* painter, const QRectF& area) {
  QChartView::drawForeground(painter, area);
  if (!sentence_.isEmpty()) return drawSentence(*painter);
  painter->setFont(textFont(TextSize::small));
  drawEndLabels(*painter);
  drawLegend(*painter);
  QRectF band = chart()->plotArea();
  band.setHeight(kBand);
  for (const Growing& setup : growing_) {
    drawGrowing(*painter, band, setup);
    band.translate(0, kBand);
  }
}

void Chart::drawGrowing(QPainter& painter, const QRectF& band, const Growing& setup) {
  QColor faint = setup.color;
  faint.setAlphaF(0.35F);
  painter.fillRect(band, QBrush(faint, Qt::BDiagPattern));
  const QString words = tr("%1: queue grows").arg(setup.name);
  const QFontMetricsF metrics(painter.font());
  QRectF label(0, 0, metrics.horizontalAdvance(words) + 2 * kGrid, metrics.height() + 4);
  label.moveCenter(band.center());
  painter.fillRect(label, currentTheme().background);
  painter.setPen(currentTheme().text);
  painter.drawText(label, Qt::AlignCenter, words);
}

void Chart::drawSentence(QPainter& painter) {
  painter.setPen(currentTheme().secondary);
  painter.setFont(textFont(TextSize::body));
  const QRectF inside = sceneRect().adjusted(4 * kGrid, kGrid, -4 * kGrid, -kGrid);
  painter.drawText(inside, Qt::AlignCenter | Qt::TextWordWrap, sentence_);
}

void Chart::drawEndLabels(QPainter& painter) {
  const QFontMetricsF metrics(painter.font());
  const qreal height = metrics.height();
  std::vector<std::pair<QPointF, const EndLabel*>> placed;
  for (const EndLabel& label : labels_) {
    placed.emplace_back(chart()->mapToPosition(label.at), &label);
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first.y() < b.first.y(); });
  const QRectF plot = chart()->plotArea();
  // Each below the one before, and then those that are too low above the one after.
  qreal free = plot.top();
  for (auto& [at, label] : placed) {
    at.setY(std::max(at.y() - height / 2, free));
    free = at.y() + height;
  }
  free = plot.bottom() + height / 2;
  for (auto entry = placed.rbegin(); entry != placed.rend(); ++entry) {
    entry->first.setY(std::min(entry->first.y(), free - height));
    free = entry->first.y();
  }
  for (const auto& [at, label] : placed) {
    const QRectF box(plot.right() + kGrid, at.y(), kLabelRoom - 2 * kGrid, height);
    painter.setPen(label->color);
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(label->text, Qt::ElideRight, box.width()));
  }
}

void Chart::drawLegend(QPainter& painter) {
  const Placed placed = placedLegend(width() - 2.0 * kGrid);
  const QPointF corner(2.0 * kGrid, height() - placed.height);
  const QFontMetricsF metrics(painter.font());
  for (std::size_t i = 0; i < legend_.size(); ++i) {
    const QPointF at = corner + placed.places[i];
    const QRectF swatch(at.x(), at.y() + (metrics.height() - kSwatch) / 2, kSwatch, kSwatch);
    painter.fillRect(swatch, legend_[i].color);
    painter.setPen(currentTheme().secondary);
    painter.drawText(QPointF(at.x() + kSwatch + kGrid, at.y() + metrics.ascent()), legend_[i].text);
  }
}

QString csv(const Chart::Rows& rows) {
  QString text;
  for (const auto& row : rows) {
    QStringList fields;
    for (const QString& field : row) fields.push_back(quoted(field));
    text += fields.join(QLatin1Char(',')) + QLatin1Char('\n');
  }
  return text;
}

}  // namespace cotenant::gui

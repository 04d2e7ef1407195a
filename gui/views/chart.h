// SPDX-License-Identifier: GPL-3.0-or-later
//
// What all charts of the window share: the look, a sentence where there is nothing to show, names
// beside lines instead of a legend, and the ways out: picture, drawing, table. The only place that
// knows how Qt Charts is dressed.
#pragma once

#include <QChartView>
#include <QString>
#include <utility>
#include <vector>

QT_BEGIN_NAMESPACE
class QAbstractAxis;
QT_END_NAMESPACE

namespace cotenant::gui {

class Chart : public QChartView {
  Q_OBJECT

 public:
  Chart(const QString& title, QWidget* parent);

  // What is drawn, as rows of text: the first is the heading. For export and for who cannot see it.
  using Rows = std::vector<std::vector<QString>>;
  virtual Rows rows() const = 0;

  void savePng(const QString& file, qreal scale = 2);
  void saveSvg(const QString& file);

  // Of what was exported; on the screen the dock says it.
  const QString& title() const { return title_; }

  // Draws it anew: soon, or when it is seen again. What nobody sees costs no time.
  void refresh();

 protected:
  // Draws all of it in the colors of the theme.
  virtual void redraw() = 0;
  void showEvent(QShowEvent* event) override;

  // A name at the right end of a line, at that point in the values of the axes.
  struct EndLabel {
    QPointF at;
    QString text;
    QColor color;
  };

  // Before anything is added: nothing is drawn, and the sentence is shown instead until the next
  // call without one.
  void clear(const QString& sentence = {});
  void setEndLabels(std::vector<EndLabel> labels);
  // Below the plot, in as many lines as it needs.
  struct LegendEntry {
    QString text;
    QColor color;
  };
  void setLegend(std::vector<LegendEntry> entries);
  // Setups that have no latency to draw because their queue grows: a hatched band each, from the
  // top.
  struct Growing {
    QString name;
    QColor color;
  };
  void setGrowing(std::vector<Growing> setups);
  static void drawGrowing(QPainter& painter, const QRectF& band, const Growing& setup);
  // On the screen, too: it says more than the dock.
  void setHeading(const QString& heading);
  void setTitle(const QString& title);
  void dress(QAbstractAxis& axis, const QString& title);
  void drawForeground(QPainter* painter, const QRectF& area) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void setMargins();
  // The places of its entries for a width, from its top left corner, and its height.
  struct Placed {
    std::vector<QPointF> places;
    qreal height = 0;
  };
  Placed placedLegend(qreal width) const;
  void drawSentence(QPainter& painter);
  void drawEndLabels(QPainter& painter);
  void drawLegend(QPainter& painter);
  template <class Draw>
  void exported(Draw draw);

  QString title_;
  // Now, if there is need.
  void redrawIfOutdated();

  bool outdated_ = true;
  QString sentence_;
  std::vector<EndLabel> labels_;
  std::vector<LegendEntry> legend_;
  std::vector<Growing> growing_;
};

// "web shop", "p95 (ms)" → one line of CSV; texts with commas are quoted.
QString csv(const Chart::Rows& rows);

}  // namespace cotenant::gui

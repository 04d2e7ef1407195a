// SPDX-License-Identifier: GPL-3.0-or-later
//
// One row of a timeline: lines over the time of a run, and marks of what happened to services. The
// wheel zooms, dragging pans, a double click shows all of it; with the keyboard + and -, the arrows
// and Home.
#pragma once

#include <utility>
#include <vector>

#include "gui/items/timeline_rows.h"
#include "gui/views/chart.h"

QT_BEGIN_NAMESPACE
class QLineSeries;
class QValueAxis;
QT_END_NAMESPACE

namespace cotenant::gui {

class TimelineChart : public Chart {
  Q_OBJECT

 public:
  explicit TimelineChart(QWidget* parent = nullptr);

  // `end` is that of the run, seconds.
  void setRow(const TimelineRow& row, const std::vector<TimelineEvent>& events, double end);
  void setRange(double from, double to);
  std::pair<double, double> range() const { return {from_, to_}; }
  // A vertical line in all rows; below zero: none.
  void setCursorAt(double time);

  Rows rows() const override;

 Q_SIGNALS:
  void rangeChanged(double from, double to);
  void cursorMoved(double time);

 protected:
  void redraw() override;
  void drawForeground(QPainter* painter, const QRectF& area) override;
  void wheelEvent(QWheelEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  struct Line {
    TimelineLine::Tone tone;
    QString name;
    Pyramid points;
    QLineSeries* series = nullptr;
  };

  void fill();
  void zoom(double center, double factor);
  void pan(double by);
  void moveTo(double from, double to);

  std::vector<Line> lines_;
  std::vector<TimelineEvent> events_;
  QValueAxis* time_ = nullptr;
  double end_ = 1;
  double from_ = 0, to_ = 1;
  double cursor_ = -1;
  double grabbed_ = 0;  // the time under the mouse when it was pressed
};

}  // namespace cotenant::gui

// SPDX-License-Identifier: GPL-3.0-or-later
//
// What happened when, in the first replication of the selected setup: rows of charts over one
// time axis, each with its own unit, and marks where something was killed or restarted. The rows
// zoom, pan and show their cursor together.
#pragma once

#include <QWidget>
#include <memory>
#include <vector>

#include "gui/items/comparison_model.h"

QT_BEGIN_NAMESPACE
class QLabel;
class QVBoxLayout;
QT_END_NAMESPACE

namespace cotenant::gui {

class TimelineChart;

class TimelineView : public QWidget {
  Q_OBJECT

 public:
  explicit TimelineView(QWidget* parent = nullptr);

  // The setup's number in the report; -1: none.
  void setReport(ReportPtr report, int setup);
  void refresh();
  const std::vector<TimelineChart*>& charts() const { return charts_; }

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void fill();
  void zoomTo(double from, double to);

  ReportPtr report_;
  int setup_ = -1;
  bool outdated_ = true;
  QLabel* hint_;
  QVBoxLayout* rows_;
  std::vector<TimelineChart*> charts_;
};

}  // namespace cotenant::gui

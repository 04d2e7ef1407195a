// SPDX-License-Identifier: GPL-3.0-or-later
//
// One request as a waterfall: a row for the request, each failed attempt and each call, divided by
// wait state over one time axis.
#pragma once

#include <QWidget>
#include <optional>

#include "study/inspect.h"

namespace cotenant::gui {

class Waterfall : public QWidget {
  Q_OBJECT

 public:
  explicit Waterfall(QWidget* parent = nullptr);

  void setRequest(std::optional<TracedRequest> request);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;  // tooltips

 private:
  QRectF barOf(const TraceRow& row, std::size_t place) const;
  double left() const;
  double pixelsPerSecond() const;
  QString explained(QPointF at) const;  // empty: nothing is there

  std::optional<TracedRequest> request_;
};

}  // namespace cotenant::gui

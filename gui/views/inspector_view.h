// SPDX-License-Identifier: GPL-3.0-or-later
//
// The request inspector: picks a request of the selected setup by its percentile, shows where its
// time went, and says what held it.
#pragma once

#include <QWidget>
#include <vector>

#include "study/inspect.h"

QT_BEGIN_NAMESPACE
class QDoubleSpinBox;
class QLabel;
QT_END_NAMESPACE

namespace cotenant::gui {

class Waterfall;

class InspectorView : public QWidget {
  Q_OBJECT

 public:
  explicit InspectorView(QWidget* parent = nullptr);

  double percentile() const;  // 0.99
  void setPercentile(double percentile);
  // While it is looked for, and why there is none.
  void setMessage(const QString& message);
  void setInspection(const Inspection& inspection);

 Q_SIGNALS:
  void percentileChanged();

 private:
  QDoubleSpinBox* percentile_;
  QLabel* heading_;
  QLabel* reasons_;
  Waterfall* waterfall_;
};

}  // namespace cotenant::gui

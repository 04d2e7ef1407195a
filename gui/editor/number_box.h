// SPDX-License-Identifier: GPL-3.0-or-later
//
// A spin box for JSON numbers of any size: it works on the digits as they are written, so that
// nothing is rounded, and may be empty, which shows what holds instead.
#pragma once

#include <QAbstractSpinBox>
#include <QString>

#include "scenarios/grammar.h"

namespace cotenant::gui {

class NumberBox : public QAbstractSpinBox {
  Q_OBJECT

 public:
  NumberBox(const ValueType& type, const QString& placeholder, const QString& start,
            QWidget* parent);

  void showText(const QString& text);
  void stepBy(int steps) override;
  QValidator::State validate(QString& text, int& at) const override;

 Q_SIGNALS:
  void typed(const QString& text, const QString& problem);
  void left(const QString& text, const QString& problem);

 protected:
  StepEnabled stepEnabled() const override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  QString problemOf(const QString& text) const;

  const ValueType& type_;
  QString start_;  // where steps begin while it is empty
  QString shown_;
};

// The decimal number, changed by so many units of its last digit: "0.25" and 1 make "0.26".
QString stepped(const QString& number, long long steps);

}  // namespace cotenant::gui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/number_box.h"

#include <QLineEdit>
#include <QWheelEvent>

#include "gui/editor/words.h"

namespace cotenant::gui {

namespace {

constexpr int kMostDigits = 17;  // that fit into 64 bits with a few steps to spare

Node numberNode(const QString& text) {
  Diagnostics ignored;
  std::optional<Node> node = parse_document(text.toStdString(), ignored);
  if (node) return *std::move(node);
  Node text_node;  // what is no number is judged as a text
  text_node.kind = Node::Kind::string;
  text_node.text = text.toStdString();
  return text_node;
}

}  // namespace

QString stepped(const QString& number, long long steps) {
  const qsizetype point = number.indexOf(QLatin1Char('.'));
  const qsizetype decimals = point < 0 ? 0 : number.size() - point - 1;
  QString digits = number;
  digits.remove(QLatin1Char('.'));
  bool good = false;
  long long units = digits.toLongLong(&good);
  if (!good || digits.size() > kMostDigits) return number;
  units += steps;
  if (decimals == 0) return QString::number(units);
  const QString text = QString::number(units < 0 ? -units : units)
                           .rightJustified(static_cast<int>(decimals) + 1, QLatin1Char('0'));
  const QString sign = units < 0 ? QStringLiteral("-") : QString();
  return sign + text.left(text.size() - decimals) + QLatin1Char('.') + text.right(decimals);
}

NumberBox::NumberBox(const ValueType& type, const QString& placeholder, const QString& start,
                     QWidget* parent)
    : QAbstractSpinBox(parent), type_(type), start_(start) {
  setFocusPolicy(Qt::StrongFocus);
  setButtonSymbols(QAbstractSpinBox::NoButtons);  // arrow keys and the wheel step it
  lineEdit()->setPlaceholderText(placeholder);
  connect(lineEdit(), &QLineEdit::textEdited, this,
          [this](const QString& text) { Q_EMIT typed(text, problemOf(text)); });
  connect(this, &QAbstractSpinBox::editingFinished, this, [this] {
    const QString text = lineEdit()->text();
    if (text != shown_) Q_EMIT left(text, problemOf(text));
  });
}

void NumberBox::showText(const QString& text) {
  const bool same = text == shown_;
  shown_ = text;
  const bool typing = lineEdit()->hasFocus() && lineEdit()->text() != text;
  if (typing && same) return;
  if (lineEdit()->text() != text) lineEdit()->setText(text);
}

void NumberBox::stepBy(int steps) {
  const QString now = lineEdit()->text().isEmpty() ? start_ : lineEdit()->text();
  const QString next = stepped(now, steps);
  if (next == now || !problemOf(next).isEmpty()) return;
  lineEdit()->setText(next);
  Q_EMIT typed(next, {});
}

QValidator::State NumberBox::validate(QString& text, int&) const {
  return problemOf(text).isEmpty() ? QValidator::Acceptable : QValidator::Intermediate;
}

QAbstractSpinBox::StepEnabled NumberBox::stepEnabled() const {
  return StepUpEnabled | StepDownEnabled;
}

// Scrolling the form must not change what happens to be under the mouse.
void NumberBox::wheelEvent(QWheelEvent* event) {
  if (lineEdit()->hasFocus()) return QAbstractSpinBox::wheelEvent(event);
  event->ignore();
}

QString NumberBox::problemOf(const QString& text) const {
  return text.isEmpty() ? QString() : fromUtf8(problem_with(type_, numberNode(text)));
}

}  // namespace cotenant::gui

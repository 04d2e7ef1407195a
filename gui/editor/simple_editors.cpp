// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/simple_editors.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QStandardItemModel>

#include "gui/editor/number_box.h"
#include "gui/editor/quiet_combo_box.h"
#include "gui/editor/words.h"
#include "gui/look/theme.h"
#include "scenarios/text_edit.h"

namespace cotenant::gui {

namespace {

using Kind = ValueType::Kind;

// Of a suggestion: what is written.
constexpr int kValueRole = Qt::UserRole;
constexpr int kMostChoices = 12;  // seen at once

void fill(FieldEditor* editor, QWidget* inner) {
  auto* layout = new QHBoxLayout(editor);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(inner);
  editor->setFocusProxy(inner);
}

std::optional<Node> parsed(const std::string& json) {
  Diagnostics ignored;
  return parse_document(json, ignored);
}

// A number as it is; what is none, such as "auto", as a text.
std::string numberJson(const QString& text) {
  const std::optional<Node> node = parsed(text.toStdString());
  const bool number = node && node->kind == Node::Kind::number;
  return number ? text.toStdString() : json_text(text.toStdString());
}

QString placeholder(const Member* member) {
  return member == nullptr ? QString() : placeholderOf(*member);
}

}  // namespace

TruthEditor::TruthEditor(const Member* member, QWidget* parent)
    : FieldEditor(parent), box_(new QCheckBox(this)) {
  if (member != nullptr) fallback_ = member->fallback;
  fill(this, box_);
  connect(box_, &QCheckBox::clicked, this, [this](bool on) {
    box_->setTristate(false);
    Q_EMIT edited(on ? "true" : "false");
  });
}

void TruthEditor::showValue(const Node* node) {
  const bool known = node != nullptr || !fallback_.empty();
  const bool on = node != nullptr ? node->boolean : fallback_ == "true";
  box_->setTristate(!known);
  box_->setCheckState(!known ? Qt::PartiallyChecked : on ? Qt::Checked : Qt::Unchecked);
  box_->setText(on ? tr("yes") : known ? tr("no") : tr("not set"));
}
void TruthEditor::setName(const QString& name) { box_->setAccessibleName(name); }
QWidget* TruthEditor::focusTarget() { return box_; }

ChoiceEditor::ChoiceEditor(const ValueType& type, const Member* member, QWidget* parent)
    : FieldEditor(parent), box_(new QuietComboBox(this)) {
  if (member != nullptr && !member->required) {
    box_->addItem(tr("not set: %1").arg(placeholderOf(*member)), QVariant());
  }
  if (!type.word.empty()) box_->addItem(fromUtf8(type.word), fromUtf8(type.word));
  for (const std::string& choice : type.choices) box_->addItem(fromUtf8(choice), fromUtf8(choice));
  fill(this, box_);
  connect(box_, &QComboBox::activated, this, [this](int index) {
    const QVariant value = box_->itemData(index);
    if (!value.isValid()) {
      Q_EMIT cleared();
    } else {
      Q_EMIT edited(json_text(value.toString().toStdString()));
    }
  });
}

void ChoiceEditor::showValue(const Node* node) {
  const QVariant value = node == nullptr ? QVariant() : QVariant(fromUtf8(node->text));
  int index = -1;
  for (int i = 0; i < box_->count(); ++i) {
    if (box_->itemData(i) == value && box_->itemData(i).isValid() == value.isValid()) index = i;
  }
  box_->setCurrentIndex(index);
  if (index < 0 && node != nullptr) box_->setPlaceholderText(plainText(*node));
}
void ChoiceEditor::setName(const QString& name) { box_->setAccessibleName(name); }
QWidget* ChoiceEditor::focusTarget() { return box_; }

LineEditor::LineEditor(const ValueType& type, const Member* member, QWidget* parent)
    : FieldEditor(parent),
      type_(type),
      required_(member == nullptr || member->required),
      line_(new QLineEdit(this)) {
  line_->setPlaceholderText(placeholder(member));
  fill(this, line_);
  line_->installEventFilter(this);
  connect(line_, &QLineEdit::textEdited, this, &LineEditor::onTyped);
  connect(line_, &QLineEdit::editingFinished, this, &LineEditor::onLeft);
}

void LineEditor::showValue(const Node* node) {
  const QString text = node == nullptr ? QString() : plainText(*node);
  const bool same = text == shown_;
  shown_ = text;
  const bool typing = line_->hasFocus() && line_->isModified() && line_->text() != text;
  if (typing && same) return;
  if (line_->text() == text) return;
  line_->setText(text);
  if (!line_->hasFocus()) line_->setCursorPosition(0);  // the beginning is seen
}
void LineEditor::setName(const QString& name) { line_->setAccessibleName(name); }
QWidget* LineEditor::focusTarget() { return line_; }

// The completer stays while there is nothing new: it may be in the middle of telling a choice.
void LineEditor::suggest(const std::vector<Suggestion>& suggestions) {
  if (suggestions == suggestions_) return;
  suggestions_ = suggestions;
  auto* const completer = new QCompleter(line_);
  auto* const choices = new QStandardItemModel(completer);
  for (const Suggestion& suggestion : suggestions) {
    auto* const choice = new QStandardItem(suggestion.line);
    choice->setData(suggestion.value, kValueRole);
    choices->appendRow(choice);
  }
  completer->setModel(choices);
  completer->setCompletionRole(kValueRole);
  completer->setCaseSensitivity(Qt::CaseInsensitive);
  completer->setFilterMode(Qt::MatchContains);
  completer->setMaxVisibleItems(kMostChoices);
  line_->setCompleter(completer);
  QAbstractItemView* const popup = completer->popup();
  popup->setMinimumWidth(popup->sizeHintForColumn(0) + 4 * kGrid);
  connect(completer, qOverload<const QString&>(&QCompleter::activated), this,
          [this] { onTyped(); });
}

bool LineEditor::eventFilter(QObject* watched, QEvent* event) {
  const bool wanted = event->type() == QEvent::MouseButtonRelease ||
                      (event->type() == QEvent::KeyPress &&
                       static_cast<const QKeyEvent*>(event)->key() == Qt::Key_Down);
  QCompleter* const completer = line_->completer();
  if (watched == line_ && wanted && completer != nullptr && !completer->popup()->isVisible()) {
    completer->setCompletionPrefix(QString());
    completer->complete();
  }
  return FieldEditor::eventFilter(watched, event);
}

// A bound may be a bare number; all else is a text.
std::string LineEditor::json() const {
  const std::string text = line_->text().toStdString();
  return type_.kind == Kind::bound ? numberJson(line_->text()) : json_text(text);
}

QString LineEditor::problem() const {
  const std::optional<Node> node = parsed(json());
  return node ? fromUtf8(problem_with(type_, *node)) : tr("is not a text");
}

void LineEditor::onTyped() {
  const bool clearing = line_->text().isEmpty() && !required_;
  const QString wrong = clearing ? QString() : problem();
  Q_EMIT complained(wrong);
  if (wrong.isEmpty() && !clearing) Q_EMIT edited(json());
}

void LineEditor::onLeft() {
  if (line_->text() == shown_) return;
  line_->setModified(false);
  Q_EMIT complained({});
  if (line_->text().isEmpty() && !required_) {
    Q_EMIT cleared();
  } else {
    Q_EMIT edited(json());
  }
}

LongTextEditor::LongTextEditor(const Member* member, QWidget* parent)
    : FieldEditor(parent), text_(new QPlainTextEdit(this)) {
  constexpr int kLines = 4;
  text_->setPlaceholderText(placeholder(member));
  text_->setTabChangesFocus(true);
  text_->setFixedHeight(text_->fontMetrics().lineSpacing() * kLines + 2 * kGrid);
  fill(this, text_);
  connect(text_, &QPlainTextEdit::textChanged, this,
          [this] { Q_EMIT edited(json_text(text_->toPlainText().toStdString())); });
}

void LongTextEditor::showValue(const Node* node) {
  const QString text = node == nullptr ? QString() : fromUtf8(node->text);
  if (text_->toPlainText() == text) return;
  const QSignalBlocker blocker(text_);
  text_->setPlainText(text);
}
void LongTextEditor::setName(const QString& name) { text_->setAccessibleName(name); }
QWidget* LongTextEditor::focusTarget() { return text_; }

NumberEditor::NumberEditor(const ValueType& type, const Member* member, QWidget* parent)
    : FieldEditor(parent) {
  const std::string start = member == nullptr ? starting_value(type) : starting_value(*member);
  const bool required = member == nullptr || member->required;
  box_ = new NumberBox(type, placeholder(member), fromUtf8(start), this);
  fill(this, box_);
  connect(box_, &NumberBox::typed, this, [this](const QString& text, const QString& problem) {
    Q_EMIT complained(problem);
    if (problem.isEmpty() && !text.isEmpty()) Q_EMIT edited(numberJson(text));
  });
  connect(box_, &NumberBox::left, this, [this, required](const QString& text, const QString&) {
    Q_EMIT complained({});
    if (text.isEmpty() && !required) {
      Q_EMIT cleared();
    } else {
      Q_EMIT edited(numberJson(text));
    }
  });
}

void NumberEditor::showValue(const Node* node) {
  box_->showText(node == nullptr ? QString() : plainText(*node));
}
void NumberEditor::setName(const QString& name) { box_->setAccessibleName(name); }
QWidget* NumberEditor::focusTarget() { return box_; }

TupleEditor::TupleEditor(const ValueType& type, QWidget* parent)
    : FieldEditor(parent), type_(type) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(kGrid);
  json_.resize(type.object->members.size());
  for (std::size_t i = 0; i < json_.size(); ++i) {
    FieldEditor* part = makeFieldEditor(type.object->members[i].value, nullptr, this);
    parts_.push_back(part);
    layout->addWidget(part);
    connect(part, &FieldEditor::complained, this, &FieldEditor::complained);
    connect(part, &FieldEditor::edited, this, [this, i](const std::string& json) {
      json_[i] = json;
      std::string all;
      for (const std::string& each : json_) all += (all.empty() ? "[" : ", ") + each;
      Q_EMIT edited(all + "]");
    });
  }
  setFocusProxy(parts_.front());
}

void TupleEditor::showValue(const Node* node) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const bool there = node != nullptr && i < node->items.size();
    const Node* item = there ? &node->items[i] : nullptr;
    parts_[i]->showValue(item);
    const bool quoted = item == nullptr || item->kind == Node::Kind::string;
    json_[i] = item == nullptr ? "null" : quoted ? json_text(item->text) : item->text;
  }
}
void TupleEditor::setName(const QString& name) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    parts_[i]->setName(QStringLiteral("%1, %2").arg(name, labelOf(type_.object->members[i].key)));
  }
}
QWidget* TupleEditor::focusTarget() { return parts_.front()->focusTarget(); }

FieldEditor* makeFieldEditor(const ValueType& type, const Member* member, QWidget* parent) {
  switch (type.kind) {
    case Kind::truth:
      return new TruthEditor(member, parent);
    case Kind::choice:
      return new ChoiceEditor(type, member, parent);
    case Kind::whole:
    case Kind::real:
      return new NumberEditor(type, member, parent);
    case Kind::tuple:
      return new TupleEditor(type, parent);
    case Kind::object:
      return makeFieldEditor(*type.object->brief, member, parent);
    case Kind::text:
      if (type.multiline) return new LongTextEditor(member, parent);
      break;
    default:
      break;
  }
  return new LineEditor(type, member, parent);
}

}  // namespace cotenant::gui

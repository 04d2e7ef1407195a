// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/form_field.h"

#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

#include "gui/editor/field_editor.h"
#include "gui/editor/quiet_combo_box.h"
#include "gui/editor/tinted_label.h"
#include "gui/editor/words.h"
#include "gui/look/theme.h"

namespace cotenant::gui {

namespace {

constexpr int kLabelWidth = 17 * kGrid;
constexpr int kLineHeight = 30;  // of a line edit in our style
constexpr int kButtonWidth = 4 * kGrid;

// A button as wide as there is room, which says as much of its text as fits, from the left.
class LinkButton : public QPushButton {
 public:
  using QPushButton::QPushButton;

  QSize minimumSizeHint() const override {
    return {8 * kGrid, QPushButton::minimumSizeHint().height()};
  }

  void setFullText(const QString& text) {
    full_ = text;
    elide();
  }

 protected:
  void resizeEvent(QResizeEvent* event) override {
    QPushButton::resizeEvent(event);
    elide();
  }

 private:
  void elide() { setText(fontMetrics().elidedText(full_, Qt::ElideRight, width() - 4 * kGrid)); }

  QString full_;
};

}  // namespace

FormField::FormField(const FormRow& row, QWidget* parent) : QWidget(parent), row_(row) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(row.depth * 2 * kGrid, 0, 0, 0);
  grid->setHorizontalSpacing(kGrid);
  grid->setVerticalSpacing(kGrid / 2);
  grid->setColumnStretch(1, 1);
  label_ = new QLabel(row.label, this);
  label_->setWordWrap(true);
  label_->setFixedWidth(kLabelWidth - (row.depth > 0 ? kGrid * 2 : 0));
  auto* line = new QHBoxLayout;
  line->setSpacing(kGrid / 2);
  problem_ = new TintedLabel(TintedLabel::Tint::problem, this);
  help_ = new TintedLabel(TintedLabel::Tint::secondary, this);
  problem_->hide();
  help_->hide();
  grid->addWidget(label_, 0, 0, Qt::AlignTop);
  grid->addLayout(line, 0, 1);
  grid->addWidget(problem_, 1, 0, 1, 2);
  grid->addWidget(help_, 2, 0, 1, 2);
  switch (row.kind) {
    case FormRow::Kind::field:
      buildEditor(line);
      break;
    case FormRow::Kind::which:
      buildWhich(line);
      break;
    case FormRow::Kind::link:
      buildLink(line);
      break;
    case FormRow::Kind::items:
      buildItems(line);
      break;
    case FormRow::Kind::group:
      buildGroup(line);
      break;
    case FormRow::Kind::truncated:
      label_->setMaximumWidth(QWIDGETSIZE_MAX);
      grid->addWidget(label_, 0, 0, 1, 2);
      label_->setText(tr("… and %1 more, in the JSON tab").arg(row.label));
      break;
  }
  if (main_ != nullptr) {
    label_->setMinimumHeight(kLineHeight);
    label_->setBuddy(main_);
    watch(main_);
  }
  if (row.member != nullptr) {
    const QString help = helpOf(*row.member, *row.value);
    setToolTip(help);
    help_->setText(help);
  }
}

void FormField::watch(QWidget* widget) {
  widget->installEventFilter(this);
  for (QWidget* inner : widget->findChildren<QWidget*>()) inner->installEventFilter(this);
}

QToolButton* FormField::button(const QString& text, const QString& name) {
  auto* made = new QToolButton(this);
  made->setText(text);
  made->setToolTip(name);
  made->setAccessibleName(QStringLiteral("%1: %2").arg(row_.label, name));
  made->setFocusPolicy(Qt::StrongFocus);
  return made;
}

void FormField::addRemoveButton(QBoxLayout* line) {
  const bool needed = row_.member != nullptr && row_.member->required;
  remove_ = button(row_.isItem ? QStringLiteral("✕") : QStringLiteral("↺"),
                   row_.isItem ? tr("Remove") : tr("Back to the default"));
  remove_->setFixedWidth(kButtonWidth);
  remove_->setAutoRaise(true);
  QSizePolicy policy = remove_->sizePolicy();
  policy.setRetainSizeWhenHidden(true);  // or editors would jump
  remove_->setSizePolicy(policy);
  remove_->setVisible(row_.isSet && !needed);
  line->addWidget(remove_);
  connect(remove_, &QToolButton::clicked, this, [this] { Q_EMIT cleared(row_.pointer); });
}

void FormField::buildEditor(QBoxLayout* line) {
  editor_ = makeFieldEditor(*row_.value, row_.member, this);
  editor_->setName(row_.label);
  main_ = editor_->focusTarget();
  line->addWidget(editor_, 1);
  connect(editor_, &FieldEditor::edited, this,
          [this](const std::string& json) { Q_EMIT edited(row_.pointer, json); });
  connect(editor_, &FieldEditor::cleared, this, [this] { Q_EMIT cleared(row_.pointer); });
  connect(editor_, &FieldEditor::complained, this, [this](const QString& complaint) {
    complaint_ = complaint;
    showProblem();
  });
  watch(editor_);
  if (row_.value->kind == ValueType::Kind::object) {
    QToolButton* more = button(QStringLiteral("…"), tr("Say more than one value"));
    more->setFixedWidth(kButtonWidth);
    line->addWidget(more);
    connect(more, &QToolButton::clicked, this, [this] { Q_EMIT expandRequested(row_); });
  }
  addRemoveButton(line);
}

void FormField::buildWhich(QBoxLayout* line) {
  auto* box = new QuietComboBox(this);
  label_->setText(tr("Kind"));
  box->setAccessibleName(tr("Kind"));
  box->setPlaceholderText(tr("choose one"));
  for (const Choice::Alternative& alternative : row_.object->choice->alternatives) {
    box->addItem(labelOf(alternative.name), fromUtf8(alternative.name));
    box->setItemData(box->count() - 1, fromUtf8(alternative.object->help), Qt::ToolTipRole);
  }
  box->setCurrentIndex(-1);
  line->addWidget(box, 1);
  line->addSpacing(kButtonWidth + kGrid / 2);
  connect(box, &QComboBox::activated, this, [this, box](int index) {
    Q_EMIT alternativeChosen(row_.pointer, box->itemData(index).toString());
  });
  main_ = box;
}

void FormField::buildLink(QBoxLayout* line) {
  open_ = new LinkButton(this);
  open_->setAccessibleName(
      QStringLiteral("%1: %2").arg(row_.label, row_.isSet ? tr("Open") : tr("Add")));
  open_->setStyleSheet(QStringLiteral("text-align: left"));
  open_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  line->addWidget(open_, 1);
  connect(open_, &QPushButton::clicked, this, [this] {
    if (row_.isSet) {
      Q_EMIT openRequested(row_.pointer);
    } else {
      Q_EMIT addRequested(row_);
    }
  });
  main_ = open_;
  addRemoveButton(line);
  if (!row_.isItem) {
    remove_->setText(QStringLiteral("✕"));
    remove_->setToolTip(tr("Remove"));
  }
}

void FormField::buildItems(QBoxLayout* line) {
  QToolButton* add = button(tr("+ Add"), tr("Add"));
  line->addWidget(add);
  line->addStretch(1);
  connect(add, &QToolButton::clicked, this, [this] { Q_EMIT addRequested(row_); });
  main_ = add;
  addRemoveButton(line);
}

void FormField::buildGroup(QBoxLayout* line) {
  QToolButton* simplify = button(tr("Use one value"), tr("Say it with one value"));
  line->addWidget(simplify);
  line->addStretch(1);
  connect(simplify, &QToolButton::clicked, this, [this] { Q_EMIT simplifyRequested(row_); });
  main_ = simplify;
  addRemoveButton(line);
}

void FormField::display(const FormRow& row, const Node* node, const QString& problem) {
  row_.isSet = row.isSet;
  wrong_ = problem;
  if (node == nullptr || main_ == nullptr || !main_->hasFocus()) complaint_.clear();
  if (editor_ != nullptr) editor_->showValue(node);
  if (row.kind == FormRow::Kind::which && node != nullptr) {
    const Choice::Alternative* now = chosen(*row.object, *node);
    auto* box = static_cast<QComboBox*>(main_);
    box->setCurrentIndex(now == nullptr ? -1 : box->findData(fromUtf8(now->name)));
  }
  if (open_ != nullptr) {
    const QString what = node == nullptr ? QString() : summaryOf(*row.value, *node);
    static_cast<LinkButton*>(open_)->setFullText(!row.isSet       ? tr("+ Add")
                                                 : what.isEmpty() ? tr("Open ›")
                                                                  : what + QStringLiteral(" ›"));
  }
  const bool needed = row.member != nullptr && row.member->required;
  if (remove_ != nullptr) remove_->setVisible(row.isSet && !needed);
  showProblem();
}

void FormField::showProblem() {
  const QString text = complaint_.isEmpty() ? wrong_ : complaint_;
  problem_->setText(text.isEmpty() ? QString() : problemText(text));
  problem_->setVisible(!text.isEmpty());
  if (main_ != nullptr) main_->setAccessibleDescription(text);
}

void FormField::suggest(const std::vector<Suggestion>& suggestions) {
  if (editor_ != nullptr) editor_->suggest(suggestions);
}

void FormField::takeFocus() {
  if (main_ != nullptr) main_->setFocus(Qt::OtherFocusReason);
}

bool FormField::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusIn) {
    help_->setVisible(!help_->text().isEmpty());
    Q_EMIT focused(row_.pointer);
  } else if (event->type() == QEvent::FocusOut) {
    help_->hide();
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace cotenant::gui

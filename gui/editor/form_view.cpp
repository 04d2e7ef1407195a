// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/editor/form_view.h"

#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "gui/document/document.h"
#include "gui/editor/edits.h"
#include "gui/editor/form_field.h"
#include "gui/editor/tinted_label.h"
#include "gui/editor/words.h"
#include "gui/look/theme.h"

namespace cotenant::gui {

namespace {

bool isInside(std::string_view pointer, std::string_view outer) {
  return pointer.size() > outer.size() && pointer.substr(0, outer.size()) == outer &&
         pointer[outer.size()] == '/';
}

bool sameLayout(const std::vector<FormRow>& a, const std::vector<FormRow>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const FormRow& x, const FormRow& y) { return x.sameLayout(y); });
}

// The last key for people: the name of an entry as it is, a place in a list counted from one.
QString titleOf(const Grammar& grammar, const Node& root, const std::string& pointer) {
  const std::vector<std::string> keys = pointer_keys(pointer);
  if (keys.empty()) return FormView::tr("Scenario");
  const std::string parent = pointer.substr(0, pointer.rfind('/'));
  const std::optional<DocumentPlace> place = place_at(grammar, root, parent);
  if (place && place->value->kind == ValueType::Kind::table) return fromUtf8(keys.back());
  if (place && place->value->kind == ValueType::Kind::list) {
    const QString list = labelOf(pointer_keys(parent).back());
    return FormView::tr("%1, number %2").arg(list).arg(std::stoi(keys.back()) + 1);
  }
  return labelOf(keys.back());
}

}  // namespace

FormView::FormView(Document& document, QWidget* parent)
    : QScrollArea(parent), document_(document), grammar_(scenario_grammar()) {
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFrameShape(QFrame::NoFrame);
  connect(&document, &Document::changed, this, &FormView::refresh);
  refresh();
}

void FormView::goTo(std::string_view pointer) {
  const std::string at(pointer);
  if (!document_.tree()) return;
  const std::string form = formOf(grammar_, *document_.tree(), at);
  if (form != pointer_) {
    pointer_ = form;
    showsAll_ = false;
    rows_.clear();
    refresh();
  }
  if (at == form) return;
  if (field(at) == nullptr) showAll(true);
  FormField* wanted = field(at);
  if (wanted == nullptr) return;
  wanted->takeFocus();
  ensureWidgetVisible(wanted, 0, 4 * kGrid);
}

FormField* FormView::field(std::string_view pointer) const {
  FormField* nearest = nullptr;
  for (FormField* field : fields_) {
    const std::string& at = field->row().pointer;
    if (at == pointer || isInside(pointer, at)) nearest = field;
  }
  return nearest;
}

void FormView::showAll(bool on) {
  showsAll_ = on;
  rows_.clear();
  refresh();
}

void FormView::refresh() {
  const std::optional<Node>& root = document_.tree();
  if (note_ != nullptr) note_->setVisible(!root);
  for (FormField* field : fields_) field->setEnabled(root.has_value());
  if (!root) return;
  if (find_pointer(*root, pointer_) == nullptr) {
    pointer_ = formOf(grammar_, *root, pointer_);
    rows_.clear();
  }
  std::vector<FormRow> rows = formRows(grammar_, *root, pointer_);
  if (rows_.empty() || !sameLayout(rows, rows_)) {
    rebuild(std::move(rows));
  } else {
    rows_ = std::move(rows);
  }
  showValues();
}

// The old fields may be in the middle of telling what made this necessary, so they go later.
void FormView::rebuild(std::vector<FormRow> rows) {
  const std::string focus = focus_;
  const bool focused = focusWidget() != nullptr && focusWidget()->hasFocus();
  for (FormField* field : fields_) field->disconnect(this);
  fields_.clear();
  rowOfField_.clear();
  if (QWidget* old = takeWidget()) {
    old->hide();
    old->deleteLater();
  }
  rows_ = std::move(rows);
  auto* content = new QWidget;
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
  layout->setSpacing(kGrid);
  addHeading(layout);
  const std::size_t hidden = addFields(layout, true);
  if (hidden > 0) addMore(layout, hidden);
  if (showsAll_) addFields(layout, false);
  layout->addStretch(1);
  setWidget(content);
  content->show();
  FormField* again = focused ? field(focus) : nullptr;
  if (again != nullptr) again->takeFocus();
}

void FormView::addHeading(QVBoxLayout* layout) {
  const Node& root = *document_.tree();
  auto* title = new TintedLabel(TintedLabel::Tint::heading);
  title->setText(titleOf(grammar_, root, pointer_));
  layout->addWidget(title);
  const std::optional<DocumentPlace> place = place_at(grammar_, root, pointer_);
  std::string help;
  if (place && place->value->object != nullptr) help = place->value->object->help;
  if (place && help.empty() && place->member != nullptr) help = place->member->help;
  if (!help.empty()) {
    auto* words = new TintedLabel(TintedLabel::Tint::secondary);
    words->setText(fromUtf8(help));
    layout->addWidget(words);
  }
  note_ = new TintedLabel(TintedLabel::Tint::problem);
  note_->setText(
      problemText(tr("The text is no JSON at the moment. Repair it in the JSON tab, or undo.")));
  note_->hide();
  layout->addWidget(note_);
}

bool FormView::isUpFront(const FormRow& row) const {
  const bool required = row.member != nullptr && row.member->required;
  const bool problem = !problemOf(row).isEmpty();
  return required || problem || row.isSet || row.isItem || row.kind == FormRow::Kind::which ||
         row.kind == FormRow::Kind::truncated;
}

// Makes the fields that are up front, or the others; returns how many of the other kind there are.
// What is inside of something stays with it.
std::size_t FormView::addFields(QVBoxLayout* layout, bool wanted) {
  std::size_t others = 0;
  bool upFront = true;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].depth == 0) {
      upFront = isUpFront(rows_[i]);
      if (upFront != wanted) ++others;
    }
    if (upFront != wanted) continue;
    auto* field = new FormField(rows_[i], layout->parentWidget());
    fields_.push_back(field);
    rowOfField_.push_back(i);
    layout->addWidget(field);
    connectField(field);
  }
  return others;
}

void FormView::addMore(QVBoxLayout* layout, std::size_t hidden) {
  auto* more = new QToolButton;
  more->setText(tr("Settings at their defaults (%1)").arg(hidden));
  more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  more->setArrowType(showsAll_ ? Qt::DownArrow : Qt::RightArrow);
  more->setAutoRaise(true);
  more->setFocusPolicy(Qt::StrongFocus);
  connect(more, &QToolButton::clicked, this, [this] { showAll(!showsAll_); });
  layout->addWidget(more);
}

void FormView::connectField(FormField* field) {
  connect(field, &FormField::edited, this, &FormView::onEdited);
  connect(field, &FormField::cleared, this,
          [this](const std::string& pointer) { document_.remove(pointer); });
  connect(field, &FormField::alternativeChosen, this,
          [this, field](const std::string& pointer, const QString& name) {
            switchAlternative(document_, pointer, *field->row().object, name.toStdString());
          });
  connect(field, &FormField::addRequested, this, &FormView::onAdd);
  connect(field, &FormField::openRequested, this, &FormView::openRequested);
  connect(field, &FormField::expandRequested, this, [this](const FormRow& row) {
    document_.setValue(row.pointer, starting_object(*row.value->object));
  });
  connect(field, &FormField::simplifyRequested, this, [this](const FormRow& row) {
    document_.setValue(row.pointer, starting_value(*row.value));
  });
  connect(field, &FormField::focused, this, [this, field](const std::string& pointer) {
    if (focus_ != pointer) mergeId_ = Document::newMergeId();
    focus_ = pointer;
    field->suggest(suggestionsFor(document_, pointer));
    Q_EMIT focused(pointer);
  });
}

void FormView::showValues() {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const FormRow& row = rows_[rowOfField_[i]];
    fields_[i]->display(row, find_pointer(*document_.tree(), row.pointer), problemOf(row));
  }
}

QString FormView::problemOf(const FormRow& row) const {
  const bool inner = row.kind == FormRow::Kind::field || row.kind == FormRow::Kind::link;
  for (const Diagnostic& problem : document_.problems()) {
    if (problem.pointer == row.pointer || (inner && isInside(problem.pointer, row.pointer))) {
      return fromUtf8(problem.message);
    }
  }
  return {};
}

void FormView::onEdited(const std::string& pointer, const std::string& json) {
  const std::optional<DocumentPlace> place = place_at(grammar_, *document_.tree(), pointer);
  const bool tag = place && place->owner != nullptr && place->owner->choice &&
                   place->member != nullptr && place->owner->choice->tag == place->member->key;
  if (!tag) {
    document_.setValue(pointer, json, mergeId_);
    return;
  }
  Diagnostics ignored;
  const std::optional<Node> name = parse_document(json, ignored);
  const std::string object = pointer.substr(0, pointer.rfind('/'));
  if (name) switchAlternative(document_, object, *place->owner, name->text);
}

void FormView::onAdd(const FormRow& row) {
  const ValueType& type = *row.value;
  if (type.kind == ValueType::Kind::table) return addEntry(row);
  if (type.kind == ValueType::Kind::list) {
    const Node* list = find_pointer(*document_.tree(), row.pointer);
    const std::size_t count = list == nullptr ? 0 : list->items.size();
    const std::string item = row.pointer + "/" + std::to_string(count);
    document_.appendItem(row.pointer, starting_value(*type.item));
    if (hasForm(*type.item)) Q_EMIT openRequested(item);
    return;
  }
  const std::string pointer = row.pointer;
  document_.setValue(pointer,
                     row.member == nullptr ? starting_value(type) : starting_value(*row.member));
  Q_EMIT openRequested(pointer);
}

// Entries that bear the names of other things take the first that is not there yet.
void FormView::addEntry(const FormRow& row) {
  std::string wish = "new";
  const bool referring = row.member != nullptr && row.member->references == "services";
  const Node* names = referring ? find_pointer(*document_.tree(), "/application") : nullptr;
  const Node* taken = find_pointer(*document_.tree(), row.pointer);
  for (std::size_t i = names == nullptr ? 0 : names->keys.size(); i > 0; --i) {
    const std::string& name = names->keys[i - 1].text;
    if (taken == nullptr || taken->find(name) == nullptr) wish = name;
  }
  const std::string pointer = row.pointer;
  const ValueType& item = *row.value->item;
  const std::string name = freshName(document_, pointer, wish);
  document_.insertEntry(pointer, "", name, starting_value(item));
  const std::string entry = pointer + pointer_token(name);
  if (hasForm(item)) Q_EMIT openRequested(entry);
  if (!referring) Q_EMIT renameRequested(entry);
}

}  // namespace cotenant::gui

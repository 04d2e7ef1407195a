// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/document/document.h"

#include <QFileInfo>
#include <utility>

#include "gui/document/edit_command.h"
#include "gui/document/references.h"
#include "scenarios/decode.h"

namespace cotenant::gui {

namespace {

QString fromUtf8(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

// The last key of a pointer, for the names of steps: "Change retry budget".
QString lastKey(std::string_view pointer) {
  const std::vector<std::string> keys = pointer_keys(pointer);
  return keys.empty() ? Document::tr("everything") : fromUtf8(keys.back());
}

}  // namespace

Document::Document(QObject* parent) : QObject(parent) { follow(); }

std::filesystem::path Document::directory() const {
  if (path_.isEmpty()) return std::filesystem::current_path();
  return QFileInfo(path_).absolutePath().toStdString();
}

QString Document::title() const {
  return path_.isEmpty() ? tr("Untitled") : QFileInfo(path_).fileName();
}

bool Document::setValue(std::string_view pointer, std::string_view json, int mergeId) {
  if (!tree_) return false;
  return push(set_value(text_, *tree_, pointer, json), tr("Change %1").arg(lastKey(pointer)),
              mergeId);
}

bool Document::remove(std::string_view pointer) {
  if (!tree_) return false;
  return push(remove_value(text_, *tree_, pointer), tr("Remove %1").arg(lastKey(pointer)), -1);
}

bool Document::rename(std::string_view pointer, std::string_view name) {
  if (!tree_) return false;
  return push(rename_everywhere(text_, *tree_, pointer, name),
              tr("Rename %1").arg(lastKey(pointer)), -1);
}

bool Document::appendItem(std::string_view pointer, std::string_view json) {
  if (!tree_) return false;
  return push(append_item(text_, *tree_, pointer, json), tr("Add to %1").arg(lastKey(pointer)), -1);
}

bool Document::insertEntry(std::string_view pointer, std::string_view after, std::string_view name,
                           std::string_view json) {
  if (!tree_) return false;
  return push(insert_entry(text_, *tree_, pointer, after, name, json),
              tr("Add %1").arg(fromUtf8(name)), -1);
}

void Document::replaceText(const QString& text) {
  push(difference(text_, text.toStdString()), tr("Type"), kTyping);
}

int Document::newMergeId() {
  static int last = kTyping;
  return ++last;
}

bool Document::push(std::optional<TextEdit> edit, const QString& what, int mergeId) {
  if (!edit) return false;
  if (!edit->empty()) undoStack_.push(new EditCommand(*this, *std::move(edit), what, mergeId));
  return true;
}

void Document::applyAndFollow(const TextEdit& edit) {
  apply_edit(edit, text_);
  follow();
}

void Document::follow() {
  Diagnostics syntax;
  tree_ = parse_document(text_, syntax);
  Checked<Scenario> decoded = decode(text_);
  problems_ = decoded.diagnostics();
  std::optional<Scenario> scenario;
  if (decoded) scenario = *std::move(decoded);
  const bool other = scenario != scenario_;
  scenario_ = std::move(scenario);
  Q_EMIT changed();
  if (other) Q_EMIT scenarioChanged();
}

void Document::setPath(const QString& path) {
  if (path == path_) return;
  path_ = path;
  Q_EMIT pathChanged();
}

void Document::start(const std::string& text, const QString& path) {
  undoStack_.clear();
  text_ = text;
  form_ = {};
  setPath(path);
  follow();
}

void Document::recover(const std::string& text, const QString& path) {
  start(text, path);
  undoStack_.resetClean();
}

QString Document::load(const QString& path) {
  const ReadText file = readTextFile(path);
  if (!file.problem.isEmpty()) return file.problem;
  start(file.text, path);
  form_ = file.form;
  return {};
}

QString Document::save(const QString& path) {
  const QString problem = writeTextFile(path, text_, form_);
  if (!problem.isEmpty()) return problem;
  undoStack_.setClean();
  setPath(path);
  return {};
}

}  // namespace cotenant::gui

// SPDX-License-Identifier: GPL-3.0-or-later
//
// An open scenario. Its text is the truth: forms, sliders and the raw view all edit that text, in
// steps that can be undone without limit, and everything else here follows from it at once. Texts
// that are no valid scenario are kept like any other; they have problems.
#pragma once

#include <QObject>
#include <QString>
#include <QUndoStack>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "gui/document/text_file.h"
#include "scenarios/document.h"
#include "scenarios/scenario.h"
#include "scenarios/text_edit.h"
#include "sim/base/diagnostics.h"

namespace cotenant::gui {

class Document : public QObject {
  Q_OBJECT

 public:
  explicit Document(QObject* parent = nullptr);

  const std::string& text() const { return text_; }
  const QString& path() const { return path_; }  // empty: not saved yet
  // Where the files are that the scenario refers to.
  std::filesystem::path directory() const;
  // "web-shop.json", or what to call it before it is saved.
  QString title() const;
  bool isModified() const { return !undoStack_.isClean(); }

  QUndoStack& undoStack() { return undoStack_; }
  const QUndoStack& undoStack() const { return undoStack_; }

  // Of the text as it is now. There is no tree while it is not JSON, and no scenario while it has
  // problems.
  const std::optional<Node>& tree() const { return tree_; }
  const std::optional<Scenario>& scenario() const { return scenario_; }
  const Diagnostics& problems() const { return problems_; }

  // Edits at a JSON pointer (scenarios/text_edit.h). False, and nothing done, where the place does
  // not exist. Edits in a row that bear one merge id become one step to undo.
  bool setValue(std::string_view pointer, std::string_view json, int mergeId = -1);
  bool remove(std::string_view pointer);
  // Of an entry of a table: also wherever the scenario names it.
  bool rename(std::string_view pointer, std::string_view name);
  bool appendItem(std::string_view pointer, std::string_view json);
  bool insertEntry(std::string_view pointer, std::string_view after, std::string_view name,
                   std::string_view json);
  // What was typed in the raw view; what is typed in one go is one step.
  void replaceText(const QString& text);

  // An id that no other edit has.
  static int newMergeId();

  // Begins anew with a text of no file, such as a template; nothing to undo.
  void start(const std::string& text, const QString& path = {});
  // Begins with a text that no file has, so that it counts as modified.
  void recover(const std::string& text, const QString& path);
  // Both return what went wrong and what to do, in sentences; empty when all is well. A file that
  // cannot be read leaves the document as it is.
  QString load(const QString& path);
  QString save(const QString& path);

 Q_SIGNALS:
  void changed();          // the text, and perhaps all that follows from it
  void scenarioChanged();  // there is another one, or none any more
  void pathChanged();

 private:
  friend class EditCommand;

  bool push(std::optional<TextEdit> edit, const QString& what, int mergeId);
  void applyAndFollow(const TextEdit& edit);
  void follow();
  void setPath(const QString& path);

  std::string text_;
  QString path_;
  FileForm form_;
  std::optional<Node> tree_;
  std::optional<Scenario> scenario_;
  Diagnostics problems_;
  QUndoStack undoStack_;
};

}  // namespace cotenant::gui

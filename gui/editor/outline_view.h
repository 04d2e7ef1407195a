// SPDX-License-Identifier: GPL-3.0-or-later
//
// The outline: opens what is selected, renames with F2, removes with Del. What the user unfolded
// stays unfolded while rows come and go.
#pragma once

#include <QTreeView>
#include <set>
#include <string>
#include <string_view>

namespace cotenant::gui {

class Document;
class OutlineModel;

class OutlineView : public QTreeView {
  Q_OBJECT

 public:
  explicit OutlineView(Document& document, QWidget* parent = nullptr);

  OutlineModel& outline() const { return *model_; }
  void select(std::string_view pointer);  // without telling
  void rename(std::string_view pointer);
  void renameSelected();
  void removeSelected();
  void finishEditing();  // a new name that is being typed counts

 Q_SIGNALS:
  void opened(const std::string& pointer);

 private:
  void keepUnfolded();

  Document& document_;
  OutlineModel* model_;
  std::set<std::string> unfolded_;
  std::string selected_;
  bool silent_ = false;
};

}  // namespace cotenant::gui

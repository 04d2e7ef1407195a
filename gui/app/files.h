// SPDX-License-Identifier: GPL-3.0-or-later
//
// Opening and saving as a person sees it: dialogs, what was open lately, and the question before
// edits would be lost.
#pragma once

#include <QObject>
#include <QStringList>

QT_BEGIN_NAMESPACE
class QWidget;
QT_END_NAMESPACE

namespace cotenant::gui {

class Document;

class Files : public QObject {
  Q_OBJECT

 public:
  Files(Document& document, QWidget* window);

  // Each returns whether it was done; the user may have said no, or was told why it cannot be.
  bool open();
  bool open(const QString& path);
  bool openText(const std::string& text);  // of a template
  bool openNew(const std::string& text);   // of no file: it is not saved yet
  bool save();
  bool saveAs();
  // Asks whether to save what is not saved; true: go on.
  bool mayDiscard();

  // The latest first; only files that are still there.
  static QStringList recent();

 Q_SIGNALS:
  void opened();
  void recentChanged();

 private:
  void remember(const QString& path);
  bool tell(const QString& problem);  // false when there is one

  Document& document_;
  QWidget* window_;
};

}  // namespace cotenant::gui

// SPDX-License-Identifier: GPL-3.0-or-later
//
// What one sees first: templates to begin with, what was open lately, and where to drop a file.
#pragma once

#include <QWidget>

QT_BEGIN_NAMESPACE
class QVBoxLayout;
QT_END_NAMESPACE

namespace cotenant::gui {

class StartPage : public QWidget {
  Q_OBJECT

 public:
  explicit StartPage(QWidget* parent = nullptr);

  void setRecent(const QStringList& paths);

 Q_SIGNALS:
  void templateChosen(const QString& resource);
  void fileChosen(const QString& path);
  void openRequested();
  void importRequested();

 private:
  QVBoxLayout* recent_;
};

}  // namespace cotenant::gui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/files.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QSettings>

#include "gui/document/document.h"

namespace cotenant::gui {
namespace {

constexpr int kMostRecent = 10;
const QString kRecentKey = QStringLiteral("recent");

QString filter() { return Files::tr("Scenarios (*.json);;All files (*)"); }

}  // namespace

Files::Files(Document& document, QWidget* window)
    : QObject(window), document_(document), window_(window) {}

bool Files::open() {
  const QString folder = QFileInfo(document_.path()).absolutePath();
  const QString path =
      QFileDialog::getOpenFileName(window_, tr("Open a scenario"), folder, filter());
  return !path.isEmpty() && open(path);
}

bool Files::open(const QString& path) {
  if (!mayDiscard()) return false;
  if (!tell(document_.load(path))) return false;
  remember(path);
  Q_EMIT opened();
  return true;
}

bool Files::openText(const std::string& text) {
  if (!mayDiscard()) return false;
  document_.start(text);
  Q_EMIT opened();
  return true;
}

bool Files::openNew(const std::string& text) {
  if (!mayDiscard()) return false;
  document_.recover(text, {});
  Q_EMIT opened();
  return true;
}

bool Files::save() {
  if (document_.path().isEmpty()) return saveAs();
  if (!tell(document_.save(document_.path()))) return false;
  remember(document_.path());
  return true;
}

bool Files::saveAs() {
  QString path =
      QFileDialog::getSaveFileName(window_, tr("Save the scenario as"), document_.path(), filter());
  if (path.isEmpty()) return false;
  if (QFileInfo(path).suffix().isEmpty()) path += QStringLiteral(".json");
  if (!tell(document_.save(path))) return false;
  remember(path);
  return true;
}

bool Files::mayDiscard() {
  if (!document_.isModified()) return true;
  QMessageBox box(QMessageBox::Warning, tr("Unsaved changes"),
                  tr("%1 has changes that are not saved.").arg(document_.title()),
                  QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, window_);
  box.setInformativeText(tr("Save them, or they are gone."));
  box.setDefaultButton(QMessageBox::Save);
  const int answer = box.exec();
  if (answer == QMessageBox::Save) return save();
  return answer == QMessageBox::Discard;
}

QStringList Files::recent() {
  QStringList present;
  for (const QString& path : QSettings().value(kRecentKey).toStringList()) {
    if (QFileInfo::exists(path)) present.push_back(path);
  }
  return present;
}

void Files::remember(const QString& path) {
  QStringList paths = recent();
  const QString absolute = QFileInfo(path).absoluteFilePath();
  paths.removeAll(absolute);
  paths.push_front(absolute);
  while (paths.size() > kMostRecent) paths.removeLast();
  QSettings().setValue(kRecentKey, paths);
  Q_EMIT recentChanged();
}

bool Files::tell(const QString& problem) {
  if (problem.isEmpty()) return true;
  QMessageBox::critical(window_, tr("Cotenant"), problem);
  return false;
}

}  // namespace cotenant::gui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/importing.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QProgressDialog>
#include <QTimer>
#include <utility>

#include "gui/items/texts.h"

namespace cotenant::gui {
namespace {

// Most files are read before anybody could see that they are.
constexpr int kWorthShowingMs = 300;

}  // namespace

Importing::Importing(QWidget* window) : QObject(window), window_(window) {}

void Importing::choose() {
  const QStringList files = QFileDialog::getOpenFileNames(
      window_, tr("Choose access logs and settings of servers"), QString(), tr("All files (*)"));
  if (!files.isEmpty()) begin(files);
}

void Importing::begin(const QStringList& files) {
  cancel();
  wait(files);
  std::vector<std::string> paths;
  for (const QString& file : files) paths.push_back(utf8(file));
  findInBackground<ImportedText>(
      worker_, this, [paths](const std::atomic<bool>& stop) { return import_files(paths, stop); },
      [this, number = number_](Found<ImportedText> found) {
        if (number == number_) end(std::move(found));
      });
}

void Importing::cancel() {
  ++number_;
  worker_.stop();
  delete waiting_;
}

void Importing::wait(const QStringList& files) {
  const QString what =
      files.size() == 1 ? QFileInfo(files.front()).fileName() : tr("%1 files").arg(files.size());
  // Without a known end: gzip does not say how much there is.
  waiting_ = new QProgressDialog(tr("Reading %1").arg(what), tr("Cancel"), 0, 0, window_);
  waiting_->setWindowTitle(tr("Import"));
  waiting_->setWindowModality(Qt::WindowModal);
  connect(waiting_, &QProgressDialog::canceled, this, &Importing::cancel, Qt::QueuedConnection);
  QTimer::singleShot(kWorthShowingMs, waiting_, &QProgressDialog::show);
}

void Importing::end(Found<ImportedText> found) {
  delete waiting_;
  if (found.value) {
    Q_EMIT imported(*found.value);
    return;
  }
  QMessageBox box(QMessageBox::Critical, tr("Import"), tr("Nothing was imported."), QMessageBox::Ok,
                  window_);
  box.setInformativeText(found.failure);
  box.exec();
}

}  // namespace cotenant::gui

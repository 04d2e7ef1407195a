// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/start_page.h"

#include <QCommandLinkButton>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <array>

#include "gui/look/theme.h"

namespace cotenant::gui {
namespace {

struct Template {
  const char* resource;
  const char* title;
  const char* sentence;
};
constexpr std::array kTemplates = {
    Template{":/templates/django-shop.json", QT_TRANSLATE_NOOP("StartPage", "Django shop"),
             QT_TRANSLATE_NOOP("StartPage",
                               "Sync workers and a database elsewhere, on five kinds of hosting.")},
    Template{":/templates/fastapi-postgres.json",
             QT_TRANSLATE_NOOP("StartPage", "FastAPI and PostgreSQL"),
             QT_TRANSLATE_NOOP("StartPage",
                               "Event loops with pools of connections, beside their database and "
                               "apart from it.")},
    Template{":/templates/worker-queue.json", QT_TRANSLATE_NOOP("StartPage", "Worker queue"),
             QT_TRANSLATE_NOOP("StartPage",
                               "A web application whose mails and reports are tasks of Celery.")},
};

QLabel* heading(const QString& text) {
  auto* const label = new QLabel(text);
  label->setFont(textFont(TextSize::heading, true));
  return label;
}

}  // namespace

StartPage::StartPage(QWidget* parent) : QWidget(parent), recent_(new QVBoxLayout) {
  auto* const title = new QLabel(tr("See the hosting before you buy it"));
  title->setFont(textFont(TextSize::title, true));
  auto* const column = new QVBoxLayout;
  column->setSpacing(kGrid);
  column->addStretch(1);
  column->addWidget(title);
  column->addSpacing(2 * kGrid);
  column->addWidget(heading(tr("Begin with")));
  for (const Template& entry : kTemplates) {
    auto* const button = new QCommandLinkButton(tr(entry.title), tr(entry.sentence));
    connect(button, &QPushButton::clicked, this,
            [this, entry] { Q_EMIT templateChosen(QString::fromLatin1(entry.resource)); });
    column->addWidget(button);
  }
  auto* const import = new QCommandLinkButton(
      tr("From your logs"),
      tr("Access logs, gunicorn.conf.py, Procfiles, compose files and manifests of Kubernetes "
         "become a scenario."));
  connect(import, &QPushButton::clicked, this, &StartPage::importRequested);
  column->addWidget(import);
  column->addSpacing(2 * kGrid);
  column->addWidget(heading(tr("Open")));
  auto* const hint =
      new QLabel(tr("Drop a scenario file here, or logs and settings, or choose one (Ctrl+O)."));
  hint->setForegroundRole(QPalette::PlaceholderText);
  column->addWidget(hint);
  auto* const open = new QPushButton(tr("Open a scenario…"));
  connect(open, &QPushButton::clicked, this, &StartPage::openRequested);
  column->addWidget(open, 0, Qt::AlignLeft);
  recent_->setSpacing(0);
  column->addLayout(recent_);
  column->addStretch(2);
  auto* const page = new QHBoxLayout(this);
  page->addStretch(1);
  page->addLayout(column, 4);
  page->addStretch(1);
}

void StartPage::setRecent(const QStringList& paths) {
  while (QLayoutItem* const item = recent_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  for (const QString& path : paths) {
    const QFileInfo file(path);
    auto* const button = new QPushButton(file.fileName());
    button->setFlat(true);
    button->setToolTip(path);
    connect(button, &QPushButton::clicked, this, [this, path] { Q_EMIT fileChosen(path); });
    recent_->addWidget(button, 0, Qt::AlignLeft);
  }
}

}  // namespace cotenant::gui

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCommandLineParser>
#include <QTimer>
#include <clocale>

#include "gui/app/main_window.h"

namespace {

// What QSettings and the autosave folder are named after.
void nameApplication() {
  QApplication::setOrganizationName(QStringLiteral("cotenant"));
  QApplication::setApplicationName(QStringLiteral("cotenant-gui"));
  QApplication::setApplicationDisplayName(QStringLiteral("Cotenant"));
  QApplication::setApplicationVersion(QStringLiteral(COTENANT_VERSION));
}

constexpr int kLookingMs = 1000;

// Exit code 1: there is no answer, or no file.
void takePicture(cotenant::gui::MainWindow& window, const QString& file) {
  using cotenant::gui::Session;
  QObject::connect(&window.session(), &Session::stageChanged, &window, [&window, file] {
    const Session::Stage stage = window.session().stage();
    if (stage == Session::Stage::failed) return QApplication::exit(1);
    if (stage != Session::Stage::done) return;
    // What the answer has changed is laid out and painted first, and a request is looked for.
    QTimer::singleShot(kLookingMs, &window, [&window, file] {
      QApplication::exit(window.grab().save(file, "PNG") ? 0 : 1);
    });
  });
}

}  // namespace

int main(int argc, char** argv) {
  const QApplication application(argc, argv);
  std::setlocale(LC_NUMERIC, "C");  // Qt has set the user's, and files have points
  nameApplication();
  QCommandLineParser parser;
  parser.setApplicationDescription(QStringLiteral("Try a hosting setup before you buy it."));
  parser.addHelpOption();
  parser.addVersionOption();
  const QCommandLineOption picture(
      QStringLiteral("picture"),
      QStringLiteral("Write a picture of the window once the answer is there, and quit."),
      QStringLiteral("png file"));
  const QCommandLineOption view(
      QStringLiteral("view"),
      QStringLiteral("Bring this view to the front: \"Timeline\", \"Request\" …"),
      QStringLiteral("title"));
  const QCommandLineOption dark(QStringLiteral("dark"),
                                QStringLiteral("Dark, whatever was chosen before."));
  parser.addOptions({picture, view, dark});
  parser.addPositionalArgument(QStringLiteral("file"),
                               QStringLiteral("a scenario to open, or logs and settings to import"),
                               QStringLiteral("[file…]"));
  parser.process(application);
  cotenant::gui::MainWindow window;
  window.show();
  if (parser.isSet(dark)) window.setShade(cotenant::gui::Shade::dark);
  if (parser.isSet(view) && !window.showView(parser.value(view))) {
    qCritical("There is no view called \"%s\".", qPrintable(parser.value(view)));
    return 2;
  }
  const QStringList files = parser.positionalArguments();
  if (!files.isEmpty()) window.openOrImport(files);
  if (parser.isSet(picture)) {
    takePicture(window, parser.value(picture));
  } else {
    window.offerLeftEdits();
  }
  return QApplication::exec();
}

// SPDX-License-Identifier: Apache-2.0
//
// A person at the window, with a mouse and a keyboard: begins with a template, moves the load
// slider, adds a plan, looks for a slow request, takes it back, exports, saves, opens again. What
// is seen on the way becomes the pictures of the documentation. Not a test of its own: a real
// display server should be in between, so tools/gui-session runs it.
#include <QApplication>
#include <QClipboard>
#include <QCommandLinkButton>
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QProcess>
#include <QSettings>
#include <QSlider>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>

#include "gui/app/main_window.h"
#include "gui/items/texts.h"
#include "gui/views/comparison_view.h"
#include "gui/views/inspector_view.h"
#include "study/objectives.h"

namespace cotenant::gui {
namespace {

constexpr int kPatienceMs = 90'000;
constexpr int kLookMs = 400;  // until what was asked for is laid out and painted

void require(bool holds, const char* what) {
  if (holds) {
    std::printf("  %s\n", what);
    return;
  }
  std::printf("FAILED: %s\n", what);
  std::exit(1);
}

// In the 255 colors that most of it has: a third of the bytes.
QImage small_picture(const QImage& picture) {
  std::map<QRgb, int> counts;
  for (int y = 0; y < picture.height(); ++y) {
    for (int x = 0; x < picture.width(); ++x) ++counts[picture.pixel(x, y) | 0xff000000U];
  }
  std::vector<std::pair<int, QRgb>> order;
  for (const auto& [color, count] : counts) order.emplace_back(-count, color);
  std::sort(order.begin(), order.end());
  QList<QRgb> table;
  for (const auto& [count, color] : order) {
    if (table.size() < 255) table.push_back(color);
  }
  return picture.convertToFormat(QImage::Format_RGB32)
      .convertToFormat(QImage::Format_Indexed8, table, Qt::AvoidDither);
}

class Person {
 public:
  Person(const QString& pictures, const QString& suffix, const QString& cotenant, Shade shade)
      : pictures_(pictures), suffix_(suffix), cotenant_(cotenant) {
    window_.setShade(shade);
    window_.resize(1440, 900);
    window_.show();
    require(QTest::qWaitForWindowExposed(&window_), "the window opens");
  }

  void take_the_way() {
    begin_with_a_template();
    move_the_load();
    add_a_plan();
    open_a_slow_request();
    take_it_back();
    look_around();
    save_and_export();
    open_again();
    look_on_a_small_screen();
    import_logs();
  }

 private:
  void picture(const QString& name, QWidget* widget = nullptr) {
    QTest::qWait(kLookMs);
    const QString file = QDir(pictures_).filePath(name + suffix_ + QStringLiteral(".png"));
    const QImage seen = (widget == nullptr ? &window_ : widget)->grab().toImage();
    require(small_picture(seen).save(file, "PNG"), qPrintable(file));
  }

  void await_answer() {
    require(QTest::qWaitFor([&] { return window_.session().stage() == Session::Stage::done; },
                            kPatienceMs),
            "the answer comes");
  }

  QAction* action(const QString& beginning) {
    for (QAction* const menu : window_.menuBar()->actions()) {
      for (QAction* const each : menu->menu()->actions()) {
        if (each->text().remove(QLatin1Char('&')).startsWith(beginning)) return each;
      }
    }
    require(false, qPrintable(beginning));
    return nullptr;
  }

  // What is done in a dialog that the next step opens and that ends with it.
  void in_dialog(std::function<void(QWidget&)> act) {
    QTimer::singleShot(kLookMs, &window_, [act = std::move(act)] {
      QWidget* const dialog = QApplication::activeModalWidget();
      require(dialog != nullptr, "a dialog opens");
      act(*dialog);
    });
  }

  void choose_file(const QString& path) {
    in_dialog([path](QWidget& dialog) {
      auto* const name = dialog.findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
      require(name != nullptr, "it is a file dialog");
      name->setText(path);
      QTest::keyClick(name, Qt::Key_Return);
    });
  }

  std::size_t setups() { return window_.session().report()->setups.size(); }
  Verdict verdict_of_first() { return verdict_of(window_.session().report()->setups[1]); }

  void begin_with_a_template() {
    picture(QStringLiteral("start"));
    auto* const button = window_.findChild<QCommandLinkButton*>();
    QTest::mouseClick(button, Qt::LeftButton);
    await_answer();
    require(setups() == 5, "the Django shop has five setups");
    require(verdict_of_first() == Verdict::met, "the small VPS meets its objectives");
    picture(QStringLiteral("window"));
    began_ = window_.document().text();
  }

  void move_the_load() {
    for (QSlider* const slider : window_.findChildren<QSlider*>()) {
      if (slider->accessibleName() != QStringLiteral("load")) continue;
      slider->setFocus();
      for (int i = 0; i < 3; ++i) QTest::keyClick(slider, Qt::Key_PageUp);
    }
    await_answer();
    require(window_.document().scenario()->workload.load > 1.5, "the load is higher");
    require(verdict_of_first() == Verdict::missed, "the small VPS misses them now");
  }

  void add_a_plan() {
    in_dialog([this](QWidget& dialog) {
      QTest::keyClicks(dialog.findChild<QLineEdit*>(), QStringLiteral("hetzner"));
      picture(QStringLiteral("plans"), &dialog);
      QTest::keyClick(dialog.findChild<QTableView*>(), Qt::Key_Return);
      if (dialog.isVisible()) static_cast<QDialog&>(dialog).accept();
    });
    action(QStringLiteral("Add a setup"))->trigger();
    await_answer();
    require(setups() == 6, "there is another setup");
  }

  void open_a_slow_request() {
    window_.comparison().setFocus();
    QTest::keyClick(&window_.comparison(), Qt::Key_Down);
    require(window_.showView(QStringLiteral("Request")),
            "the request inspector comes to the front");
    auto* const inspector = window_.findChild<InspectorView*>();
    inspector->setPercentile(0.99);
    const auto said = [&] {
      for (const QLabel* const label : inspector->findChildren<QLabel*>()) {
        if (label->text().contains(QStringLiteral("waiting for a free worker"))) return true;
      }
      return false;
    };
    const bool has_said = QTest::qWaitFor(said, 10'000);
    picture(QStringLiteral("request"));
    require(has_said, "it waited for a worker");
  }

  void take_it_back() {
    // There is no window manager who would do it.
    QApplication::setActiveWindow(&window_);
    const int steps = window_.document().undoStack().count();
    for (int i = 0; i < steps; ++i) QTest::keyClick(&window_, Qt::Key_Z, Qt::ControlModifier);
    require(window_.document().text() == began_, "undo leads back to the template");
    await_answer();
    require(verdict_of_first() == Verdict::met, "the small VPS meets its objectives again");
  }

  void look_around() {
    window_.showView(QStringLiteral("Price and p95"));
    window_.showView(QStringLiteral("Timeline"));
    picture(QStringLiteral("timeline"));
  }

  void save_and_export() {
    saved_ = folder_.filePath(QStringLiteral("my shop.json"));
    choose_file(saved_);
    action(QStringLiteral("Save as"))->trigger();
    require(QFile::exists(saved_), "the scenario is saved");
    for (const char* name : {"chart.png", "chart.svg", "table.csv"}) {
      const QString path = folder_.filePath(QString::fromLatin1(name));
      choose_file(path);
      action(path.endsWith(QStringLiteral("csv"))   ? QStringLiteral("Export the table")
             : path.endsWith(QStringLiteral("png")) ? QStringLiteral("Export the chart as PNG")
                                                    : QStringLiteral("Export the chart as SVG"))
          ->trigger();
      require(QFile(path).size() > 1000, name);
    }
    compare_with_the_command();
  }

  // What the window exported and what the command prints that it copies.
  void compare_with_the_command() {
    action(QStringLiteral("Copy the command"))->trigger();
    QString command = QApplication::clipboard()->text();
    require(command.startsWith(QStringLiteral("cotenant run ")), qPrintable(command));
    command.replace(0, 8, QLatin1Char('\'') + cotenant_ + QLatin1Char('\''));
    QProcess shell;
    shell.start(QStringLiteral("sh"),
                {QStringLiteral("-c"), command + QStringLiteral(" --quiet --format csv")});
    require(shell.waitForFinished(kPatienceMs), "the command ends");
    QFile table(folder_.filePath(QStringLiteral("table.csv")));
    require(table.open(QIODevice::ReadOnly), "the table can be read");
    require(table.readAll() == shell.readAllStandardOutput(),
            "the command prints the table, byte for byte");
  }

  void open_again() {
    const std::uint64_t before = window_.session().report()->provenance.fingerprint;
    choose_file(saved_);
    action(QStringLiteral("Open"))->trigger();
    await_answer();
    require(window_.document().text() == began_, "what was saved is opened");
    require(window_.session().report()->provenance.fingerprint == before, "its answer is the same");
  }

  // Without scrolling there is what one decides by.
  void look_on_a_small_screen() {
    window_.resize(1280, 800);
    picture(QStringLiteral("small"));
    const ComparisonView& table = window_.comparison();
    for (const char* key : {"verdict", "price", "latency_p95", "error_ratio"}) {
      int right = -1;
      for (int column = 0; column < table.model()->columnCount(); ++column) {
        const QVariant known =
            table.model()->headerData(column, Qt::Horizontal, ComparisonModel::keyRole);
        if (known.toString() != QLatin1String(key)) continue;
        right = table.columnViewportPosition(column) + table.columnWidth(column);
      }
      require(right > 0 && right <= table.viewport()->width(), key);
    }
    window_.resize(1440, 900);
  }

  void import_logs() {
    QFile log(QStringLiteral("tests/fuzz/corpus/import/nginx"));
    QFile settings(QStringLiteral("tests/fuzz/corpus/import/gunicorn"));
    const QString access = folder_.filePath(QStringLiteral("access.log"));
    const QString conf = folder_.filePath(QStringLiteral("gunicorn.conf.py"));
    require(log.copy(access) && settings.copy(conf), "there are a log and settings");
    choose_file(QStringLiteral("\"%1\" \"%2\"").arg(access, conf));
    action(QStringLiteral("Import"))->trigger();
    const auto is_imported = [&] { return window_.document().path().isEmpty(); };
    require(QTest::qWaitFor(is_imported, kPatienceMs), "they become a scenario");
    await_answer();
    require(window_.document().isModified(), "it is not saved yet");
    picture(QStringLiteral("import"));
  }

  QString pictures_, suffix_, cotenant_, saved_;
  std::string began_;
  QTemporaryDir folder_;
  MainWindow window_;
};

}  // namespace
}  // namespace cotenant::gui

int main(int count, char** arguments) {
  const QApplication application(count, arguments);
  std::setlocale(LC_NUMERIC, "C");
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const QStringList words = QApplication::arguments();
  if (words.size() != 5) {
    std::fputs("usage: cotenant_gui_person FOLDER SUFFIX light|dark COTENANT\n", stderr);
    return 2;
  }
  QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
  QStandardPaths::setTestModeEnabled(true);
  // Nobody's settings are read or changed.
  const QTemporaryDir settings;
  QCoreApplication::setOrganizationName(QStringLiteral("cotenant"));
  QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
  using cotenant::gui::Shade;
  cotenant::gui::Person(words[1], words[2], words[4],
                        words[3] == QStringLiteral("dark") ? Shade::dark : Shade::light)
      .take_the_way();
  return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/session/session.h"

#include <QElapsedTimer>
#include <exception>
#include <new>
#include <stdexcept>
#include <utility>

#include "gui/session/coarse.h"
#include "sim/base/assert.h"

namespace cotenant::gui {
namespace {

// Often enough for the eye, seldom enough for the event loop.
constexpr qint64 kProgressEveryMs = 100;
// One for every two or three pixels.
constexpr std::size_t kTimelineSlices = 240;

// For a shell, in single quotes where it needs them.
std::string shell_quoted(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:+,@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string result = "'";
  for (const char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

StudyOptions options_of(const Question& question, const std::atomic<bool>& stop) {
  StudyOptions options;
  options.seed = question.seed;
  options.baseline = question.baseline;
  options.jobs = study_threads();
  options.timeline_slices = kTimelineSlices;
  options.stop = &stop;
  return options;
}

// Its problems say themselves what would be right.
struct BadScenario : std::runtime_error {
  using std::runtime_error::runtime_error;
};

Report value_of(Checked<Report> report) {
  if (!report.ok()) throw BadScenario(sentences(report.diagnostics()).toStdString());
  return std::move(report).value();
}

// What to do about it, where the error does not know.
QString remedy(const std::exception& error, const Question& question) {
  if (dynamic_cast<const BadScenario*>(&error) != nullptr) return {};
  if (dynamic_cast<const Bug*>(&error) != nullptr) {
    return Session::tr(
        "\nThis is a defect of Cotenant. Undo the last edit to go on, and please "
        "report it with the scenario.");
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return Session::tr("\nThe memory does not suffice. Lower the load or the duration.");
  }
  return Session::tr(
             "\nA file that a scenario names is looked for in %1. Put it there, or name "
             "another.")
      .arg(QString::fromStdString(question.directory.string()));
}

}  // namespace

std::string command_of(const Question& question, std::string_view file) {
  std::string command = "cotenant run " + shell_quoted(file.empty() ? "FILE" : file);
  if (question.seed) command += " --seed " + std::to_string(*question.seed);
  if (!question.baseline.empty()) command += " --baseline " + shell_quoted(question.baseline);
  return command;
}

Session::Session(QObject* parent, Study study) : QObject(parent), study_(std::move(study)) {}

bool Session::isBusy() const {
  return stage_ == Stage::waiting || stage_ == Stage::coarse || stage_ == Stage::refining ||
         stage_ == Stage::sharpening;
}

void Session::ask(Question question) {
  question_ = std::move(question);
  ++number_;
  stage_ = Stage::waiting;
  progress_ = {};
  worker_.run([this, asked = question_, number = number_](const std::atomic<bool>& stop) {
    try {
      answer(asked, number, stop);
    } catch (const std::exception& error) {
      deliver(number, [this, why = QString::fromStdString(error.what()) + remedy(error, asked)] {
        failure_ = why;
        stage_ = Stage::failed;
        Q_EMIT stageChanged();
      });
    }
  });
  Q_EMIT stageChanged();
}

void Session::stop() {
  if (!isBusy()) return;
  ++number_;  // what the worker says from now on is late
  worker_.stop();
  stage_ = Stage::stopped;
  Q_EMIT stageChanged();
}

void Session::answer(const Question& question, std::uint64_t number,
                     const std::atomic<bool>& stop) {
  StudyOptions first = options_of(question, stop);
  first.replications = 1;
  Report picture = value_of(study_(coarse(*question.scenario), question.directory, first));
  if (stop) return;
  show(question, number, std::move(picture), Stage::coarse);

  std::uint64_t shown = 0;  // replications of each setup
  const auto show_interim = [&](const Report& report) {
    const std::uint64_t replications = report.provenance.replications;
    if (stop || replications <= shown) return;
    shown = replications;
    show(question, number, report, shown < kRefined ? Stage::refining : Stage::sharpening);
  };
  if (const auto soon = quick(*question.scenario)) {
    StudyOptions few = options_of(question, stop);
    few.replications = kRefined;
    few.interim = show_interim;
    const Report report = value_of(study_(*soon, question.directory, few));
    if (stop) return;
    show_interim(report);
  }

  StudyOptions whole = options_of(question, stop);
  whole.interim = show_interim;
  QElapsedTimer since;
  whole.progress = [&](const Progress& progress) {
    if (since.isValid() && since.elapsed() < kProgressEveryMs) return;
    since.start();
    deliver(number, [this, progress] {
      progress_ = progress;
      Q_EMIT progressed();
    });
  };
  Report report = value_of(study_(*question.scenario, question.directory, whole));
  if (!stop) show(question, number, std::move(report), Stage::done);
}

void Session::show(const Question& question, std::uint64_t number, Report report, Stage stage) {
  auto shared = std::make_shared<const Report>(std::move(report));
  deliver(number, [this, shared = std::move(shared), question, stage] {
    report_ = shared;
    reported_ = question;
    stage_ = stage;
    Q_EMIT reportChanged();
    Q_EMIT stageChanged();
  });
}

template <class Task>
void Session::deliver(std::uint64_t number, Task task) {
  QMetaObject::invokeMethod(
      this,
      [this, number, task = std::move(task)] {
        if (number == number_) task();
      },
      Qt::QueuedConnection);
}

}  // namespace cotenant::gui

// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the window knows about the answer: a coarse picture of the newest question first, then ever
// sharper ones. A new question ends the work on the one before. Reports are immutable and shared;
// signals come in the thread of the session.
#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gui/session/worker.h"
#include "scenarios/scenario.h"
#include "study/study.h"

namespace cotenant::gui {

using ReportPtr = std::shared_ptr<const Report>;
using ScenarioPtr = std::shared_ptr<const Scenario>;

// All that an answer depends on.
struct Question {
  ScenarioPtr scenario;
  std::filesystem::path directory;    // of the files that it names
  std::optional<std::uint64_t> seed;  // instead of its own
  std::string baseline;               // of differences; empty: the first setup
};

// The command that asks the same.
std::string command_of(const Question& question, std::string_view file);

class Session : public QObject {
  Q_OBJECT

 public:
  enum class Stage {
    idle,        // nothing to simulate yet
    waiting,     // what is shown answers an older question
    coarse,      // a first picture is shown
    refining,    // whole runs, too few for intervals to rely on
    sharpening,  // kRefined of each setup and more: intervals become narrower
    done,
    stopped,  // by the user
    failed,
  };
  using Study = std::function<Checked<Report>(const Scenario&, const std::filesystem::path&,
                                              const StudyOptions&)>;

  explicit Session(QObject* parent = nullptr, Study study = run_study);

  void ask(Question question);
  void stop();

  Stage stage() const { return stage_; }
  bool isBusy() const;
  const Question& question() const { return question_; }
  // The newest picture, or nothing; of an older question while the stage is `waiting`.
  const ReportPtr& report() const { return report_; }
  const Question& reportedQuestion() const { return reported_; }
  const Progress& progress() const { return progress_; }
  const QString& failure() const { return failure_; }

 Q_SIGNALS:
  void reportChanged();
  void stageChanged();
  void progressed();

 private:
  void answer(const Question& question, std::uint64_t number, const std::atomic<bool>& stop);
  void show(const Question& question, std::uint64_t number, Report report, Stage stage);
  // Runs it in the session's thread, unless there is a newer question by then.
  template <class Task>
  void deliver(std::uint64_t number, Task task);

  const Study study_;
  Question question_;
  std::uint64_t number_ = 0;  // of the question
  Stage stage_ = Stage::idle;
  ReportPtr report_;
  Question reported_;
  Progress progress_;
  QString failure_;
  Worker worker_;  // the last member: it ends before the others
};

}  // namespace cotenant::gui

// SPDX-License-Identifier: Apache-2.0
//
// Pictures come coarse first and then sharper, only of the newest question, and never block.
#include "gui/session/session.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <latch>

#include "gui/session/coarse.h"
#include "tests/gui/report_fixture.h"

namespace cotenant::gui {
namespace {

using test::small_shop;

// Far more than any of these takes.
constexpr int kPatienceMs = 60'000;

Question shop(std::optional<std::uint64_t> seed = {}) {
  return {std::make_shared<const Scenario>(small_shop()), ".", seed, {}};
}

void await(Session& session, Session::Stage stage) {
  while (session.stage() != stage) {
    QSignalSpy spy(&session, &Session::stageChanged);
    ASSERT_TRUE(spy.wait(kPatienceMs)) << static_cast<int>(session.stage());
  }
}

TEST(Session, SharpensItsPicture) {
  Session session;
  std::vector<Session::Stage> stages;
  QObject::connect(&session, &Session::reportChanged, &session,
                   [&] { stages.push_back(session.stage()); });
  session.ask(shop());
  EXPECT_EQ(session.stage(), Session::Stage::waiting);
  await(session, Session::Stage::done);
  using enum Session::Stage;
  EXPECT_EQ(stages, (std::vector{coarse, refining, refining, done}));
  const Report alone = run_study(small_shop(), ".", {}).value();
  EXPECT_EQ(session.report()->provenance.fingerprint, alone.provenance.fingerprint);
  EXPECT_EQ(at(session.report()->setups[0].metrics, Metric::latency_p95).value,
            at(alone.setups[0].metrics, Metric::latency_p95).value);
}

TEST(Session, AnswersTheNewestQuestion) {
  Session session;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) session.ask(shop(seed));
  await(session, Session::Stage::done);
  EXPECT_EQ(session.report()->provenance.seed, 20u);
  EXPECT_EQ(*session.reportedQuestion().seed, 20u);
}

// A study that goes on until it is stopped.
TEST(Session, StopsAndForgetsWhatItWasAsked) {
  std::latch begun(1);
  Session session(nullptr, [&](const Scenario& scenario, const std::filesystem::path& directory,
                               const StudyOptions& options) {
    begun.count_down();
    while (!*options.stop) std::this_thread::yield();
    return run_study(scenario, directory, options);
  });
  session.ask(shop());
  begun.wait();
  session.stop();
  EXPECT_EQ(session.stage(), Session::Stage::stopped);
  QCoreApplication::processEvents();
  EXPECT_EQ(session.report(), nullptr);
}

TEST(Session, SaysWhyItFails) {
  Session session(
      nullptr,
      [](const Scenario&, const std::filesystem::path&, const StudyOptions&) -> Checked<Report> {
        throw std::runtime_error("cannot read a.csv");
      });
  session.ask(shop());
  await(session, Session::Stage::failed);
  EXPECT_TRUE(session.failure().startsWith(QStringLiteral("cannot read a.csv\n")));
  EXPECT_TRUE(session.failure().contains(QStringLiteral("is looked for in")));
}

TEST(Coarse, IsAPartOfTheSameRun) {
  const Scenario first = coarse(small_shop());
  EXPECT_LE(*first.study.max_events, 250'000);
  EXPECT_EQ(first.setups, small_shop().setups);
}

TEST(Command, AsksTheSame) {
  Question question = shop(7);
  question.baseline = "small vps";
  EXPECT_EQ(command_of(question, "my shop.json"),
            "cotenant run 'my shop.json' --seed 7 --baseline 'small vps'");
}

}  // namespace
}  // namespace cotenant::gui

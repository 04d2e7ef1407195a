// SPDX-License-Identifier: Apache-2.0
//
// Configuration files: what is taken, what is assumed, what is ignored, and nothing is executed.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "scenarios/decode.h"
#include "scenarios/encode.h"
#include "validation/import/imported_scenario.h"
#include "validation/import/procfile.h"
#include "validation/import/server_command.h"

namespace cotenant {
namespace {

std::string value(const std::string& expression) {
  PythonWorld world;
  world.cores = 4;
  world.environment["PORT"] = "8000";
  world.names["base"] = 3.0;
  const auto found = python_value(expression, world);
  return found ? to_text(*found) : "?";
}

TEST(PythonValue, KnowsLiteralsAndArithmetic) {
  EXPECT_EQ(value("1_000"), "1000");
  EXPECT_EQ(value("-3 + 2 * (4 - 1)"), "3");
  EXPECT_EQ(value("7 // 2"), "3");
  EXPECT_EQ(value("'gthread'"), "gthread");
  EXPECT_EQ(value("\"unix:\" + '/run/x'"), "unix:/run/x");
  EXPECT_EQ(value("True"), "True");
  EXPECT_EQ(value("None or 4"), "4");
  EXPECT_EQ(value("base * 2"), "6");
}

TEST(PythonValue, KnowsWhatConfigurationsAskOfTheirMachine) {
  EXPECT_EQ(value("multiprocessing.cpu_count() * 2 + 1"), "9");
  EXPECT_EQ(value("os.cpu_count()"), "4");
  EXPECT_EQ(value("int(os.environ.get(\"WORKERS\", 5))"), "5");
  EXPECT_EQ(value("int(os.getenv('WORKERS', '5'))"), "5");
  EXPECT_EQ(value("int(os.environ.get('WORKERS') or 3)"), "3");
  EXPECT_EQ(value("int(os.environ['PORT'])"), "8000");
  EXPECT_EQ(value("max(2, int(cpu_count() * 1.6))"), "6");
}

TEST(PythonValue, ExecutesNothing) {
  for (const char* text :
       {"__import__('os').system('x')", "open('/etc/passwd')", "[1, 2]", "lambda: 1", "2 ** 99",
        "1 / 0", "eval('1')", "f'{x}'", "unknown", "", "(((", "1e400", "os.environ['NONE']"}) {
    EXPECT_EQ(value(text), "?") << text;
  }
  EXPECT_EQ(value(std::string(5000, '(') + "1"), "?");
}

Imported imported(const std::string& text, const ImportOptions& options = {}) {
  Imported result(options);
  const Diagnostics problems = import_settings(text, "file", result);
  EXPECT_TRUE(problems.empty()) << render(problems, "file");
  return result;
}

Scenario scenario_of(Imported& result, const ImportOptions& options = {}) {
  const auto scenario = imported_scenario(result, options);
  EXPECT_TRUE(scenario.ok());
  const auto again = decode(encode(*scenario));
  EXPECT_TRUE(again.ok()) << render(again.diagnostics(), "scenario");
  EXPECT_TRUE(again.ok() && *again == *scenario);
  return *scenario;
}

bool says(const Imported& result, FindingKind kind, std::size_t line, const std::string& what) {
  return std::any_of(result.findings.begin(), result.findings.end(), [&](const Finding& finding) {
    return finding.kind == kind && finding.line == line && finding.what == what;
  });
}

TEST(GunicornSettings, TakeWhatCanBeToldWithoutRunningThem) {
  ImportOptions options;
  options.cores = 4;
  Imported result = imported(
      "\"\"\"Settings\n\nworkers = 99\n\"\"\"\n"
      "import multiprocessing\n"
      "workers = multiprocessing.cpu_count() * 2 + 1\n"
      "threads = (\n  2  # of each\n)\n"
      "worker_class = 'gthread'\n"
      "timeout = load_timeout()\n"
      "keepalive = 7\n"
      "bind = \"unix:/run/app#1.sock\"\n"
      "accesslog = '-'\n"
      "preload_app = True\n"
      "def post_fork(server, worker):\n"
      "    workers = 1\n",
      options);
  const Scenario scenario = scenario_of(result, options);
  const auto& server = std::get<GunicornGthread>(scenario.application[0].second.server);
  EXPECT_EQ(server.workers, 9);
  EXPECT_EQ(server.threads, 2);
  EXPECT_EQ(server.keep_alive, seconds(7));
  EXPECT_EQ(server.socket, "unix");
  // Clients cannot reach a Unix socket: a proxy is assumed.
  EXPECT_TRUE(std::holds_alternative<Nginx>(scenario.application[1].second.server));
  EXPECT_TRUE(server.arbiter.preload);
  EXPECT_EQ(server.arbiter.timeout, seconds(30));  // what was not understood stays the default
  EXPECT_TRUE(says(result, FindingKind::assumed, 6, "workers"));
  EXPECT_TRUE(says(result, FindingKind::ignored, 11, "timeout"));
  EXPECT_TRUE(says(result, FindingKind::ignored, 14, "accesslog"));
  EXPECT_TRUE(says(result, FindingKind::ignored, 16, "def post_fork"));
  EXPECT_EQ(scenario.setups[0].second.machine.cores, 4);
}

TEST(Procfile, TakesTheFlagsOfItsServer) {
  Imported result = imported(
      "web: WEB_CONCURRENCY=2 gunicorn app:app -w4 -k gevent --worker-connections=200 "
      "--timeout 60 --log-level info --strange\n"
      "worker: celery -A app worker\n");
  const Scenario scenario = scenario_of(result);
  const auto& server = std::get<GunicornGevent>(scenario.application[0].second.server);
  EXPECT_EQ(server.workers, 4);  // a flag wins over the environment
  EXPECT_EQ(server.worker_connections, 200);
  EXPECT_EQ(server.arbiter.timeout, seconds(60));
  EXPECT_TRUE(says(result, FindingKind::ignored, 1, "workers"));
  EXPECT_TRUE(says(result, FindingKind::ignored, 1, "--strange"));
  EXPECT_TRUE(says(result, FindingKind::ignored, 2, "worker"));
}

TEST(Procfile, KnowsTheOtherServers) {
  Imported uvicorn =
      imported("web: uvicorn app:app --workers 3 --limit-concurrency 50 --timeout-keep-alive 9\n");
  const Scenario loops = scenario_of(uvicorn);
  const auto& loop = std::get<Uvicorn>(loops.application[0].second.server);
  EXPECT_EQ(loop.workers, 3);
  EXPECT_EQ(loop.limit_concurrency, 50);
  EXPECT_EQ(loop.keep_alive, seconds(9));

  Imported hypercorn = imported("web: python -m hypercorn -w 2 --backlog 64 app:app\n");
  EXPECT_EQ(std::get<Hypercorn>(scenario_of(hypercorn).application[0].second.server).backlog, 64);

  Imported uwsgi =
      imported("web: uwsgi --http :8000 -p 4 --threads 2 --harakiri 30 --thunder-lock\n");
  const Scenario wsgi = scenario_of(uwsgi);
  const auto& server = std::get<Uwsgi>(wsgi.application[0].second.server);
  EXPECT_EQ(server.workers, 4);
  EXPECT_EQ(server.threads, 2);
  EXPECT_EQ(server.harakiri, seconds(30));
  EXPECT_TRUE(server.thunder_lock);

  Imported worker = imported("web: gunicorn -k uvicorn.workers.UvicornWorker -w 2 app:app\n");
  EXPECT_TRUE(
      std::holds_alternative<GunicornUvicorn>(scenario_of(worker).application[0].second.server));
}

TEST(ShellWords, AreDividedAsAShellDoes) {
  EXPECT_EQ(shell_words("a 'b c' \"d \\\" e\" f\\ g ''"),
            (std::vector<std::string>{"a", "b c", "d \" e", "f g", ""}));
}

constexpr const char* kCompose =
    "x-limits: &limits\n"
    "  cpus: '0.50'\n"
    "  memory: 256M\n"
    "services:\n"
    "  db: {image: 'postgres:16'}\n"
    "  app.web:\n"
    "    command: [\"sh\", \"-c\", \"gunicorn app:app -w ${WORKERS:-3} --timeout $$T\"]\n"
    "    deploy:\n"
    "      replicas: 2\n"
    "      resources:\n"
    "        limits: {<<: *limits, pids: 100}\n";

TEST(Compose, TakesLimitsReplicasAndCommands) {
  Imported result = imported(kCompose);
  const Scenario scenario = scenario_of(result);
  EXPECT_EQ(scenario.application[0].first, "app_web");  // names have no "."
  EXPECT_EQ(std::get<GunicornSync>(scenario.application[0].second.server).workers, 3);
  const cotenant::Setup& setup = scenario.setups[0].second;
  EXPECT_EQ(setup.replicas, 2);
  EXPECT_EQ(setup.groups[0].second.cpu_max->quota, milliseconds(50));
  EXPECT_EQ(setup.groups[0].second.memory_max, Bytes(256 << 20));
  EXPECT_TRUE(says(result, FindingKind::ignored, 5, "db"));
  EXPECT_TRUE(says(result, FindingKind::ignored, 11, "app.web.deploy.resources.limits.pids"));
}

TEST(Compose, KnowsTheKeysOfVersion2) {
  Imported result = imported(
      "services:\n"
      "  web:\n"
      "    environment: [WEB_CONCURRENCY=5]\n"
      "    command: gunicorn app:app\n"
      "    cpu_quota: 30000\n"
      "    cpu_period: 60000\n"
      "    cpu_shares: 512\n"
      "    mem_limit: 1g\n");
  const Scenario scenario = scenario_of(result);
  EXPECT_EQ(std::get<GunicornSync>(scenario.application[0].second.server).workers, 5);
  const Group& group = scenario.setups[0].second.groups[0].second;
  EXPECT_EQ(group.cpu_max->quota, milliseconds(30));
  EXPECT_EQ(group.cpu_max->period, milliseconds(60));
  EXPECT_EQ(group.cpu_shares, 512);
  EXPECT_EQ(group.memory_max, Bytes(1 << 30));
}

TEST(Compose, LetsTheUserChooseTheService) {
  ImportOptions options;
  options.service = "db";
  Imported result = imported(kCompose, options);
  EXPECT_EQ(scenario_of(result, options).application[0].first, "db");
  options.service = "app.wbe";
  const auto none = imported_scenario(result, options);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.diagnostics()[0].nearest, "app.web");
}

TEST(Kubernetes, TakesContainersAndTellsOfTheRest) {
  Imported result = imported(
      "apiVersion: apps/v1\n"
      "kind: Deployment\n"
      "metadata: {name: shop}\n"
      "spec:\n"
      "  replicas: 3\n"
      "  template:\n"
      "    spec:\n"
      "      terminationGracePeriodSeconds: 20\n"
      "      containers:\n"
      "      - name: web\n"
      "        command: [gunicorn]\n"
      "        args: [\"app:app\", \"-w\", \"2\"]\n"
      "        env: [{name: WEB_CONCURRENCY, value: \"9\"}]\n"
      "        resources:\n"
      "          requests: {cpu: 250m, memory: 128M}\n"
      "          limits: {cpu: \"1.5\", memory: 64Mi, nvidia.com/gpu: 1}\n"
      "        readinessProbe: {periodSeconds: 5, failureThreshold: 2}\n"
      "---\n"
      "apiVersion: autoscaling/v2\n"
      "kind: HorizontalPodAutoscaler\n"
      "spec: {minReplicas: 2, maxReplicas: 8}\n");
  // The request is above the limit: that is what the file says, and checks of scenarios refuse it.
  result.services[0].container->limits.memory = Bytes(256 << 20);
  const Scenario scenario = scenario_of(result);
  const cotenant::Setup& setup = scenario.setups[0].second;
  EXPECT_EQ(setup.replicas, 3);
  const Placement& placement = setup.services[0].second;
  EXPECT_EQ(placement.container->requests.cpu, 0.25);
  EXPECT_EQ(placement.container->requests.memory, Bytes(128'000'000));
  EXPECT_EQ(placement.container->limits.cpu, 1.5);
  EXPECT_EQ(placement.probes->readiness->period, seconds(5));
  EXPECT_EQ(placement.probes->grace, seconds(20));
  EXPECT_EQ(std::get<GunicornSync>(scenario.application[0].second.server).workers, 2);
  EXPECT_TRUE(says(result, FindingKind::ignored, 16, "shop.limits.nvidia.com/gpu"));
  EXPECT_TRUE(says(result, FindingKind::ignored, 19, "HorizontalPodAutoscaler"));
}

TEST(Yaml, IsRefusedWithItsLine) {
  Imported result{ImportOptions{}};
  const Diagnostics problems =
      import_settings("services:\n  web: {a: [1, 2}\n", "docker-compose.yml", result);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].line, 2);
  const std::string deep = "services: " + std::string(5000, '[');
  EXPECT_EQ(import_settings(deep, "deep.yml", result)[0].message, "is nested too deeply");
  // An alias bomb is not expanded: nobody looks into it.
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string before = std::to_string(i - 1), now = std::to_string(i);
    bomb += "a" + now + ": &a" + now + " [*a" + before + ", *a" + before + "]\n";
  }
  EXPECT_TRUE(
      import_settings(bomb + "services: {web: {cpus: 1, x: *a39}}\n", "bomb.yml", result).empty());
}

TEST(Detection, LooksAtTheContent) {
  EXPECT_EQ(detect_settings("services:\n  a: {}\n"), InputKind::compose);
  EXPECT_EQ(detect_settings("# x\napiVersion: v1\nkind: Service\n"), InputKind::kubernetes);
  EXPECT_EQ(detect_settings("web: gunicorn a\n"), InputKind::procfile);
  EXPECT_EQ(detect_settings("workers = 3\n"), InputKind::gunicorn);
  EXPECT_EQ(detect_settings("hello world\n"), InputKind::unknown);
  EXPECT_EQ(detect_settings(std::string("workers = 3\0", 12)), InputKind::unknown);
}

TEST(Findings, AreShownWithTheirPlaces) {
  const Findings findings = {{FindingKind::taken, "a.py", 3, "workers", "5"},
                             {FindingKind::ignored, "b\x1b.yml", 0, "x", "y"}};
  EXPECT_EQ(findings_text(findings, 80),
            "taken    a.py:3  workers: 5\n"
            "ignored  b\xef\xbf\xbd.yml  x: y\n");
  EXPECT_NE(findings_json(findings).find("\"line\": null"), std::string::npos);
}

}  // namespace
}  // namespace cotenant

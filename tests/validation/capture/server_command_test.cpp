// SPDX-License-Identifier: Apache-2.0
#include "validation/capture/recorder/server_command.h"

#include <gtest/gtest.h>

#include <sstream>

namespace cotenant {
namespace {

CapturedServer server(const std::string& command) {
  std::istringstream in(command);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return server_of_command(words);
}

TEST(ServerCommand, KnowsGunicornByItsFlags) {
  const CapturedServer sync = server("/usr/bin/python3 /usr/bin/gunicorn shop:app");
  EXPECT_EQ(sync.kind, "gunicorn-sync");
  EXPECT_EQ(sync.workers, 1);
  EXPECT_EQ(sync.timeout, seconds(30));
  EXPECT_EQ(sync.keep_alive, seconds(2));
  EXPECT_FALSE(sync.max_requests);

  const CapturedServer threads = server(
      "python3 -m gunicorn -w4 --threads 8 --timeout=60 --backlog 64 --max-requests 1000 shop:app");
  EXPECT_EQ(threads.kind, "gunicorn-gthread");
  EXPECT_EQ(threads.workers, 4);
  EXPECT_EQ(threads.threads, 8);
  EXPECT_EQ(threads.timeout, seconds(60));
  EXPECT_EQ(threads.backlog, 64);
  EXPECT_EQ(threads.max_requests, 1000);

  EXPECT_EQ(server("gunicorn -k gevent a:b").kind, "gunicorn-gevent");
  EXPECT_EQ(server("gunicorn --worker-class uvicorn.workers.UvicornWorker a:b").kind,
            "gunicorn-uvicorn");
  EXPECT_EQ(server("gunicorn -k somebodys.Worker a:b").kind, "");
}

TEST(ServerCommand, KnowsUvicornByItsFlags) {
  const CapturedServer one = server("/venv/bin/python3 /venv/bin/uvicorn shop:app --workers 3");
  EXPECT_EQ(one.kind, "uvicorn");
  EXPECT_EQ(one.workers, 3);
  EXPECT_EQ(one.keep_alive, seconds(5));
  EXPECT_FALSE(one.limit_concurrency);
  EXPECT_EQ(server("uvicorn --limit-concurrency 50 a:b").limit_concurrency, 50);
}

TEST(ServerCommand, DoesNotGuessWhatItDoesNotKnow) {
  EXPECT_EQ(server("/usr/sbin/nginx -g daemon off;").software, "");
  EXPECT_EQ(server("python3 manage.py runserver --workers gunicorn-like").kind, "");
  EXPECT_EQ(server("").kind, "");
}

}  // namespace
}  // namespace cotenant

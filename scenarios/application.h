// SPDX-License-Identifier: Apache-2.0
//
// Questions about the services of an application that checks and the compiler both ask.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "scenarios/scenario.h"

namespace cotenant {

// "database.list": names have no dots, so the parts are unambiguous.
struct OperationName {
  std::string_view service, operation;
};
// Without a dot, or with two, there is no such name.
std::optional<OperationName> split_operation(std::string_view name);

// Services that are there for clients: they have no operations and stand behind no proxy.
std::vector<std::size_t> entries_of(const Named<Service>& application);

// Which service serves a request class that names none: the only one, or the only entry. None: it
// has to be said.
std::optional<std::size_t> default_service(const Named<Service>& application);

// Position of the service of that name.
std::optional<std::size_t> position_of(const Named<Service>& application, std::string_view name);

// Who serves the class, as said or by default; null when that cannot be told.
const Service* service_of(const Scenario& scenario, const RequestClass& request);

// The servers that a request to the service may end up at: itself, or those behind a proxy.
std::vector<std::size_t> servers_of(const Named<Service>& application, std::size_t service);

bool is_proxy(const Service& service);

// A proxy passes requests on to the service of that name.
bool is_behind_proxy(const Named<Service>& application, const std::string& name);

// Whether a request of the class to that proxy is passed on: files are not, unless proxies are
// behind it, as behind a load balancer.
bool is_passed_on(const Named<Service>& application, std::size_t proxy,
                  const RequestClass& request);

// How many operations the servers behind a proxy have because of one request class: those behind
// proxies behind it included.
std::size_t operations_behind(const Named<Service>& application, std::size_t proxy,
                              const RequestClass& request);

// The same, those behind proxies behind it instead of these.
std::vector<std::size_t> last_servers_of(const Named<Service>& application, std::size_t service);

// Takes tasks from a broker, and no connections.
bool is_celery(const Service& service);

// The same, or puts them where processes look for them.
bool takes_tasks(const Service& service);

// Has event loops of asyncio, which tell async from sync handlers.
bool has_event_loops(const Service& service);

// A step may hold up others that could go on.
bool can_be_blocked(const Service& service);

// Its processes may die because of what they work on.
bool can_crash(const Service& service);

// How long a step takes; null where it says nothing of that.
const DurationLaw* law_of(const Step& step);

// How much a step reads or writes; null: it uses no file.
const SizeLaw* size_of(const Step& step);

// A step's calls: none, one, or those that begin together.
std::vector<const CallStep*> calls_of(const Step& step);

// Runs Python, and so an application. The others only answer calls.
bool runs_python(const Service& service);

// Runs Python for requests of clients or of other services.
bool is_web_server(const Service& service);

// Runs Python in processes that somebody replaces when they die, for requests or for tasks of a
// celery.
bool has_processes(const Service& service);

// Serves no requests with Python, and may all the same say what its processes occupy: nginx, Redis
// and PostgreSQL.
bool is_other_software(const Service& service);

// Redis or PostgreSQL.
bool is_database(const Service& service);

// Its processes accept connections and hold them for as long as their clients want.
bool holds_connections(const Service& service);

// Of Python, with a main process of its own, which looks after the others or is the only one.
bool has_main_process(const Service& service);

// Its processes keep connections of others open, if these do.
bool may_keep_connections(const Service& service);

// Any of its services keeps connections to another one.
bool keeps_for_calls(const Scenario& scenario);

// Those who connect to it are on the same machine.
bool has_unix_socket(const Service& service);

// Connections that others than superusers get.
std::int64_t usable_connections(const Postgres& database);

// Sessions open them.
bool uses_websockets(const Workload& workload);

}  // namespace cotenant

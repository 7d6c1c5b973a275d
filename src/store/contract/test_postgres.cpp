#include "store/contract/test_postgres.hpp"

#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "store/postgres/shared.hpp"
#include "store/tables.hpp"

namespace disburse::store {
namespace {

const std::string kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr core::Duration kReadyWithin = std::chrono::seconds(60);

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "PostgreSQL for the tests: %s\n", why.c_str());
  std::exit(1);
}

const passwd* postgres_user() {
  const passwd* user = geteuid() == 0 ? getpwnam("postgres") : nullptr;
  if (geteuid() == 0 && user == nullptr) give_up("there is no user postgres");
  return user;
}

// In the child: another user than root, and no longer than its parent.
void become(const passwd* user) {
  if (user != nullptr && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(127);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
}

pid_t start_program(std::vector<std::string> words, const std::string& log) {
  const passwd* user = postgres_user();
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child != 0) return child;
  become(user);
  if (std::freopen(log.c_str(), "a", stdout) == nullptr || dup2(1, 2) < 0) _exit(127);
  execv(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

TemporaryPostgres& TemporaryPostgres::server() {
  static TemporaryPostgres one;
  return one;
}

TemporaryPostgres::TemporaryPostgres() {
  make_cluster();
  start();
}

TemporaryPostgres::~TemporaryPostgres() { kill(); }

void TemporaryPostgres::make_cluster() {
  const passwd* user = postgres_user();
  if (user != nullptr && chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0)
    give_up("cannot give it its folder");
  const std::string folder = folder_.path().string();
  const pid_t child = start_program({kPrograms + "initdb", "-D", folder + "/data", "-U", "disburse",
                                     "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"},
                                    folder + "/log");
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) give_up("initdb failed: is postgresql-15 installed?");
}

void TemporaryPostgres::start() {
  const std::string folder = folder_.path().string();
  process_ = start_program({kPrograms + "postgres", "-D", folder + "/data", "-k", folder, "-c",
                            "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200"},
                           folder + "/log");
  wait_until_ready();
}

void TemporaryPostgres::kill() {
  if (process_ == 0) return;
  ::kill(process_, SIGQUIT);  // at once, without writing anything down
  waitpid(process_, nullptr, 0);
  process_ = 0;
}

namespace {

postgres::Target target_of(const std::string& url) {
  auto target = postgres::parse_target(url);
  if (!target) give_up(target.error().detail);
  return *target;
}

std::string url_in(const std::string& folder) {
  return "postgresql:///postgres?user=disburse&host=" + folder;
}

}  // namespace

void TemporaryPostgres::wait_until_ready() {
  const postgres::Target target = target_of(url_in(socket_folder()));
  const auto deadline = postgres::Deadline::in(kReadyWithin);
  while (!deadline.over()) {
    if (postgres::Connection::open(target, {}, deadline)) return;
    if (waitpid(process_, nullptr, WNOHANG) != 0) give_up("it stopped: see its log");
    postgres::pause(std::chrono::milliseconds(20));
  }
  give_up("it does not answer");
}

std::string TemporaryPostgres::fresh_url() {
  const std::string name = "s" + std::to_string(++schemas_);
  const auto deadline = postgres::Deadline::in(kReadyWithin);
  auto connection = postgres::Connection::open(target_of(url_in(socket_folder())), {}, deadline);
  if (!connection) give_up(connection.error().detail);
  (*connection)->queue_text("create schema " + name, {});
  const auto made = (*connection)->round_trip(deadline);
  if (!made) give_up(made.error().detail);
  return url_in(socket_folder()) + "&options=-csearch_path%3D" + name;
}

void TemporaryPostgres::make_empty(const std::string& url) {
  const auto deadline = postgres::Deadline::in(kReadyWithin);
  auto connection = postgres::Connection::open(target_of(url), {}, deadline);
  if (!connection) give_up(connection.error().detail);
  std::string all;
  for (const Table& table : tables()) {
    if (table.name == "store_state" || table.name == "node_lease") continue;
    all += (all.empty() ? "truncate " : ", ") + table.name;
  }
  (*connection)->queue_text(all, {});
  (*connection)
      ->queue_text("update store_state set last_id = 0, id_early_ms = 0, id_late_ms = 0", {});
  (*connection)->queue_text("update node_lease set leased_until = 0", {});
  const auto made = (*connection)->round_trip(deadline);
  if (!made) give_up(made.error().detail);
}

}  // namespace disburse::store

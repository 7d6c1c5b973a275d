// A PostgreSQL server for the tests of one program: in a folder of its own, on a socket in it,
// started when it is first asked for and gone with the program, whatever ends that.
//
// PostgreSQL refuses to run as root: then it runs as the user that its Debian package makes.
// Threads: one.
#pragma once

#include <sys/types.h>

#include <string>

#include "store/contract/test_stores.hpp"

namespace disburse::store {

class TemporaryPostgres {
 public:
  // The program's own. Ends the test program with a word when it cannot be started.
  static TemporaryPostgres& server();

  TemporaryPostgres();
  TemporaryPostgres(const TemporaryPostgres&) = delete;
  TemporaryPostgres& operator=(const TemporaryPostgres&) = delete;
  ~TemporaryPostgres();

  // An empty place for tables, as a store's URL: a schema of its own.
  std::string fresh_url();
  // The same one again, made by open_postgres() before, without what was put into it since: quicker
  // than a fresh one. Nobody may be using it.
  void make_empty(const std::string& url);
  // The folder in which the server's socket is.
  std::string socket_folder() const { return folder_.path().string(); }
  // Stops it at once, as a crash would, and starts it again.
  void kill();
  void start();

 private:
  void make_cluster();
  void wait_until_ready();

  TemporaryFolder folder_;
  pid_t process_ = 0;
  int schemas_ = 0;
};

}  // namespace disburse::store

// One request to the whole program behind the socket: front door, dialects and engine over a world
// in which there is a link in every state.
//
// An input is a request as golden files have it: a line with method and target, header lines, an
// empty line, the body. {words} stand for what a fuzzer cannot guess: credentials, ids, codes.
// Without a header of that name the dialect's own credentials are sent.
// Threads: one.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.hpp"
#include "front_door/front_door.hpp"
#include "fuzz/forgetful_store.hpp"
#include "golden/stage.hpp"

namespace disburse::fuzz {

struct Asked {
  wire::Method method = wire::Method::other;
  std::string target;
  world::Headers headers;
  std::string body;

  // Everything that was sent, for looking something up in it.
  std::string whole() const;
};

class Door {
 public:
  // With the credentials of this dialect, or with none.
  enum class Credentials { sent, none };
  explicit Door(std::string_view dialect, Credentials credentials = Credentials::sent);

  // What the input says, words filled in. None when it is no request that the server would pass on.
  std::optional<Asked> read(std::string_view input) const;
  // Answered exactly once.
  wire::Response ask(const Asked& asked);

  // The dialect that owns the path: whose shape an answer has.
  std::string_view owner(const Asked& asked) const;
  const core::Changes& committed() const { return committed_; }
  // Whether the text has a secret of this world in it.
  bool has_secret(std::string_view text) const;
  // A secret that the answer has and the request had not; empty: none.
  std::string leaked(const Asked& asked, std::string_view answer) const;

 private:
  void make_world();
  void open_door();
  void choose_credentials(std::string_view dialect);
  void find_words();
  void remember_secrets();
  std::string fill(std::string_view text) const;
  void look(const core::Changes& changes);

  golden::Stage stage_;
  std::unique_ptr<ForgetfulStore> store_;
  std::unique_ptr<store::Reader> reader_;
  sys::SeededRandom random_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<front_door::Router> router_;
  std::unique_ptr<front_door::SignInDesk> sign_in_;
  std::unique_ptr<front_door::FrontDoor> door_;
  std::vector<std::function<void()>> posted_;
  std::map<std::string, std::string, std::less<>> words_;
  world::Headers credentials_;
  std::vector<std::string> secrets_;
  core::Changes committed_;
};

}  // namespace disburse::fuzz

// Plays golden blocks against a World.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "golden/script.hpp"
#include "world/world.hpp"

namespace disburse::golden {

using Words = std::map<std::string, std::string, std::less<>>;

class Stage {
 public:
  explicit Stage(std::string dialect, world::WorldOptions options = {});

  // Plays the block. What is wrong, or nothing; with GOLDEN_UPDATE the block's body is made right
  // instead.
  std::string play(Block& block);

  world::World& world() { return world_; }
  // What stands for {{name}} in a golden file, and for {word} of a dialect's sheet.
  std::string fill(std::string_view text);

 private:
  std::string given(std::string_view head);
  std::string given_settings(const Words& words);
  std::string given_link(const Words& words);
  std::string given_endpoint(const Words& words);
  std::string bring_to(core::LinkId link, const std::string& state);
  std::string claim(core::LinkId link, const std::string& account);
  std::string request(const Block& block);
  std::string answer(Block& block);
  std::string webhook(Block& block);
  std::string public_id(core::LinkId link) const;

  std::optional<std::string> sheet_word(std::string_view name);
  std::string hole_value(std::string_view name);
  std::string last_otp() const;
  std::string token();
  // Compares with captures; empty when it fits, else what does not.
  std::string match(std::string_view pattern, std::string_view actual);

  std::string dialect_;
  world::World world_;
  wire::Response response_;
  Words captured_;
  std::map<std::string, core::LinkId, std::less<>> links_;
  std::string token_;
};

}  // namespace disburse::golden

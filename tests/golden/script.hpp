// Golden files as text: blocks, kept with their lines so that they can be written back.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace disburse::golden {

enum class BlockKind { comment, given, now, advance, settle, request, answer, webhook };

struct Block {
  BlockKind kind = BlockKind::comment;
  std::size_t line = 0;  // in the file, from 1
  std::string head;      // the rest of the first line
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

struct Script {
  std::vector<Block> blocks;
};

Script read_script(const std::filesystem::path& path);
void write_script(const std::filesystem::path& path, const Script& script);

}  // namespace disburse::golden

// Reading and writing golden files.
#include "golden/script.hpp"

#include <fstream>
#include <sstream>

namespace disburse::golden {
namespace {

struct Opening {
  std::string_view text;
  BlockKind kind;
  bool has_body;
};
constexpr Opening kOpenings[] = {
    {"#", BlockKind::comment, false},     {"given ", BlockKind::given, false},
    {"now ", BlockKind::now, false},      {"advance ", BlockKind::advance, false},
    {"settle", BlockKind::settle, false}, {">>> ", BlockKind::request, true},
    {"<<< ", BlockKind::answer, true},    {"~~> ", BlockKind::webhook, true},
};

// Inside a body only these end it: a body may well begin a line with "#" or "now ".
bool ends_body(std::string_view line) {
  return line.starts_with(">>> ") || line.starts_with("<<< ") || line.starts_with("~~> ") ||
         line.starts_with("given ") || line.starts_with("advance ") || line == "settle" ||
         line.starts_with("now 2") || line.starts_with("# ");
}

const Opening* opening_of(std::string_view line) {
  for (const Opening& opening : kOpenings) {
    if (line.starts_with(opening.text)) return &opening;
  }
  return nullptr;
}

void trim_end(std::string& text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
}

// Headers up to the empty line, then the body up to the next block.
std::size_t read_parts(const std::vector<std::string>& lines, std::size_t at, Block& block) {
  for (; at < lines.size() && !lines[at].empty() && !ends_body(lines[at]); ++at) {
    const std::size_t colon = lines[at].find(": ");
    if (colon == std::string::npos)
      block.headers.emplace_back(lines[at].substr(0, lines[at].find(':')), "");
    else
      block.headers.emplace_back(lines[at].substr(0, colon), lines[at].substr(colon + 2));
  }
  if (at < lines.size() && lines[at].empty()) ++at;
  for (; at < lines.size() && !ends_body(lines[at]); ++at) block.body += lines[at] + "\n";
  trim_end(block.body);
  return at;
}

}  // namespace

Script read_script(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  Script script;
  for (std::size_t at = 0; at < lines.size();) {
    const Opening* opening = opening_of(lines[at]);
    if (opening == nullptr) {
      ++at;
      continue;
    }
    Block block;
    block.kind = opening->kind;
    block.line = at + 1;
    block.head = lines[at].substr(opening->text.size());
    ++at;
    if (opening->has_body) at = read_parts(lines, at, block);
    script.blocks.push_back(std::move(block));
  }
  return script;
}

void write_script(const std::filesystem::path& path, const Script& script) {
  std::ofstream file(path, std::ios::binary);
  for (const Block& block : script.blocks) {
    for (const Opening& opening : kOpenings) {
      if (opening.kind == block.kind) file << opening.text << block.head << "\n";
    }
    const bool parts = block.kind == BlockKind::request || block.kind == BlockKind::answer ||
                       block.kind == BlockKind::webhook;
    if (!parts) continue;
    for (const auto& [name, value] : block.headers) file << name << ": " << value << "\n";
    file << "\n";
    if (!block.body.empty()) file << block.body << "\n";
  }
}

}  // namespace disburse::golden

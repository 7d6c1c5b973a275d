// Lines of JSON; see the header.
#include "golden/exchanges.hpp"

#include <cstdlib>
#include <fstream>
#include <string>

#include "wire/json.hpp"

namespace disburse::golden {
namespace {

void append_line(const std::string& line) {
  std::ofstream file(std::getenv("DISBURSE_EXCHANGES"), std::ios::app | std::ios::binary);
  file << line << "\n";
}

bool is_wanted() { return std::getenv("DISBURSE_EXCHANGES") != nullptr; }

}  // namespace

void write_exchange(std::string_view dialect, std::string_view method, std::string_view target,
                    std::string_view content_type, std::string_view body,
                    const wire::Response& answer) {
  if (!is_wanted()) return;
  std::string line;
  wire::JsonWriter json(line);
  json.begin_object().field("dialect", dialect).field("method", method).field("target", target);
  json.field("request_type", content_type).field("request", body);
  json.field("status", answer.status);
  json.field("answer_type", std::string_view(answer.content_type));
  json.field("answer", std::string_view(answer.body)).end_object();
  append_line(line);
}

void write_webhook(std::string_view dialect, const wire::OutgoingRequest& sent) {
  if (!is_wanted()) return;
  std::string line;
  wire::JsonWriter json(line);
  json.begin_object().field("dialect", dialect).field("webhook", std::string_view(sent.url));
  json.field("method", wire::name(sent.method));
  json.key("headers").begin_object();
  for (const auto& [name, value] : sent.headers) json.field(name, std::string_view(value));
  json.end_object();
  json.field("request", std::string_view(sent.body)).end_object();
  append_line(line);
}

}  // namespace disburse::golden

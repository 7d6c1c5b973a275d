#include "notify/captured.hpp"

#include "core/calendar.hpp"
#include "core/recipient.hpp"
#include "wire/json.hpp"

namespace disburse::notify {
namespace {

void write(const Message& message, wire::JsonWriter& json) {
  json.begin_object();
  json.field("id", message.id);
  json.field("channel", core::name(message.channel));
  json.field("to", message.to);
  json.field("subject", message.subject);
  json.field("text", message.text.expose());
  json.key("otp");
  message.otp.empty() ? json.null() : json.string(message.otp.expose());
  json.key("url");
  message.url.empty() ? json.null() : json.string(message.url);
  json.field("at", core::rfc3339(message.at));
  json.end_object();
}

}  // namespace

void Inbox::send(const Message& message, Answer answer) {
  {
    const std::lock_guard lock(mutex_);
    newest_first_.push_front(message);
    if (newest_first_.size() > kMessagesKept) newest_first_.pop_back();
  }
  answer({.sent = true, .worth_retrying = false, .error = {}});
}

std::deque<Message> Inbox::list(std::string_view to) const {
  const std::string wanted = core::contact_key(to);
  const std::lock_guard lock(mutex_);
  std::deque<Message> found;
  for (const Message& message : newest_first_) {
    if (to.empty() || core::contact_key(message.to) == wanted) found.push_back(message);
  }
  return found;
}

std::string Inbox::json(std::string_view to) const {
  std::string out;
  wire::JsonWriter json(out);
  json.begin_object().key("messages").begin_array();
  for (const Message& message : list(to)) write(message, json);
  json.end_array().end_object();
  return out;
}

}  // namespace disburse::notify

// Every dialect's requests, through the real front door, dialects and engine (door.hpp): one answer
// of the dialect's shape, never our own mistake, nothing stored outside the limits, no secret told
// and none needed but those that were sent.
#include <algorithm>
#include <string>

#include "core/limits.hpp"
#include "core/recipient.hpp"
#include "fuzz/door.hpp"
#include "fuzz/oracle.hpp"
#include "fuzz/page.hpp"
#include "fuzz/targets.hpp"
#include "wire/json.hpp"

namespace disburse::fuzz {
namespace {

namespace limits = core::limits;

constexpr int kStatuses[] = {200, 201, 202, 204, 302, 303, 304, 307, 400, 401,
                             403, 404, 405, 409, 413, 415, 422, 429, 501};

bool starts_with_one_of(const wire::JsonDocument& json, std::string_view field) {
  return json.find(field) != nullptr;
}

// The envelope that every answer of the dialect comes in.
void check_shape(std::string_view dialect, const wire::Response& response,
                 const wire::JsonDocument& json) {
  const bool good = response.status < 400;
  if (dialect == "instantpay") {
    require(starts_with_one_of(json, "statuscode") && starts_with_one_of(json, "ipay_uuid"),
            "this dialect has one envelope", response.body);
  } else if (dialect == "razorpay" && !good) {
    const wire::JsonValue* error = json.find("error");
    require(
        error != nullptr && error->find("code") != nullptr && error->find("description") != nullptr,
        "an error has code and description", response.body);
  } else if (dialect == "payu") {
    const bool token = json.find("access_token") != nullptr || json.find("error") != nullptr;
    require(token || json.find("status") != nullptr || json.find("timestamp") != nullptr,
            "an answer has a status", response.body);
  } else if (dialect == "house" && !good) {
    const wire::JsonValue* status = json.find("status");
    require(status != nullptr && status->text() == std::to_string(response.status) &&
                json.find("code") != nullptr && json.find("title") != nullptr,
            "a problem says what it is", response.body);
  }
}

void check_answer(Door& door, const Asked& asked, const wire::Response& response) {
  require(
      std::find(std::begin(kStatuses), std::end(kStatuses), response.status) != std::end(kStatuses),
      "the status is a documented one", std::to_string(response.status) + response.body);
  for (const auto& [name, value] : response.headers) {
    require(name.find_first_of(" \r\n:") == std::string::npos, "a header's name is a word", name);
    require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
            "a header's value is one line", value);
  }
  std::string told = response.body;
  for (const auto& [name, value] : response.headers) told += "\n" + value;
  require(door.leaked(asked, told).empty(), "an answer tells no secret", told);
  const bool json_type = response.content_type.find("json") != std::string_view::npos;
  if (json_type && !response.body.empty()) {
    const auto json = wire::parse_json(response.body);
    require(json && json->root().is_object(), "an answer is one JSON object", response.body);
    check_shape(door.owner(asked), response, *json);
  }
  if (response.content_type.starts_with("text/html")) check_page(response.body);
}

void check_text(std::string_view what, std::string_view text, std::size_t most, bool lines) {
  require(text.size() <= most, "a stored text has a limit", what);
  require(core::is_clean_text(text, lines), "a stored text is clean", what);
}

void check_link(const core::Link& link) {
  require(link.amount.paise() > 0 && link.amount.paise() <= limits::kLargestLinkPaise,
          "a stored amount is within the limits", std::to_string(link.amount.paise()));
  // A limit is of characters, and one has at most four bytes.
  check_text("reference", link.reference, 4 * limits::kReferenceLength, false);
  check_text("purpose", link.purpose, 4 * limits::kPurposeLength, false);
  check_text("description", link.description, 4 * limits::kDescriptionLength, true);
  require(link.methods != 0, "a link can be paid in some way");
  require(link.notes.size() <= limits::kNotes, "notes have a limit");
  for (const auto& [key, value] : link.notes) {
    check_text("note's key", key, 4 * limits::kNoteKeyLength, true);
    check_text("note", value, 4 * limits::kNoteValueLength, true);
  }
  if (link.activates_at && link.expires_at && link.version == 1)
    require(*link.activates_at < *link.expires_at, "a link begins before it ends");
  if (link.expires_at) {
    require(*link.expires_at <= link.created_at + limits::kLongestLinkLife + std::chrono::hours(24),
            "a link's life has a limit");
  }
}

void check_contact(const core::Contact& contact) {
  check_text("contact's name", contact.name, 4 * limits::kNameLength, false);
  check_text("phone", contact.phone, limits::kPhoneLength, false);
  check_text("email", contact.email, limits::kEmailLength, false);
  require(contact.email.empty() || core::parse_email(contact.email).has_value(),
          "a stored address is one", contact.email);
}

void check_account(const core::FundAccount& account) {
  const bool bank = account.method == core::PayMethod::bank;
  require(core::parse_holder_name(account.holder_name).has_value() || !bank,
          "a stored holder has a name", account.holder_name);
  if (bank) {
    require(core::parse_account_number(account.account_number.expose()).has_value() &&
                core::parse_ifsc(account.ifsc).has_value(),
            "a stored account is one");
  } else {
    require(core::parse_vpa(account.vpa.expose()).has_value(), "a stored UPI id is one");
  }
}

void check_committed(const Door& door, const Asked& asked, const wire::Response& response) {
  const core::Changes& changes = door.committed();
  for (const core::Link& link : changes.links) check_link(link);
  for (const core::Contact& contact : changes.contacts) check_contact(contact);
  for (const core::FundAccount& account : changes.fund_accounts) check_account(account);
  for (const core::Endpoint& endpoint : changes.endpoints)
    check_text("webhook URL", endpoint.url, limits::kWebhookUrlLength, false);
  require(changes.links.size() <= 1 && changes.payouts.size() <= 1,
          "one request is about one link");
  const bool made = std::any_of(changes.links.begin(), changes.links.end(),
                                [](const core::Link& link) { return link.version == 1; });
  const bool cancelled =
      std::any_of(changes.links.begin(), changes.links.end(),
                  [](const core::Link& link) { return link.state == core::LinkState::cancelled; });
  if (made || cancelled || !changes.endpoints.empty())
    require(door.has_secret(asked.whole()), "only who has a secret makes, cancels and listens");
  if (made || !changes.payouts.empty())
    require(response.status < 400, "what is refused changes nothing", response.body);
}

void run(Door& door, std::string_view input) {
  const auto asked = door.read(input);
  if (!asked) return;
  const wire::Response response = door.ask(*asked);
  check_answer(door, *asked, response);
  check_committed(door, *asked, response);
}

}  // namespace

void fuzz_payu(std::string_view input) {
  static Door door("payu");
  run(door, input);
}

void fuzz_razorpay(std::string_view input) {
  static Door door("razorpay");
  run(door, input);
}

void fuzz_instantpay(std::string_view input) {
  static Door door("instantpay");
  run(door, input);
}

void fuzz_house(std::string_view input) {
  static Door door("house");
  run(door, input);
}

// The recipient has no credentials but the link.
void fuzz_claim_page(std::string_view input) {
  static Door door("house", Door::Credentials::none);
  run(door, input);
}

}  // namespace disburse::fuzz

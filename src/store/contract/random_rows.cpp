#include "store/contract/random_rows.hpp"

#include <array>

namespace disburse::store {

std::uint64_t RandomRows::next_id() { return last_id_ += 1 + below(1'000); }

core::Instant RandomRows::instant() {
  return core::Instant::from_ms(1'700'000'000'000 + static_cast<std::int64_t>(below(10'000'000)));
}

std::optional<core::Instant> RandomRows::maybe_instant() {
  return coin() ? std::optional(instant()) : std::nullopt;
}

core::Money RandomRows::money() {
  return *core::Money::from_paise(static_cast<std::int64_t>(below(100'000'000'00)));
}

std::string RandomRows::text(std::size_t longest) {
  constexpr std::array<std::string_view, 12> kPieces = {"a", "B", "7",  " ", "'", "\"",
                                                        "%", "_", "\\", "ß", "आ", "😀"};
  std::string out;
  for (std::uint64_t count = below(longest + 1); count > 0; --count) {
    out += kPieces[below(kPieces.size())];
  }
  return out;
}

std::string RandomRows::bytes(std::size_t longest) {
  std::string out(below(longest + 1), '\0');
  for (char& c : out) c = static_cast<char>(below(256));
  return out;
}

std::string RandomRows::phone() {
  std::string digits = coin() ? "+91" : "";
  digits += std::to_string(6'000'000'000 + below(4'000'000'000));
  return digits;
}

std::string RandomRows::email() {
  return "Person" + std::to_string(below(1'000'000'000)) + "@Example.com";
}

std::vector<std::string> RandomRows::texts() {
  std::vector<std::string> out;
  for (std::uint64_t count = below(4); count > 0; --count) out.push_back(text());
  return out;
}

core::Notes RandomRows::pairs() {
  core::Notes out;
  for (std::uint64_t count = below(4); count > 0; --count) out.emplace_back(text(), text(100));
  return out;
}

core::OtpState RandomRows::otp() {
  if (coin()) return {};
  return {.nonce = random_.next_u64(),
          .channel = coin() ? core::Channel::sms : core::Channel::email,
          .sent_at = instant(),
          .wrong_tries = static_cast<std::uint32_t>(below(6)),
          .sends = static_cast<std::uint32_t>(below(10)),
          .window_start = instant(),
          .locked_until = instant(),
          .proven = random_.next_u64(),
          .proven_at = instant()};
}

core::Merchant RandomRows::merchant(std::uint32_t number) {
  core::Merchant row;
  row.id = {number};
  row.name = text();
  row.mode = any(core::Mode::live);
  row.account_number = text();
  row.allowed_addresses = texts();
  row.settings = {.hold = any(core::HoldAt::issue),
                  .otp = any(core::OtpRule::as_asked),
                  .link_life = core::Duration(below(1'000'000)),
                  .expiry_feature = coin(),
                  .approval_above = coin() ? std::optional(money()) : std::nullopt,
                  .purposes = texts(),
                  .contact_types = texts(),
                  .support_contact = text()};
  row.created_at = instant();
  return row;
}

core::Contact RandomRows::contact(core::MerchantId merchant) {
  return {.merchant = merchant,
          .id = id<core::ContactId>(),
          .name = text(),
          .type = text(),
          .phone = coin() ? phone() : "",
          .email = coin() ? email() : "",
          .created_at = instant()};
}

core::FundAccount RandomRows::fund_account(const core::Contact& contact) {
  const bool bank = coin();
  return {.merchant = contact.merchant,
          .id = id<core::FundAccountId>(),
          .contact = contact.id,
          .method = bank ? core::PayMethod::bank : core::PayMethod::upi,
          .holder_name = text(),
          .account_number = core::SecretText(bank ? phone() : ""),
          .ifsc = bank ? "HDFC0000001" : "",
          .vpa = core::SecretText(bank ? "" : email()),
          .created_at = instant()};
}

core::Link RandomRows::link(const core::Contact& contact) {
  core::Link row;
  row.merchant = contact.merchant;
  row.id = id<core::LinkId>();
  row.version = 1;
  row.state = static_cast<core::LinkState>(1 + below(8));
  row.amount = money();
  row.dialect = text();
  row.variant = text();
  row.reference = coin() ? text() : "";
  row.purpose = text();
  row.description = text(200);
  row.contact = contact.id;
  row.methods = static_cast<core::PayMethods>(below(16));
  row.otp_required = coin();
  row.verify_beneficiary = coin();
  row.send_sms = coin();
  row.send_email = coin();
  row.held = coin();
  row.attempts = static_cast<std::uint32_t>(below(5));
  row.notices = static_cast<std::uint32_t>(below(5));
  row.history = static_cast<std::uint32_t>(below(5));
  row.notes = pairs();
  row.otp = otp();
  row.created_at = instant();
  row.activates_at = maybe_instant();
  row.expires_at = maybe_instant();
  row.cancelled_at = maybe_instant();
  row.expired_at = maybe_instant();
  row.updated_at = instant();
  return row;
}

core::Payout RandomRows::payout(const core::Link& link, const core::FundAccount& account) {
  core::Payout row;
  row.merchant = link.merchant;
  row.id = id<core::PayoutId>();
  row.version = 1;
  row.link = link.id;
  row.fund_account = account.id;
  row.state = static_cast<core::PayoutState>(1 + below(core::kPayoutStateCount - 1));
  row.amount = money();
  row.mode = text();
  row.rail = text();
  row.key = text();
  row.utr = text();
  row.reason = text();
  row.reason_text = text();
  row.verified_name = text();
  row.created_at = instant();
  row.sent_at = maybe_instant();
  row.ended_at = maybe_instant();
  return row;
}

core::History RandomRows::history(const core::Link& link, std::uint32_t number) {
  return {.merchant = link.merchant,
          .link = link.id,
          .number = number,
          .kind = any(core::HistoryKind::bank_contradicted),
          .event = any(core::LinkEvent::payout_reversed),
          .from = any(core::LinkState::expired),
          .to = any(core::LinkState::expired),
          .at = instant(),
          .actor = text(),
          .note = text(),
          .payout = core::PayoutId{below(1'000)},
          .fund_account = core::FundAccountId{below(1'000)}};
}

core::Posting RandomRows::posting(const core::Link& link, core::PayoutId payout) {
  return {.merchant = link.merchant,
          .id = next_id(),
          .move = any(core::LedgerMove::reverse),
          .amount = money(),
          .link = link.id,
          .payout = payout,
          .at = instant()};
}

core::Balances RandomRows::balances(core::MerchantId merchant, std::uint32_t version) {
  return {.merchant = merchant,
          .version = version,
          .deposited = money().paise(),
          .available = money().paise(),
          .held = money().paise(),
          .paid = money().paise()};
}

core::Task RandomRows::task(core::MerchantId merchant) {
  core::Task row;
  row.merchant = merchant;
  row.id = id<core::TaskId>();
  row.kind = any(core::TaskKind::deliver);
  row.due_at = instant();
  row.tries = static_cast<std::uint32_t>(below(9));
  row.link = core::LinkId{below(1'000)};
  row.payout = core::PayoutId{below(1'000)};
  row.delivery = core::DeliveryId{below(1'000)};
  row.topic = any(core::Topic::payout_reversed);
  row.at = instant();
  row.state = any(core::LinkState::expired);
  row.attempts = static_cast<std::uint32_t>(below(9));
  row.fund_account = core::FundAccountId{below(1'000)};
  row.notice = any(core::Notice::link_failed);
  row.channel = coin() ? core::Channel::sms : core::Channel::email;
  row.otp_nonce = random_.next_u64();
  return row;
}

core::Endpoint RandomRows::endpoint(core::MerchantId merchant) {
  return {.merchant = merchant,
          .id = id<core::EndpointId>(),
          .dialect = text(),
          .url = text(200),
          .secret = core::SecretText(text()),
          .authorization = core::SecretText(text()),
          .events = texts(),
          .all_links = coin(),
          .created_at = instant(),
          .disabled_at = maybe_instant()};
}

core::Delivery RandomRows::delivery(const core::Link& link, core::EndpointId endpoint) {
  return {.merchant = link.merchant,
          .link = link.id,
          .endpoint = endpoint,
          .id = id<core::DeliveryId>(),
          .state = any(core::DeliveryState::given_up),
          .event = text(),
          .event_id = text(),
          .method = coin() ? "POST" : "GET",
          .url = text(100),
          .headers = pairs(),
          .body = bytes(5'000),
          .secret = core::SecretText(text()),
          .authorization = core::SecretText(text()),
          .tries = static_cast<std::uint32_t>(below(9)),
          .created_at = instant(),
          .due_at = instant(),
          .replay_of = core::DeliveryId{below(1'000)}};
}

core::Attempt RandomRows::attempt(const core::Delivery& delivery, std::uint32_t number) {
  return {.merchant = delivery.merchant,
          .delivery = delivery.id,
          .number = number,
          .at = instant(),
          .took = core::Duration(below(30'000)),
          .status = static_cast<int>(below(600)),
          .answer = bytes(4'096),
          .error = text(),
          .acknowledged = coin()};
}

core::StoredReply RandomRows::reply(core::MerchantId merchant) {
  return {.merchant = merchant,
          .key = std::to_string(next_id()) + bytes(),
          .request_hash = bytes(),
          .status = static_cast<int>(below(600)),
          .content_type = text(),
          .body = bytes(3'000),
          .at = instant()};
}

core::Counter RandomRows::counter(core::MerchantId merchant) {
  return {.merchant = merchant,
          .key = std::to_string(next_id()) + bytes(),
          .window_start = instant(),
          .count = static_cast<std::uint32_t>(below(100))};
}

core::Credential RandomRows::credential(core::MerchantId merchant) {
  return {.id = id<core::CredentialId>(),
          .merchant = merchant,
          .dialect = text(),
          .kind = text(),
          .name = text() + std::to_string(next_id()),
          .secret_hash = bytes(),
          .readable_secret = core::SecretText(coin() ? bytes() : ""),
          .created_at = instant(),
          .revoked_at = maybe_instant()};
}

core::RefreshToken RandomRows::refresh_token(core::MerchantId merchant) {
  return {.hash = std::to_string(next_id()) + bytes(),
          .merchant = merchant,
          .credential = core::CredentialId{below(1'000)},
          .scope = text(),
          .expires_at = instant(),
          .used = coin()};
}

core::AuditRow RandomRows::audit(core::MerchantId merchant) {
  return {.id = next_id(),
          .at = instant(),
          .merchant = merchant,
          .actor = text(),
          .act = text(),
          .detail = text(),
          .hash = bytes()};
}

}  // namespace disburse::store

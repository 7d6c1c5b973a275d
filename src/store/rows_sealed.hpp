// Merchants, people, accounts and webhooks: rows of which a part is sealed. Included only where the
// functions of rows.hpp are made for a store.
//
// Threads: as the Run's connection.
#pragma once

#include "core/recipient.hpp"
#include "store/pack.hpp"
#include "store/row_parts.hpp"
#include "store/rows.hpp"
#include "store/stored_numbers.hpp"

namespace disburse::store {

template <class Run>
void bind_bytes(Run& run, const sys::Bytes& bytes) {
  run.bind_copy(Blob{sys::ByteView(bytes).text()});
}

template <class Run>
void bind_merchant(Run& run, const core::Merchant& merchant) {
  const core::Settings& settings = merchant.settings;
  run.bind_all(merchant.id, merchant.name, merchant.mode, merchant.account_number);
  run.bind_copy(Blob{pack_texts(merchant.allowed_addresses)});
  run.bind_all(settings.hold, settings.otp, std::int64_t{settings.link_life.count()},
               settings.expiry_feature);
  if (settings.approval_above)
    run.bind(*settings.approval_above);
  else
    run.null();
  run.bind_copy(Blob{pack_texts(settings.purposes)});
  run.bind_copy(Blob{pack_texts(settings.contact_types)});
  run.bind_all(settings.support_contact, merchant.created_at);
}

template <class Run>
core::Result<core::Merchant> read_merchant(Run& run) {
  core::Merchant merchant;
  core::Settings& settings = merchant.settings;
  merchant.id = run.merchant();
  merchant.name = run.text();
  merchant.mode = run.number(core::Mode::live);
  merchant.account_number = run.text();
  merchant.allowed_addresses = TRY(unpack_texts(run.bytes()));
  settings.hold = run.number(core::HoldAt::issue);
  settings.otp = run.number(core::OtpRule::as_asked);
  settings.link_life = core::Duration(run.i64());
  settings.expiry_feature = run.flag();
  const bool approval = !run.is_null();
  const core::Money above = run.money();
  if (approval) settings.approval_above = above;
  settings.purposes = TRY(unpack_texts(run.bytes()));
  settings.contact_types = TRY(unpack_texts(run.bytes()));
  settings.support_contact = run.text();
  merchant.created_at = run.instant();
  CHECK(run.readable());
  return merchant;
}

template <class Run>
void bind_contact(Run& run, const core::Contact& contact, const Vault::NewKey& key,
                  const Vault& vault) {
  const auto hash = [&vault, &contact](const std::string& text) {
    return vault.contact_hash(contact.merchant, core::contact_key(text));
  };
  run.bind_all(contact.merchant, contact.id, contact.name, contact.type, hash(contact.phone),
               hash(contact.email));
  bind_bytes(run, key.wrapped);
  bind_bytes(run,
             vault.seal(key.key, Sealed::contact, {contact.merchant, contact.id}, contact.id.value,
                        Packer().text(contact.phone).text(contact.email).take()));
  run.bind(contact.created_at);
}

template <class Run>
core::Result<core::Contact> read_contact(Run& run, const Vault& vault) {
  core::Contact contact;
  contact.merchant = run.merchant();
  contact.id = run.template id<core::ContactId>();
  contact.name = run.text();
  contact.type = run.text();
  run.i64();  // the hashes are for lists only
  run.i64();
  const std::string_view wrapped = run.bytes();
  const std::string_view sealed = run.bytes();
  contact.created_at = run.instant();
  CHECK(run.readable());
  if (wrapped.empty()) return contact;  // erased
  const Vault::Recipient recipient{contact.merchant, contact.id};
  const sys::SecretKey key = TRY(vault.unwrap(recipient, wrapped));
  const std::string details =
      TRY(vault.open(key, Sealed::contact, recipient, contact.id.value, sealed));
  Unpacker unpacker(details);
  contact.phone = unpacker.text();
  contact.email = unpacker.text();
  CHECK(unpacker.finish());
  return contact;
}

template <class Run>
void bind_fund_account(Run& run, const core::FundAccount& account, const sys::SecretKey& key,
                       const Vault& vault) {
  run.bind_all(account.merchant, account.id, account.contact, account.method, account.ifsc);
  const std::string details = Packer()
                                  .text(account.account_number.expose())
                                  .text(account.vpa.expose())
                                  .text(account.holder_name)
                                  .take();
  bind_bytes(run, vault.seal(key, Sealed::fund_account, {account.merchant, account.contact},
                             account.id.value, details));
  run.bind(account.created_at);
}

template <class Run>
core::Result<core::FundAccount> read_fund_account(Run& run, const Vault& vault) {
  core::FundAccount account;
  account.merchant = run.merchant();
  account.id = run.template id<core::FundAccountId>();
  account.contact = run.template id<core::ContactId>();
  account.method = static_cast<core::PayMethod>(run.u32());
  account.ifsc = run.text();
  const std::string_view sealed = run.bytes();
  account.created_at = run.instant();
  const std::string_view wrapped = run.bytes();
  CHECK(run.readable());
  if (wrapped.empty()) return account;  // erased
  const Vault::Recipient recipient{account.merchant, account.contact};
  const sys::SecretKey key = TRY(vault.unwrap(recipient, wrapped));
  const std::string details =
      TRY(vault.open(key, Sealed::fund_account, recipient, account.id.value, sealed));
  Unpacker unpacker(details);
  account.account_number = core::SecretText(unpacker.text());
  account.vpa = core::SecretText(unpacker.text());
  account.holder_name = unpacker.text();
  CHECK(unpacker.finish());
  return account;
}

template <class Run>
void bind_endpoint(Run& run, const core::Endpoint& endpoint, const Vault& vault) {
  run.bind_all(endpoint.merchant, endpoint.id, endpoint.dialect, endpoint.url);
  bind_bytes(run, vault.seal(Sealed::endpoint, endpoint.merchant, row_name(endpoint.id.value),
                             pack_secrets(endpoint.secret, endpoint.authorization)));
  run.bind_copy(Blob{pack_texts(endpoint.events)});
  run.bind_all(endpoint.all_links, endpoint.created_at, endpoint.disabled_at);
}

template <class Run>
core::Result<core::Endpoint> read_endpoint(Run& run, const Vault& vault) {
  core::Endpoint endpoint;
  endpoint.merchant = run.merchant();
  endpoint.id = run.template id<core::EndpointId>();
  endpoint.dialect = run.text();
  endpoint.url = run.text();
  const std::string secrets = TRY(
      vault.open(Sealed::endpoint, endpoint.merchant, row_name(endpoint.id.value), run.bytes()));
  Unpacker unpacker(secrets);
  endpoint.secret = core::SecretText(unpacker.text());
  endpoint.authorization = core::SecretText(unpacker.text());
  CHECK(unpacker.finish());
  endpoint.events = TRY(unpack_texts(run.bytes()));
  endpoint.all_links = run.flag();
  endpoint.created_at = run.instant();
  endpoint.disabled_at = run.maybe_instant();
  CHECK(run.readable());
  return endpoint;
}

template <class Run>
void bind_delivery(Run& run, const core::Delivery& delivery, const Vault& vault) {
  const std::string row = row_name(delivery.id.value);
  run.bind_all(delivery.merchant, delivery.id, delivery.link, delivery.endpoint, delivery.state,
               delivery.event, delivery.event_id);
  bind_bytes(run, vault.seal(Sealed::delivery, delivery.merchant, row, pack_target(delivery)));
  bind_bytes(run, vault.seal(Sealed::delivery_body, delivery.merchant, row, delivery.body));
  run.bind_all(delivery.tries, delivery.created_at, delivery.due_at, delivery.replay_of);
}

template <class Run>
core::Result<core::Delivery> read_delivery(Run& run, const Vault& vault) {
  core::Delivery delivery;
  delivery.merchant = run.merchant();
  delivery.id = run.template id<core::DeliveryId>();
  const std::string row = row_name(delivery.id.value);
  delivery.link = run.template id<core::LinkId>();
  delivery.endpoint = run.template id<core::EndpointId>();
  delivery.state = run.number(core::DeliveryState::given_up);
  delivery.event = run.text();
  delivery.event_id = run.text();
  const std::string target = TRY(vault.open(Sealed::delivery, delivery.merchant, row, run.bytes()));
  CHECK(unpack_target(target, delivery));
  const std::string_view body = run.bytes();
  if (!body.empty()) {
    delivery.body = TRY(vault.open(Sealed::delivery_body, delivery.merchant, row, body));
  }
  delivery.tries = run.u32();
  delivery.created_at = run.instant();
  delivery.due_at = run.instant();
  delivery.replay_of = run.template id<core::DeliveryId>();
  CHECK(run.readable());
  return delivery;
}

template <class Run>
void bind_attempt(Run& run, const core::Attempt& attempt, const Vault& vault) {
  run.bind_all(attempt.merchant, attempt.delivery, attempt.number, attempt.at,
               std::int64_t{attempt.took.count()}, attempt.status);
  bind_bytes(run, vault.seal(Sealed::attempt, attempt.merchant,
                             row_name(attempt.delivery.value, attempt.number),
                             Packer().text(attempt.answer).text(attempt.error).take()));
  run.bind(attempt.acknowledged);
}

template <class Run>
core::Result<core::Attempt> read_attempt(Run& run, const Vault& vault) {
  core::Attempt attempt;
  attempt.merchant = run.merchant();
  attempt.delivery = run.template id<core::DeliveryId>();
  attempt.number = run.u32();
  attempt.at = run.instant();
  attempt.took = core::Duration(run.i64());
  attempt.status = static_cast<int>(run.i64());
  const std::string answer =
      TRY(vault.open(Sealed::attempt, attempt.merchant,
                     row_name(attempt.delivery.value, attempt.number), run.bytes()));
  Unpacker unpacker(answer);
  attempt.answer = unpacker.text();
  attempt.error = unpacker.text();
  CHECK(unpacker.finish());
  attempt.acknowledged = run.flag();
  CHECK(run.readable());
  return attempt;
}

template <class Run>
void bind_stored_reply(Run& run, const core::StoredReply& reply, const Vault& vault) {
  run.bind(reply.merchant);
  run.bind_copy(Blob{vault.reply_hash(reply.merchant, reply.key)});
  run.bind_all(Blob{reply.key}, Blob{reply.request_hash}, reply.status, reply.content_type);
  bind_bytes(run, vault.seal(Sealed::stored_reply, reply.merchant, reply.key, reply.body));
  run.bind(reply.at);
}

template <class Run>
core::Result<core::StoredReply> read_stored_reply(Run& run, const Vault& vault) {
  core::StoredReply reply;
  reply.merchant = run.merchant();
  run.bytes();  // the hash of the key that comes next
  reply.key = run.text();
  reply.request_hash = run.text();
  reply.status = static_cast<int>(run.i64());
  reply.content_type = run.text();
  reply.body = TRY(vault.open(Sealed::stored_reply, reply.merchant, reply.key, run.bytes()));
  reply.at = run.instant();
  CHECK(run.readable());
  return reply;
}

template <class Run>
void bind_credential(Run& run, const core::Credential& credential, const Vault& vault) {
  run.bind_all(credential.dialect, credential.kind, credential.name, credential.id,
               credential.merchant, Blob{credential.secret_hash});
  bind_bytes(run, vault.seal(Sealed::credential, credential.merchant, row_name(credential.id.value),
                             credential.readable_secret.expose()));
  run.bind_all(credential.created_at, credential.revoked_at);
}

template <class Run>
core::Result<core::Credential> read_credential(Run& run, const Vault& vault) {
  core::Credential credential;
  credential.dialect = run.text();
  credential.kind = run.text();
  credential.name = run.text();
  credential.id = run.template id<core::CredentialId>();
  credential.merchant = run.merchant();
  credential.secret_hash = run.text();
  credential.readable_secret = core::SecretText(TRY(vault.open(
      Sealed::credential, credential.merchant, row_name(credential.id.value), run.bytes())));
  credential.created_at = run.instant();
  credential.revoked_at = run.maybe_instant();
  CHECK(run.readable());
  return credential;
}

template <class Run>
void bind_refresh_token(Run& run, const core::RefreshToken& token) {
  run.bind_all(Blob{token.hash}, token.merchant, token.credential, token.scope, token.expires_at,
               token.used);
}

template <class Run>
core::Result<core::RefreshToken> read_refresh_token(Run& run) {
  core::RefreshToken token;
  token.hash = run.text();
  token.merchant = run.merchant();
  token.credential = run.template id<core::CredentialId>();
  token.scope = run.text();
  token.expires_at = run.instant();
  token.used = run.flag();
  CHECK(run.readable());
  return token;
}

}  // namespace disburse::store

// What operators do: merchants, credentials, money in. Each act leaves an audit row, chained by
// hashes.
#include "core/draft.hpp"
#include "core/recipient.hpp"

namespace disburse::core {
namespace {

constexpr std::size_t kCredentialNameLength = 254;

void audit(Decision& decision, const Means& means, MerchantId merchant, std::string_view actor,
           std::string act, std::string detail) {
  AuditRow row;
  row.id = means.ids.make<TaskId>(means.now).value;
  row.at = means.now;
  row.merchant = merchant;
  row.actor = actor;
  row.act = std::move(act);
  row.detail = std::move(detail);
  row.hash = audit_hash(means.hash, means.last_audit_hash, row);
  decision.changes.audit.push_back(std::move(row));
  decision.changes.audit_after = means.last_audit_hash;
}

// Sixteen digits that no other merchant of this server has.
std::string made_account_number(MerchantId merchant) {
  const std::string number = std::to_string(merchant.value);
  const std::string_view prefix = "787878";
  return std::string(prefix) + std::string(10 - number.size(), '0') + number;
}

}  // namespace

std::string audit_hash(const KeyedHash& hash, std::string_view before, const AuditRow& row) {
  std::string text(before);
  for (const std::string& part :
       {std::to_string(row.id), std::to_string(row.at.ms()), std::to_string(row.merchant.value),
        row.actor, row.act, row.detail}) {
    text += '|';
    text += std::to_string(part.size());
    text += ':';
    text += part;
  }
  const KeyedHash::Hash sum = hash(text);
  return {sum.begin(), sum.end()};
}

Result<Decision> decide_deposit(const Deposit& command, const Loaded& loaded, const Means& means) {
  const Balances* before = loaded.balances(command.merchant);
  const Merchant* merchant = loaded.merchant(command.merchant);
  if (before == nullptr || merchant == nullptr) return fail(Code::merchant_not_found);
  if (command.amount.is_zero()) return fail(Code::amount_invalid, "amount");
  Decision decision;
  const Balances next = TRY(after(*before, LedgerMove::deposit, command.amount));
  Posting posting;
  posting.merchant = command.merchant;
  posting.id = means.ids.make<LinkId>(means.now).value;
  posting.move = LedgerMove::deposit;
  posting.amount = command.amount;
  posting.at = means.now;
  decision.changes.balances.push_back(next);
  decision.changes.postings.push_back(posting);
  audit(decision, means, command.merchant, command.actor, "deposit", rupees_text(command.amount));
  decision.reply = Reply{MerchantView{*merchant, next}};
  return decision;
}

Result<Decision> decide_create_merchant(const CreateMerchant& command, const Loaded&,
                                        const Means& means) {
  const bool named = !command.name.empty() && command.name.size() <= limits::kNameLength &&
                     is_clean_text(command.name);
  if (!named) return fail(Code::field_invalid, "name");
  Merchant merchant;
  merchant.id = means.next_merchant;
  merchant.name = command.name;
  merchant.mode = command.mode;
  merchant.account_number =
      command.account_number.empty() ? made_account_number(merchant.id) : command.account_number;
  merchant.allowed_addresses = command.allowed_addresses;
  merchant.settings = command.settings;
  merchant.created_at = means.now;
  Balances balances;
  balances.merchant = merchant.id;
  balances.version = 1;
  Decision decision;
  decision.changes.merchants.push_back(merchant);
  decision.changes.balances.push_back(balances);
  audit(decision, means, merchant.id, "operator", "create_merchant", merchant.name);
  decision.reply = Reply{MerchantView{std::move(merchant), balances}};
  return decision;
}

Result<Decision> decide_update_merchant(const UpdateMerchant& command, const Loaded& loaded,
                                        const Means& means) {
  const Merchant* before = loaded.merchant(command.merchant);
  const Balances* balances = loaded.balances(command.merchant);
  if (before == nullptr || balances == nullptr) return fail(Code::merchant_not_found);
  Merchant merchant = *before;
  if (command.settings) merchant.settings = *command.settings;
  if (command.allowed_addresses) merchant.allowed_addresses = *command.allowed_addresses;
  Decision decision;
  decision.changes.merchants.push_back(merchant);
  audit(decision, means, merchant.id, command.actor, "update_merchant", merchant.name);
  decision.reply = Reply{MerchantView{std::move(merchant), *balances}};
  return decision;
}

Result<Decision> decide_issue_credential(const IssueCredential& command, const Loaded& loaded,
                                         const Means& means) {
  Credential credential = command.credential;
  if (loaded.merchant(credential.merchant) == nullptr) return fail(Code::merchant_not_found);
  if (credential.name.empty() || credential.name.size() > kCredentialNameLength)
    return fail(Code::field_invalid, "name");
  if (loaded.credential(credential.dialect, credential.kind, credential.name) != nullptr) {
    return fail(Code::field_invalid, "name");
  }
  credential.id = means.ids.make<CredentialId>(means.now);
  credential.created_at = means.now;
  Decision decision;
  decision.changes.credentials.push_back(credential);
  audit(decision, means, credential.merchant, command.actor, "issue_credential",
        credential.dialect + " " + credential.kind + " " + credential.name);
  decision.reply = Reply{std::move(credential)};
  return decision;
}

Result<Decision> decide_revoke_credential(const RevokeCredential& command, const Loaded& loaded,
                                          const Means& means) {
  const Credential* before = loaded.credential(command.dialect, command.kind, command.name);
  if (before == nullptr) return fail(Code::credential_not_found);
  Decision decision;
  Credential revoked = *before;
  if (!revoked.revoked_at) revoked.revoked_at = means.now;
  decision.changes.credentials.push_back(revoked);
  audit(decision, means, revoked.merchant, command.actor, "revoke_credential",
        revoked.dialect + " " + revoked.kind + " " + revoked.name);
  decision.reply = Reply{std::move(revoked)};
  return decision;
}

Result<Decision> decide_issue_refresh_token(const IssueRefreshToken& command, const Loaded&,
                                            const Means&) {
  Decision decision;
  decision.changes.refresh_tokens.push_back(command.token);
  decision.reply = Reply{command.token};
  return decision;
}

Result<Decision> decide_use_refresh_token(const UseRefreshToken& command, const Loaded& loaded,
                                          const Means& means) {
  const RefreshToken* before = loaded.refresh_token(command.hash);
  if (before == nullptr || before->used || before->expires_at <= means.now)
    return fail(Code::credentials_invalid);
  RefreshToken used = *before;
  used.used = true;
  RefreshToken next = command.next;
  next.merchant = used.merchant;
  next.credential = used.credential;
  next.scope = used.scope;
  Decision decision;
  decision.changes.refresh_tokens.push_back(std::move(used));
  decision.changes.refresh_tokens.push_back(next);
  decision.reply = Reply{std::move(next)};
  return decision;
}

}  // namespace disburse::core

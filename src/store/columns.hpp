// The columns of every table, in the order in which rows.hpp binds and reads them. One text for
// every SQL store.
//
// Threads: constants.
#pragma once

#include <string>

namespace disburse::store {

inline const std::string kMerchantColumns =
    "merchant_id, name, mode, account_number, allowed_addresses, hold_at, otp_rule, "
    "link_life_ms, expiry_feature, approval_above_paise, purposes, contact_types, "
    "support_contact, created_at";
inline const std::string kBalancesColumns =
    "merchant_id, version, deposited_paise, available_paise, held_paise, paid_paise";
inline const std::string kLinkColumns =
    "merchant_id, link_id, version, state, amount_paise, dialect, variant, reference, purpose, "
    "description, contact_id, methods, otp_required, verify_beneficiary, send_sms, send_email, "
    "held, attempts, notices, history_rows, fund_account_id, payout_id, notes, otp, "
    "created_at, activates_at, expires_at, cancelled_at, expired_at, updated_at";
inline const std::string kReferenceColumns = "merchant_id, reference, link_id, only_link_id";
inline const std::string kContactColumns =
    "merchant_id, contact_id, name, type, phone_hash, email_hash, recipient_key, details, "
    "created_at";
inline const std::string kFundAccountColumns =
    "merchant_id, fund_account_id, contact_id, method, ifsc, details, created_at";
inline const std::string kPayoutColumns =
    "merchant_id, payout_id, version, link_id, fund_account_id, state, amount_paise, mode, "
    "rail, bank_key, utr, reason, reason_text, verified_name, created_at, sent_at, ended_at";
inline const std::string kHistoryColumns =
    "merchant_id, link_id, number, kind, event, from_state, to_state, happened_at, actor, "
    "note, payout_id, fund_account_id";
inline const std::string kPostingColumns =
    "merchant_id, posting_id, move, amount_paise, link_id, payout_id, posted_at";
inline const std::string kTaskColumns =
    "merchant_id, task_id, is_timer, kind, due_at, tries, link_id, payout_id, delivery_id, "
    "topic, happened_at, state, attempts, fund_account_id, notice, channel, otp_nonce, "
    "leased_until, leased_by";
inline const std::string kEndpointColumns =
    "merchant_id, endpoint_id, dialect, url, secrets, events, all_links, created_at, "
    "disabled_at";
inline const std::string kDeliveryColumns =
    "merchant_id, delivery_id, link_id, endpoint_id, state, event, event_id, target, body, "
    "tries, created_at, due_at, replay_of";
inline const std::string kAttemptColumns =
    "merchant_id, delivery_id, number, happened_at, took_ms, status, answer, acknowledged";
inline const std::string kStoredReplyColumns =
    "merchant_id, key_hash, reply_key, request_hash, status, content_type, body, replied_at";
inline const std::string kCounterColumns = "merchant_id, counter_key, window_start, count";
inline const std::string kCredentialColumns =
    "dialect, kind, name, credential_id, merchant_id, secret_hash, readable_secret, "
    "created_at, revoked_at";
inline const std::string kRefreshTokenColumns =
    "token_hash, merchant_id, credential_id, scope, expires_at, used";
inline const std::string kAuditColumns =
    "audit_id, happened_at, merchant_id, actor, act, detail, hash";

}  // namespace disburse::store

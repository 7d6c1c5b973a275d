// The numbers under which enums are stored. A number that has been stored is never given another
// meaning: new enumerators go to the end, and one that goes leaves its number empty. These lines do
// not compile after a change that renumbers; such a change needs a migration, or another place for
// the new enumerator.
//
// Threads: compile time only.
#pragma once

#include "core/changes.hpp"

namespace disburse::store {

template <class Enum>
constexpr int number_of(Enum value) {
  return static_cast<int>(value);
}

namespace stored {
using core::Channel;
using core::DeliveryState;
using core::HistoryKind;
using core::HoldAt;
using core::LedgerMove;
using core::LinkEvent;
using core::LinkState;
using core::Mode;
using core::Notice;
using core::OtpRule;
using core::PayMethod;
using core::PayoutState;
using core::TaskKind;
using core::Topic;

static_assert(number_of(LinkState::none) == 0 && number_of(LinkState::pending) == 1 &&
              number_of(LinkState::scheduled) == 2 && number_of(LinkState::issued) == 3 &&
              number_of(LinkState::processing) == 4 && number_of(LinkState::processed) == 5 &&
              number_of(LinkState::cancelled) == 6 && number_of(LinkState::rejected) == 7 &&
              number_of(LinkState::expired) == 8 && core::kLinkStateCount == 9);

static_assert(number_of(LinkEvent::create) == 0 && number_of(LinkEvent::create_for_approval) == 1 &&
              number_of(LinkEvent::create_for_later) == 2 && number_of(LinkEvent::approve) == 3 &&
              number_of(LinkEvent::approve_for_later) == 4 && number_of(LinkEvent::reject) == 5 &&
              number_of(LinkEvent::activate) == 6 && number_of(LinkEvent::claim) == 7 &&
              number_of(LinkEvent::cancel) == 8 && number_of(LinkEvent::expire) == 9 &&
              number_of(LinkEvent::extend) == 10 && number_of(LinkEvent::payout_settled) == 11 &&
              number_of(LinkEvent::payout_failed) == 12 &&
              number_of(LinkEvent::payout_reversed) == 13 && core::kLinkEventCount == 14);

static_assert(number_of(Topic::none) == 0 && number_of(Topic::link_pending) == 1 &&
              number_of(Topic::link_scheduled) == 2 && number_of(Topic::link_issued) == 3 &&
              number_of(Topic::link_rejected) == 4 && number_of(Topic::link_processing) == 5 &&
              number_of(Topic::link_processed) == 6 && number_of(Topic::link_attempted) == 7 &&
              number_of(Topic::link_cancelled) == 8 && number_of(Topic::link_expired) == 9 &&
              number_of(Topic::payout_reversed) == 10 && core::kTopicCount == 11);

static_assert(number_of(PayoutState::none) == 0 && number_of(PayoutState::created) == 1 &&
              number_of(PayoutState::pending) == 2 && number_of(PayoutState::scheduled) == 3 &&
              number_of(PayoutState::queued) == 4 && number_of(PayoutState::sent) == 5 &&
              number_of(PayoutState::unknown) == 6 && number_of(PayoutState::settled) == 7 &&
              number_of(PayoutState::refused) == 8 && number_of(PayoutState::reversed) == 9 &&
              number_of(PayoutState::cancelled) == 10 && core::kPayoutStateCount == 11);

// kind 2 is also in the index task_queued; is_timer() is a column of its own.
static_assert(number_of(TaskKind::expire_link) == 0 && number_of(TaskKind::activate_link) == 1 &&
              number_of(TaskKind::retry_queued) == 2 && number_of(TaskKind::announce) == 3 &&
              number_of(TaskKind::notify) == 4 && number_of(TaskKind::verify) == 5 &&
              number_of(TaskKind::pay) == 6 && number_of(TaskKind::deliver) == 7);

static_assert(number_of(Notice::none) == 0 && number_of(Notice::link_issued) == 1 &&
              number_of(Notice::otp) == 2 && number_of(Notice::link_paid) == 3 &&
              number_of(Notice::link_failed) == 4);
static_assert(number_of(Channel::sms) == 1 && number_of(Channel::email) == 2);
static_assert(number_of(PayMethod::bank) == 1 && number_of(PayMethod::upi) == 2 &&
              number_of(PayMethod::wallet) == 4 && number_of(PayMethod::card) == 8);
static_assert(number_of(Mode::test) == 0 && number_of(Mode::live) == 1);
static_assert(number_of(HoldAt::claim) == 0 && number_of(HoldAt::issue) == 1);
static_assert(number_of(OtpRule::always) == 0 && number_of(OtpRule::as_asked) == 1);

static_assert(number_of(HistoryKind::changed) == 0 && number_of(HistoryKind::notified) == 1 &&
              number_of(HistoryKind::otp_sent) == 2 && number_of(HistoryKind::otp_wrong) == 3 &&
              number_of(HistoryKind::otp_locked) == 4 &&
              number_of(HistoryKind::otp_verified) == 5 &&
              number_of(HistoryKind::details_submitted) == 6 &&
              number_of(HistoryKind::beneficiary_verified) == 7 &&
              number_of(HistoryKind::beneficiary_refused) == 8 &&
              number_of(HistoryKind::payout_queued) == 9 &&
              number_of(HistoryKind::payout_sent) == 10 &&
              number_of(HistoryKind::payout_unknown) == 11 &&
              number_of(HistoryKind::bank_contradicted) == 12);

static_assert(number_of(LedgerMove::deposit) == 0 && number_of(LedgerMove::hold) == 1 &&
              number_of(LedgerMove::release) == 2 && number_of(LedgerMove::settle) == 3 &&
              number_of(LedgerMove::reverse) == 4);
static_assert(number_of(DeliveryState::waiting) == 0 && number_of(DeliveryState::due) == 1 &&
              number_of(DeliveryState::delivered) == 2 && number_of(DeliveryState::given_up) == 3);
}  // namespace stored

}  // namespace disburse::store

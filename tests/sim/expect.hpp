// What a call must come to when nothing else is under way, told from the stored rows by the rules
// of docs/lifecycle.md and the providers' pages. Written a second time here: it shares no line with
// the program's decisions.
//
// Threads: one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/command.hpp"
#include "sim/model.hpp"

namespace disburse::sim {

// The one-time passwords of a link, as its history tells them.
struct OtpReading {
  bool open = false;
  std::uint32_t wrong = 0;  // since the last right one, or the last lock
  std::uint32_t sends = 0;
  core::Instant sent_at;
  core::Instant locked_until;
  std::optional<core::Instant> proven_at;  // by a right one, and not used up by a failed payout
};

inline constexpr std::uint32_t kWrongTries = 5;
inline constexpr auto kOtpLifetime = std::chrono::minutes(10);
inline constexpr auto kOtpPause = std::chrono::seconds(30);
inline constexpr auto kLockedFor = std::chrono::minutes(30);
inline constexpr auto kProofLifetime = std::chrono::minutes(30);

// Reads one row; the words say what it broke, or nothing.
std::string_view read_otp_row(const core::History& row, OtpReading& reading);
OtpReading read_otps(const core::Story& story);

// The state as a caller is told it at this time.
core::LinkState told_state(const core::Link& link, core::Instant now);

bool may_cancel(std::string_view dialect, const core::Link& link, core::Instant now);
bool may_extend(const core::Link& link, core::Instant to, core::Instant now);
bool may_send_otp(const core::Story& story, core::Instant now);
// With the digits that were sent last.
bool may_verify(const core::Story& story, core::Instant now);
bool may_submit(const KnownLink& known, const core::Story& story, const std::string& token,
                bool upi, core::Instant now);

// How a lookup names the state: a word, or PayU's code (empty while the link waits).
std::string_view status_word(std::string_view dialect, core::LinkState state);
// The same for the recipient.
std::string_view claim_word(core::LinkState state);

}  // namespace disburse::sim

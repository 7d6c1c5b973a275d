// A dialect: a provider's wire language, as data and pure functions. Request → Call and Reply →
// bytes. It knows no store, no clock and no socket. How to add one: docs/add-a-dialect.md.
//
// Threads: everything here is immutable; parse and render may run on several threads at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/command.hpp"
#include "core/error.hpp"
#include "core/public_id.hpp"
#include "wire/http.hpp"

namespace disburse::dialects {

// What a dialect is told beside the request.
struct Context {
  const core::PublicIds& ids;
  std::string_view public_url;  // "https://pay.example.com", without a slash at the end
  core::Instant now;
  bool sandbox = false;
  std::array<std::uint64_t, 2> random =
      {};  // fresh for each request; for request numbers, not for secrets
};

// Who is calling. No merchant on open routes.
struct Caller {
  const core::Merchant* merchant = nullptr;
  const core::Credential* credential = nullptr;
  std::string_view address;  // for limits: of IPv6 the network
};

// The values of a pattern's {names}, percent-decoded, in order of appearance.
struct PathArguments {
  std::array<std::pair<std::string_view, std::string>, 4> values;
  std::size_t count = 0;
  // Empty when there is none.
  std::string_view operator[](std::string_view name) const {
    for (std::size_t i = 0; i < count; ++i) {
      if (values[i].first == name) return values[i].second;
    }
    return {};
  }
};

// ---- signing in
// -------------------------------------------------------------------------------------------------

// What a request shows of who it is. `name` with `secret` is looked up as a credential of this
// dialect and kind; an empty name with a secret is an access token.
struct Presented {
  std::string kind;
  std::string name;
  core::SecretText secret;
};

// A token endpoint's call. The front door checks the secret and makes the tokens.
struct SignIn {
  enum class Grant : std::uint8_t { password, client, refresh } grant = Grant::client;
  std::string kind;  // of the credential
  std::string name;
  core::SecretText secret;
  core::SecretText refresh_token;
  std::string scope;
};
struct Tokens {
  core::SecretText access_token;
  core::SecretText refresh_token;  // empty: none
  core::Duration expires_in{0};
  core::Instant created_at;
  std::string scope;
  core::CredentialId credential;
  core::MerchantId merchant;
};

// ---- calls
// ------------------------------------------------------------------------------------------------------

struct Call {
  // A wire::Response is an answer that needs no engine: several field errors at once, an image, a
  // redirect.
  std::variant<core::Command, core::Query, SignIn, wire::Response> what;
  // The caller's idempotency key, empty when there is none. With one, the first reply's bytes are
  // kept and repeated.
  std::string idempotency_key = {};
};

using Answer = std::variant<core::Reply, Tokens>;

enum class Access : std::uint8_t {
  open,      // anybody
  merchant,  // credentials of this dialect
};

struct Route {
  wire::Method method;
  std::string_view pattern;  // "/v1/payout-links/{id}/cancel"
  Access access;
  core::Result<Call> (*parse)(const wire::Request&, const PathArguments&, const Caller&,
                              const Context&);
  // Gets the reply of what parse asked for, or an error of parse or of the engine.
  wire::Response (*render)(const core::Result<Answer>&, const wire::Request&, const PathArguments&,
                           const Caller&, const Context&);
  std::size_t body_limit = 0;  // bytes; 0: the server's
};

// ---- webhooks
// ------------------------------------------------------------------------------------------------------

struct Event {
  std::string name;                                        // the provider's
  std::string event_id;                                    // the same on every try; may be empty
  std::string body;                                        // the exact bytes; empty for GET
  std::vector<std::pair<std::string, std::string>> query;  // added to the endpoint's URL
  std::vector<std::pair<std::string, std::string>>
      headers;  // beside content-type and the two below
};

struct WebhookRules {
  std::string_view method = "POST";
  core::Duration time_limit{0};
  // Set: hex HMAC-SHA256 of the exact body under the endpoint's secret, in this header.
  std::string_view signature_header = {};
  // Set: the endpoint's authorization value, as it is, in this header.
  std::string_view authorization_header = {};
  // When to try again after `tries` failures, counted from now; none: give up.
  std::optional<core::Duration> (*retry_after)(std::uint32_t tries,
                                               core::Duration since_event) = nullptr;
  bool (*acknowledged)(const core::Delivery&, int status, std::string_view answer) = nullptr;
  bool giving_up_disables_endpoint = false;
};

// ---- the dialect
// ---------------------------------------------------------------------------------------------------

// A path under which this dialect's links open the claim page: "/i/{code}", or with the code in a
// query parameter.
struct ClaimPath {
  std::string_view pattern;
  std::string_view query_parameter = {};
};

// A way in that was just made: the only moment at which its secret is known.
struct NewCredential {
  std::string kind;
  std::string name;
  core::SecretText secret;
  bool is_password = false;  // hashed slowly
  // A secret that this server must be able to read again, kept beside (or instead of) the other.
  core::SecretText readable_secret = {};
};
using FreshBytes = std::span<const std::uint8_t, 256>;
using Sheet = std::vector<std::pair<std::string, std::string>>;

struct Dialect {
  std::string_view name;
  std::span<const Route> routes;
  std::span<const ClaimPath> claim_paths;
  // Paths under these prefixes get this dialect's answer for unknown paths and methods.
  std::span<const std::string_view> prefixes;
  Presented (*credentials)(const wire::Request&);
  // An answer for an error outside a route: unknown path, bad credentials, too large, draining.
  wire::Response (*refuse)(const core::Error&, const wire::Request&, const Context&);
  // The URL that the recipient gets.
  std::string (*link_url)(const core::Link&, const Context&);
  std::span<const std::string_view> event_names;
  // What a change of a link says in this language: none, one or several events. The view is as it
  // was then.
  std::vector<Event> (*events)(const core::Task& announcement, const core::LinkView&,
                               const core::Merchant&, const Context&);
  // Whether an endpoint gets the event, seen beside the merchant's other endpoints of this dialect.
  bool (*wants)(const core::Endpoint&, std::span<const core::Endpoint> all, std::string_view event);
  WebhookRules webhook;
  // One credential of each kind that the dialect takes, in the provider's shapes, from fresh random
  // bytes.
  std::vector<NewCredential> (*new_credentials)(const core::Merchant&, FreshBytes) = nullptr;
  // What a merchant must know to call this dialect, by name: the credentials and what goes with
  // them.
  Sheet (*sheet)(const core::Merchant&, std::span<const NewCredential>) = nullptr;
  // A call that makes a link, for a shell in which `get .path` reads sandbox.json and $URL is the
  // server; shown at the sandbox's start. Empty: none.
  std::string_view sample_call = {};
};

// The dialects that this program was built with (all.cpp). One line each.
std::span<const Dialect* const> all();
// nullptr when there is none of that name.
const Dialect* find(std::string_view name);

// True when a table of rows with a `.code` names every code exactly once:
// static_assert(covers(kRows)).
template <class Rows>
constexpr bool covers(const Rows& rows) {
  std::array<int, core::kCodeCount> seen{};
  for (const auto& row : rows) ++seen[static_cast<std::size_t>(row.code)];
  for (const int count : seen) {
    if (count != 1) return false;
  }
  return true;
}

// Endpoints that name no events get all; the others what they name. The rule of most dialects.
inline bool wants_named_or_all(const core::Endpoint& endpoint, std::span<const core::Endpoint>,
                               std::string_view event) {
  return endpoint.events.empty() ||
         std::find(endpoint.events.begin(), endpoint.events.end(), event) != endpoint.events.end();
}

}  // namespace disburse::dialects

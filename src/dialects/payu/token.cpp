#include "dialects/payu/token.hpp"

#include <chrono>

#include "dialects/payu/errors.hpp"
#include "dialects/payu/identifiers.hpp"
#include "dialects/payu/requests.hpp"
#include "wire/form.hpp"
#include "wire/json.hpp"

namespace disburse::dialects::payu {

using core::Code;
using core::fail;
using core::Result;

namespace {

struct OAuthError {
  std::string_view name;
  std::string_view description;
};

constexpr OAuthError kInvalidRequest = {
    "invalid_request",
    "The request is missing a required parameter, includes an unsupported parameter value, or is "
    "otherwise malformed."};
constexpr OAuthError kInvalidClient = {
    "invalid_client",
    "Client authentication failed due to unknown client, no client authentication included, or "
    "unsupported authentication method."};
constexpr OAuthError kUnsupportedGrant = {
    "unsupported_grant_type",
    "The authorization grant type is not supported by the authorization server."};
constexpr OAuthError kInvalidGrant = {
    "invalid_grant",
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection "
    "URI used in the authorization request, or was issued to another client."};
constexpr OAuthError kInvalidScope = {"invalid_scope",
                                      "The requested scope is invalid, unknown, or malformed."};

wire::Response without_caching(wire::Response response) {
  response.headers.emplace_back("cache-control", "no-store");  // RFC 6749, section 5.1
  return response;
}

// 401 for each of them: "Refresh Token API" page, which lists all with it.
wire::Response refuse_token(const OAuthError& error) {
  wire::Response response{.status = 401, .body = {}};
  wire::JsonWriter(response.body)
      .begin_object()
      .field("error", error.name)
      .field("error_description", error.description)
      .end_object();
  return without_caching(std::move(response));
}

Call answer_with(const OAuthError& error) { return Call{refuse_token(error)}; }

bool is_form(const wire::Request& request) {
  const std::string_view type = request.header("content-type");
  return wire::equal_ignoring_case(trimmed(type.substr(0, type.find(';'))),
                                   "application/x-www-form-urlencoded");
}

bool is_public_client(std::string_view id) {
  return id == kPublicTestClientId || id == kPublicLiveClientId;
}

// The refresh sample sends no scope, so an absent one is the only one there is.
bool is_scope(std::string_view scope) { return trimmed(scope).empty() || trimmed(scope) == kScope; }

SignIn sign_in(SignIn::Grant grant, std::string_view kind, std::string_view name,
               std::string_view secret) {
  return {.grant = grant,
          .kind = std::string(kind),
          .name = std::string(name),
          .secret = core::SecretText(std::string(secret)),
          .refresh_token = {},
          .scope = std::string(kScope)};
}

Call by_password(const wire::Form& form) {
  if (!is_public_client(form.get("client_id"))) return answer_with(kInvalidClient);
  const std::string_view username = form.get("username");
  const std::string_view password = form.get("password");
  if (username.empty() || password.empty()) return answer_with(kInvalidRequest);
  return Call{sign_in(SignIn::Grant::password, kUserKind, username, password)};
}

Call by_client(const wire::Form& form) {
  const std::string_view id = form.get("client_id");
  const std::string_view secret = form.get("client_secret");
  if (id.empty() || secret.empty()) return answer_with(kInvalidClient);
  return Call{sign_in(SignIn::Grant::client, kClientKind, id, secret)};
}

// Without a client secret: the same page says that it is optional here.
Call by_refresh_token(const wire::Form& form) {
  const std::string_view token = form.get("refresh_token");
  if (token.empty()) return answer_with(kInvalidRequest);
  if (!is_public_client(form.get("client_id"))) return answer_with(kInvalidClient);
  SignIn sign = sign_in(SignIn::Grant::refresh, kUserKind, {}, {});
  sign.refresh_token = core::SecretText(std::string(token));
  return Call{std::move(sign)};
}

std::int64_t seconds(core::Duration duration) {
  return std::chrono::floor<std::chrono::seconds>(duration).count();
}

// The private client's answer is shorter: nothing to refresh with, and no user.
wire::Response render_tokens(const Tokens& tokens, bool of_client) {
  wire::Response response{.body = {}};
  wire::JsonWriter json(response.body);
  json.begin_object()
      .field("access_token", tokens.access_token.expose())
      .field("token_type", "Bearer")
      .field("expires_in", seconds(tokens.expires_in));
  if (!of_client) json.field("refresh_token", tokens.refresh_token.expose());
  // Seconds, although PayU's field table says milliseconds: its samples are seconds.
  json.field("scope", kScope).field("created_at", tokens.created_at.seconds());
  if (!of_client) json.field("user_uuid", user_uuid(tokens.credential));
  json.end_object();
  return without_caching(std::move(response));
}

std::string grant_type(const wire::Request& request) {
  const auto form = wire::Form::parse(request.body);
  return form ? std::string(form->get("grant_type")) : std::string();
}

// A code of ours as the token server's refusal; none when it is not about the request.
const OAuthError* oauth_error(Code code, std::string_view grant) {
  switch (core::kind(code)) {
    case core::Kind::limited:
    case core::Kind::unavailable:
    case core::Kind::internal:
      return nullptr;
    case core::Kind::unauthorised:
    case core::Kind::not_found:
    case core::Kind::forbidden:
    case core::Kind::conflict:
      break;
    case core::Kind::bad_request:
      return &kInvalidRequest;
  }
  return grant == "client_credentials" ? &kInvalidClient : &kInvalidGrant;
}

}  // namespace

Result<Call> parse_token(const wire::Request& request, const PathArguments&, const Caller&,
                         const Context&) {
  if (!is_form(request)) return answer_with(kInvalidRequest);
  const wire::Form form = TRY(wire::Form::parse(request.body));
  const std::string_view grant = form.get("grant_type");
  if (grant.empty()) return answer_with(kInvalidRequest);

  const bool known =
      grant == "password" || grant == "client_credentials" || grant == "refresh_token";
  if (!known) return answer_with(kUnsupportedGrant);
  if (!is_scope(form.get("scope"))) return answer_with(kInvalidScope);
  if (grant == "password") return by_password(form);
  return grant == "client_credentials" ? by_client(form) : by_refresh_token(form);
}

wire::Response render_token(const Result<Answer>& answer, const wire::Request& request,
                            const PathArguments&, const Caller&, const Context& context) {
  const std::string grant = grant_type(request);
  if (!answer) {
    const OAuthError* error = oauth_error(answer.error().code, grant);
    return error == nullptr ? render_error(answer.error(), request, context) : refuse_token(*error);
  }
  const Tokens* tokens = std::get_if<Tokens>(&*answer);
  if (tokens == nullptr) return render_error({Code::internal_error}, request, context);
  return render_tokens(*tokens, grant == "client_credentials");
}

}  // namespace disburse::dialects::payu

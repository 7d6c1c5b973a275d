#include "dialects/instantpay/qr_image.hpp"

#include "dialects/instantpay/envelope.hpp"
#include "dialects/instantpay/ids.hpp"
#include "wire/qr.hpp"

namespace disburse::dialects::instantpay {

namespace {

using core::Code;
using core::Error;
using core::Result;

wire::Response no_image(const Error& error, const Caller& caller, const Context& context) {
  wire::Response response = seal_refusal(error, caller.merchant, context);
  response.status = core::kind(error.code) == core::Kind::not_found ? 404 : 503;
  return response;
}

}  // namespace

Result<Call> parse_qr(const wire::Request&, const PathArguments& path, const Caller&,
                      const Context& context) {
  const auto claim = core::parse_claim_code(context.ids, path["code"]);
  if (!claim) return core::fail(Code::id_malformed, "code");
  return Call{core::Query{core::FindClaim{.claim = *claim, .claim_token = {}}}};
}

wire::Response render_qr(const Result<Answer>& answer, const wire::Request&,
                         const PathArguments& path, const Caller& caller, const Context& context) {
  const Result<const core::ClaimView*> view = reply_as<core::ClaimView>(answer);
  if (!view) return no_image(view.error(), caller, context);
  Result<std::string> png = wire::qr_png(claim_url(path["code"], context));
  if (!png) return no_image(png.error(), caller, context);
  wire::Response response;
  response.content_type = "image/png";
  response.body = *std::move(png);
  return response;
}

}  // namespace disburse::dialects::instantpay

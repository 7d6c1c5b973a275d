// Senders from options.
#include "cli/messages.hpp"

namespace disburse::cli {
namespace {

using core::Code;

core::Result<notify::SmtpOptions> smtp_options(const Options& options) {
  notify::SmtpOptions smtp;
  smtp.url = options.smtp_url;
  smtp.username = options.smtp_username;
  smtp.password = options.smtp_password;
  smtp.from.address = options.smtp_from;
  if (options.smtp_start_tls == "off")
    smtp.start_tls = notify::StartTls::off;
  else if (options.smtp_start_tls == "when_offered")
    smtp.start_tls = notify::StartTls::when_offered;
  else if (options.smtp_start_tls != "required") {
    return core::fail(Code::configuration_invalid, "--smtp-start-tls",
                      "is off, when_offered or required");
  }
  CHECK(notify::check(smtp));
  return smtp;
}

core::Result<notify::HttpSmsOptions> sms_options(const Options& options) {
  notify::HttpSmsOptions sms;
  sms.url = options.sms_url;
  sms.method = options.sms_method == "GET" ? wire::Method::get : wire::Method::post;
  sms.body = options.sms_body;
  if (options.sms_body_kind == "form")
    sms.body_kind = notify::BodyKind::form;
  else if (options.sms_body_kind == "json")
    sms.body_kind = notify::BodyKind::json;
  else if (options.sms_body_kind != "none") {
    return core::fail(Code::configuration_invalid, "--sms-body-kind", "is none, form or json");
  }
  if (!options.sms_header.empty()) {
    const std::size_t colon = options.sms_header.find(": ");
    if (colon == std::string::npos)
      return core::fail(Code::configuration_invalid, "--sms-header", "is \"Name: value\"");
    sms.headers.emplace_back(options.sms_header.substr(0, colon),
                             options.sms_header.substr(colon + 2));
  }
  sms.success_text = options.sms_success_text;
  if (options.sandbox) sms.addresses = wire::AddressRule::any;
  CHECK(notify::check(sms));
  return sms;
}

}  // namespace

core::Result<std::unique_ptr<Messages>> make_messages(const Options& options,
                                                      wire::HttpClient& http) {
  auto messages = std::make_unique<Messages>();
  if (!options.smtp_url.empty())
    messages->smtp = std::make_unique<notify::Smtp>(TRY(smtp_options(options)));
  if (!options.sms_url.empty()) {
    const auto send = [&http](wire::OutgoingRequest request,
                              std::function<void(wire::OutgoingAnswer)> answer) {
      http.send(std::move(request), std::move(answer));
    };
    messages->sms = std::make_unique<notify::HttpSms>(TRY(sms_options(options)), send);
  }
  notify::Notifier* unset = options.sandbox ? &messages->inbox : nullptr;
  notify::Notifier* sms = messages->sms ? messages->sms.get() : unset;
  notify::Notifier* email = messages->smtp ? messages->smtp.get() : unset;
  messages->by_channel = std::make_unique<notify::ByChannel>(sms, email);
  messages->dlt.header = options.dlt_header;
  messages->dlt.entity_id = options.dlt_entity_id;
  messages->dlt.template_ids = {options.dlt_template_link, options.dlt_template_otp,
                                options.dlt_template_paid, options.dlt_template_failed};
  return messages;
}

}  // namespace disburse::cli

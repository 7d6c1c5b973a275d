// The command line, command by command.
#include "cli/run.hpp"

#include <fmt/core.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <functional>

#include "cli/operator.hpp"
#include "cli/options.hpp"
#include "cli/serve.hpp"
#include "cli/toml_config.hpp"
#include "generated/version.hpp"
#include "sys/crash_point.hpp"

namespace disburse::cli {
namespace {

using Run = std::function<core::Result<void>()>;

constexpr int kFailed = 1;
constexpr int kWrongOption = 2;

int report(const core::Error& error) {
  const bool option = error.code == core::Code::configuration_invalid && !error.field.empty();
  // Checks below the command line know an option's name, not how it is written.
  const std::string dashes = option && !error.field.starts_with("--") ? "--" : "";
  const std::string what = dashes + std::string(error.field) + (error.field.empty() ? "" : " ") +
                           (error.detail.empty() ? std::string(text(error.code)) : error.detail);
  fmt::print(stderr, "disburse: {} ({})\n", what, name(error.code));
  return error.code == core::Code::configuration_invalid ? kWrongOption : kFailed;
}

void set_up_log(const Options& options) {
  auto logger = spdlog::stderr_logger_mt("disburse");
  if (options.log_format == "json")
    logger->set_pattern(R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","text":"%v"})",
                        spdlog::pattern_time_type::utc);
  else
    logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
  spdlog::set_default_logger(std::move(logger));
}

// Options that every command takes.
void add_common(CLI::App& app, Options& options) {
  app.add_option("--data", options.data,
                 "the folder of the default store, the keys and sandbox.json")
      ->capture_default_str();
  app.add_option("--store", options.store,
                 "sqlite:PATH, postgresql://... or memory: (default: DIR/disburse.db)");
  app.add_option("--key-file", options.key_file,
                 "the master key, 32 bytes (default: DIR/master.key, made at the first start)");
  app.add_option("--config", options.config, "a TOML file with the same options");
}

void add_message_options(CLI::App& app, Options& options, std::string& smtp_password) {
  app.add_option("--smtp-url", options.smtp_url,
                 "smtp://HOST:PORT or smtps://HOST:PORT; without it e-mail is not sent");
  app.add_option("--smtp-username", options.smtp_username);
  app.add_option("--smtp-password", smtp_password);
  app.add_option("--smtp-from", options.smtp_from, "the sender's address");
  app.add_option("--smtp-start-tls", options.smtp_start_tls, "off, when_offered or required")
      ->capture_default_str();
  app.add_option(
      "--sms-url", options.sms_url,
      "a gateway's URL with {to}, {text}, {dlt_template_id} …; without it SMS is not sent");
  app.add_option("--sms-method", options.sms_method, "GET or POST")->capture_default_str();
  app.add_option("--sms-body", options.sms_body, "the body's template");
  app.add_option("--sms-body-kind", options.sms_body_kind, "none, form or json")
      ->capture_default_str();
  app.add_option("--sms-header", options.sms_header, "\"Name: value\", for the gateway's key");
  app.add_option("--sms-success-text", options.sms_success_text, "must be in the gateway's answer");
  app.add_option("--dlt-header", options.dlt_header, "the registered SMS header");
  app.add_option("--dlt-entity-id", options.dlt_entity_id);
  app.add_option("--dlt-template-link", options.dlt_template_link);
  app.add_option("--dlt-template-otp", options.dlt_template_otp);
  app.add_option("--dlt-template-paid", options.dlt_template_paid);
  app.add_option("--dlt-template-failed", options.dlt_template_failed);
}

// One program's worth of options, kept while it runs.
struct CommandLine {
  Options options;
  std::string smtp_password;
  NewMerchant merchant;
  StoreCopy copy;
  std::uint32_t merchant_number = 0;
  std::string id, utr, why, amount, dialect, kind, credential;
  Run run;
  CLI::App* chosen_command = nullptr;

  void choose(CLI::App* command, Run chosen) {
    command->callback([this, command, chosen = std::move(chosen)] {
      chosen_command = command;
      run = chosen;
    });
  }
  void add_serve(CLI::App& app);
  void add_store(CLI::App& app);
  void add_links(CLI::App& app);
  void add_merchants(CLI::App& app);
  void add_webhooks(CLI::App& app);
  void add_crash_points(CLI::App& app);
};

void CommandLine::add_serve(CLI::App& app) {
  CLI::App* serve_command = app.add_subcommand("serve", "run the server");
  add_common(*serve_command, options);
  serve_command->add_option("--listen", options.listen, "ADDRESS:PORT")->capture_default_str();
  serve_command->add_option("--public-url", options.public_url,
                            "how the world reaches this server; links begin with it");
  serve_command->add_option("--tls-cert", options.tls_cert,
                            "a PEM file; with --tls-key the port speaks TLS");
  serve_command->add_option("--tls-key", options.tls_key);
  serve_command->add_flag("--sandbox", options.sandbox,
                          "simulated bank, captured messages, one funded merchant");
  serve_command->add_flag("--sandbox-anywhere", options.sandbox_anywhere,
                          "lets the sandbox listen beyond loopback");
  // For tests that kill the program: an empty group is not in --help.
  serve_command->add_option("--sandbox-bank-book", options.sandbox_bank_book)->group("");
  serve_command->add_option("--rail", options.rail,
                            "the bank to pay through: manual (in the sandbox: sandbox)");
  serve_command->add_option("--log-format", options.log_format, "json or text")
      ->capture_default_str();
  serve_command->add_option("--metrics-token", options.metrics_token,
                            "lets callers beyond loopback read /metrics");
  serve_command->add_flag("--webhooks-to-private-addresses", options.webhooks_to_private_addresses,
                          "lets webhooks go to private and loopback addresses");
  serve_command->add_option("--node-loops", options.node_loops,
                            "engines that work side by side, each with a connection: "
                            "1, and 4 over PostgreSQL");
  serve_command->add_flag("!--no-migrate", options.migrate,
                          "refuse a store that lacks a migration: see disburse migrate");
  add_message_options(*serve_command, options, smtp_password);
  choose(serve_command, [this]() -> core::Result<void> {
    options.smtp_password = core::SecretText(smtp_password);
    options.serves = true;
    CHECK(check(options));
    set_up_log(options);
    return serve(options);
  });
}

void CommandLine::add_store(CLI::App& app) {
  CLI::App* migrate_command =
      app.add_subcommand("migrate", "bring the store's schema up to this version");
  add_common(*migrate_command, options);
  choose(migrate_command, [this] { return migrate(options); });
  CLI::App* store = app.add_subcommand("store", "move a store")->require_subcommand(1);
  CLI::App* copy_command = store->add_subcommand(
      "copy", "copy everything into an empty store, or go on with a copy that was broken off");
  copy_command->add_option("--data", options.data, "the folder with the source's master key")
      ->capture_default_str();
  copy_command->add_option("--key-file", options.key_file, "the source's master key");
  copy_command->add_option("--from", copy.from, "sqlite:PATH or postgresql://...")->required();
  copy_command->add_option("--to", copy.to, "sqlite:PATH or postgresql://...")->required();
  choose(copy_command, [this] { return copy_store(options, copy); });
}

void CommandLine::add_links(CLI::App& app) {
  CLI::App* link = app.add_subcommand("link", "look at links")->require_subcommand(1);
  CLI::App* show =
      link->add_subcommand("show", "one link's history, payouts, postings and webhooks");
  add_common(*show, options);
  show->add_option("ID", id, "any public id, claim URL or reference")->required();
  choose(show, [this] { return show_link(options, id); });

  CLI::App* ledger = app.add_subcommand("ledger", "check the money")->require_subcommand(1);
  CLI::App* verify =
      ledger->add_subcommand("verify", "check balances, postings, holds and the audit chain");
  add_common(*verify, options);
  choose(verify, [this]() -> core::Result<void> {
    const bool good = TRY(verify_ledger(options));
    if (!good) return core::fail(core::Code::internal_error, {}, "the ledger is wrong");
    return {};
  });

  CLI::App* payout = app.add_subcommand("payout", "say what the bank did")->require_subcommand(1);
  CLI::App* settled = payout->add_subcommand("settled", "the link's payout was made");
  add_common(*settled, options);
  settled->add_option("LINK", id, "any public id, claim URL or reference")->required();
  settled->add_option("--utr", utr, "the bank's reference")->required();
  choose(settled, [this] { return settle_payout(options, id, utr); });
  CLI::App* refused =
      payout->add_subcommand("refused", "the link's payout was not made and will not be");
  add_common(*refused, options);
  refused->add_option("LINK", id, "any public id, claim URL or reference")->required();
  refused->add_option("--why", why, "told to the recipient")->required();
  choose(refused, [this] { return refuse_payout(options, id, why); });
}

void CommandLine::add_merchants(CLI::App& app) {
  CLI::App* group =
      app.add_subcommand("merchant", "businesses that pay by link")->require_subcommand(1);
  CLI::App* create = group->add_subcommand("create", "make a merchant");
  add_common(*create, options);
  create->add_option("--name", merchant.name, "shown to recipients")->required();
  create->add_option("--account-number", merchant.account_number,
                     "the account that money is paid from");
  create->add_flag("--live", merchant.live, "real money");
  create->add_option("--allowed-addresses", merchant.allowed_addresses,
                     "addresses and CIDR ranges, with commas");
  create->add_flag("--hold-at-issue", merchant.hold_at_issue,
                   "hold a link's money when it is issued");
  create->add_option("--approval-above-paise", merchant.approval_above_paise,
                     "larger links wait for approval");
  choose(create, [this] { return create_merchant(options, merchant); });
  CLI::App* list = group->add_subcommand("list", "all merchants with their balances");
  add_common(*list, options);
  choose(list, [this] { return list_merchants(options); });
  CLI::App* funds = group->add_subcommand("deposit", "money has come into the merchant's account");
  add_common(*funds, options);
  funds->add_option("--merchant", merchant_number)->required();
  funds->add_option("--rupees", amount)->required();
  choose(funds, [this] { return deposit(options, merchant_number, amount); });

  CLI::App* keys = app.add_subcommand("credential", "ways in")->require_subcommand(1);
  CLI::App* issue = keys->add_subcommand("issue", "make credentials; their secrets are shown once");
  add_common(*issue, options);
  issue->add_option("--merchant", merchant_number)->required();
  issue->add_option("--dialect", dialect, "the wire language that they are for")->required();
  issue->add_option("--kind", kind, "only this kind; else one of each");
  choose(issue, [this] { return issue_credentials(options, merchant_number, dialect, kind); });
  CLI::App* revoke = keys->add_subcommand("revoke", "refuse a credential from now on");
  add_common(*revoke, options);
  revoke->add_option("--dialect", dialect)->required();
  revoke->add_option("--kind", kind)->required();
  revoke->add_option("--name", credential, "its public part")->required();
  choose(revoke, [this] { return revoke_credential(options, dialect, kind, credential); });
  CLI::App* ways = keys->add_subcommand("list", "a merchant's credentials");
  add_common(*ways, options);
  ways->add_option("--merchant", merchant_number)->required();
  choose(ways, [this] { return list_credentials(options, merchant_number); });
}

void CommandLine::add_webhooks(CLI::App& app) {
  CLI::App* group =
      app.add_subcommand("webhook", "what merchants were told")->require_subcommand(1);
  CLI::App* list =
      group->add_subcommand("list", "endpoints, deliveries and their tries, newest first");
  add_common(*list, options);
  list->add_option("--merchant", merchant_number);
  list->add_option("--link", id, "only of this link");
  choose(list, [this] { return list_webhooks(options, merchant_number, id); });
  CLI::App* replay = group->add_subcommand("replay", "send a delivery again");
  add_common(*replay, options);
  replay->add_option("--merchant", merchant_number)->required();
  replay->add_option("DELIVERY", id, "its id in `webhook list`")->required();
  choose(replay, [this] { return replay_webhook(options, merchant_number, id); });
}

// For tests/crash/: the names that DISBURSE_CRASH_AT takes; a release has none.
void CommandLine::add_crash_points(CLI::App& app) {
  CLI::App* points = app.add_subcommand("crash-points")->group("");
  choose(points, []() -> core::Result<void> {
    for (const std::string_view name : sys::crash_points()) fmt::print("{}\n", name);
    return {};
  });
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app("Disburse: a payout-links server");
  app.set_version_flag("--version", std::string(kVersion));
  app.require_subcommand(1);
  CommandLine line;
  line.add_serve(app);
  line.add_store(app);
  line.add_links(app);
  line.add_merchants(app);
  line.add_webhooks(app);
  line.add_crash_points(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11's own statuses are many; ours is one for every wrong option.
    return app.exit(error) == 0 ? 0 : kWrongOption;
  }
  core::Result<void> done;
  if (!line.options.config.empty()) done = apply_config(*line.chosen_command, line.options.config);
  if (done) done = line.run();
  return done ? 0 : report(done.error());
}

}  // namespace disburse::cli

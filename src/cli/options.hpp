// The program's options: from the command line, or from a TOML file under the same names. What is
// given on the command line wins. Threads: values only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/secret.hpp"

namespace disburse::cli {

struct Options {
  std::string data =
      "var/disburse";    // the default store, the keys and, in the sandbox, sandbox.json
  std::string store;     // "sqlite:PATH", "postgresql://...", "memory:"; empty: DIR/disburse.db
  bool serves = false;   // not an operator's command beside a server
  bool migrate = true;   // bring the store's schema up to this version when it is opened
  std::string key_file;  // empty: DIR/master.key
  std::string config;    // TOML

  // serve
  std::string listen = "127.0.0.1:8080";
  std::string public_url;  // empty: http(s)://LISTEN
  std::string tls_cert;
  std::string tls_key;
  bool sandbox = false;
  bool sandbox_anywhere = false;  // lets the sandbox listen beyond loopback
  std::string sandbox_bank_book;  // a file that the simulated bank writes its payments to
  std::string log_format = "text";
  std::string rail;  // empty: "sandbox" with --sandbox
  std::string metrics_token;
  bool webhooks_to_private_addresses = false;
  unsigned node_loops = 0;  // engines side by side; 0: as many as the store is good for

  // messages
  std::string smtp_url;
  std::string smtp_username;
  core::SecretText smtp_password;
  std::string smtp_from;
  std::string smtp_start_tls = "required";
  std::string sms_url;
  std::string sms_method = "POST";
  std::string sms_body;
  std::string sms_body_kind = "none";
  std::string sms_header;  // "Name: value", for a gateway's key
  std::string sms_success_text;
  std::string dlt_header;
  std::string dlt_entity_id;
  std::string dlt_template_link;
  std::string dlt_template_otp;
  std::string dlt_template_paid;
  std::string dlt_template_failed;
};

struct ListenAddress {
  std::string address;
  std::uint16_t port = 0;
  bool loopback = false;
};
// "127.0.0.1:8080", "[::1]:8080"; configuration_invalid otherwise.
core::Result<ListenAddress> parse_listen(std::string_view text);

// How many engines a node has: each is a connection to the store and takes one of 62 numbers.
inline constexpr unsigned kUsualNodeLoops = 4;
inline constexpr unsigned kMostNodeLoops = 16;
unsigned loops_of(const Options& options, bool shared_store);

// Whether a store's name says that it is in PostgreSQL; whether it is one at all.
bool is_postgres(std::string_view store);
bool is_store_name(std::string_view store);

// Everything about the options that can be wrong before anything is opened; configuration_invalid
// with the option's name as the field and why as the detail.
core::Result<void> check(const Options& options);

}  // namespace disburse::cli

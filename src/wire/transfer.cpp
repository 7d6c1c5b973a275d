#include "wire/transfer.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace disburse::wire {

namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_safe_header(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

Transfer::Transfer(OutgoingRequest request, const HttpClientOptions& options)
    : request_(std::move(request)), most_headers_(options.answer_headers), easy_(curl_easy_init()) {
  if (easy_ == nullptr) return;
  set_up(options);
  set_method();
  set_headers(options);
  if (usable_) return;
  curl_easy_cleanup(easy_);
  easy_ = nullptr;
}

Transfer::~Transfer() {
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
}

// An option that curl does not take would mean a request without one of our guarantees.
template <class Value>
void Transfer::set(CURLoption option, Value value) {
  usable_ = curl_easy_setopt(easy_, option, value) == CURLE_OK && usable_;
}

void Transfer::set_up(const HttpClientOptions& options) {
  set(CURLOPT_URL, request_.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "");  // whatever the environment says
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
  // To curl, no time at all means for ever.
  set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(request_.timeout.count())));
  set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, static_cast<long>(request_.connect_timeout.count())));
  set(CURLOPT_HTTP_TRANSFER_DECODING, 1L);

  // Both are needed: a new connection is checked before it is made, a kept one, which another rule
  // may have made, before it is used.
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open_socket);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
  set(CURLOPT_PREREQDATA, static_cast<void*>(this));
  set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
}

void Transfer::set_method() {
  if (request_.method == Method::head) return set(CURLOPT_NOBODY, 1L);
  if (request_.method == Method::get && request_.body.empty()) return set(CURLOPT_HTTPGET, 1L);
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  set(CURLOPT_POSTFIELDS, request_.body.c_str());
  set(CURLOPT_CUSTOMREQUEST, wire::name(request_.method).data());  // a literal, so terminated
}

void Transfer::set_headers(const HttpClientOptions& options) {
  bool has_agent = false;
  bool has_type = false;
  const auto append = [this](const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_, line.c_str());
    usable_ = longer != nullptr && usable_;
    if (longer != nullptr) headers_ = longer;
  };
  for (const auto& [header_name, value] : request_.headers) {
    usable_ = is_safe_header(header_name) && is_safe_header(value) && usable_;
    has_agent = has_agent || equal_ignoring_case(header_name, "user-agent");
    has_type = has_type || equal_ignoring_case(header_name, "content-type");
    // "Name;" is how curl is told of a header without a value.
    append(value.empty() ? header_name + ";" : header_name + ": " + value);
  }
  append("Expect:");                       // a round trip more, and some receivers never answer it
  if (!has_type) append("Content-Type:");  // curl would say that it is a form
  if (!has_agent) set(CURLOPT_USERAGENT, options.user_agent.c_str());
  set(CURLOPT_HTTPHEADER, headers_);
}

bool Transfer::sent() const { return connected_; }

OutgoingAnswer Transfer::take_answer(CURLcode result) {
  long status = 0;
  curl_off_t took = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &took);
  answer_.failure = failure_of(result);
  answer_.status = static_cast<int>(status);
  answer_.sent = connected_;
  answer_.took = std::chrono::milliseconds(took / 1000);
  if (answer_.failure == Failure::forbidden_address) {
    answer_.error = "the address is not a public one";
  } else if (answer_.failure == Failure::too_large) {
    answer_.error = "the answer is longer than allowed";
  } else if (answer_.failure != Failure::none) {
    answer_.error = curl_easy_strerror(result);
  }
  return std::move(answer_);
}

Failure Transfer::failure_of(CURLcode result) const {
  if (too_large_) return Failure::too_large;
  switch (result) {
    case CURLE_OK:
      return Failure::none;
    case CURLE_OPERATION_TIMEDOUT:
      return Failure::timeout;
    // A name with a public and a private address fails here when the public one does not answer.
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return forbidden_ ? Failure::forbidden_address : Failure::connect;
    case CURLE_ABORTED_BY_CALLBACK:
      return forbidden_ ? Failure::forbidden_address : Failure::other;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return Failure::tls;
    default:
      return Failure::other;
  }
}

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto* const transfer = static_cast<Transfer*>(self);
  if (transfer->request_.addresses == AddressRule::public_only &&
      !is_public_address(address->addr)) {
    transfer->forbidden_ = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int Transfer::on_connected(void* self, char* peer, char*, int, int) {
  auto* const transfer = static_cast<Transfer*>(self);
  if (transfer->request_.addresses == AddressRule::public_only &&
      !is_public_address(std::string_view(peer))) {
    transfer->forbidden_ = true;
    return CURL_PREREQFUNC_ABORT;
  }
  transfer->connected_ = true;
  return CURL_PREREQFUNC_OK;
}

std::size_t Transfer::on_header(char* bytes, std::size_t, std::size_t count, void* self) {
  auto* const transfer = static_cast<Transfer*>(self);
  const std::string_view line = trimmed({bytes, count});
  auto& headers = transfer->answer_.headers;
  if (line.starts_with("HTTP/")) headers.clear();  // those of a 100 Continue are not the answer's
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || headers.size() >= transfer->most_headers_) return count;
  headers.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  return count;
}

std::size_t Transfer::on_body(char* bytes, std::size_t, std::size_t count, void* self) {
  auto* const transfer = static_cast<Transfer*>(self);
  std::string& body = transfer->answer_.body;
  if (count > transfer->request_.max_answer_bytes - body.size()) {
    transfer->too_large_ = true;
    return 0;  // curl stops
  }
  body.append(bytes, count);
  return count;
}

}  // namespace disburse::wire

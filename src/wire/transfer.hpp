// One outgoing request as libcurl sees it.
//
// Includes curl: for http_client.cpp and transfer.cpp only.
// Threads: the client's.
#pragma once

#include <curl/curl.h>

#include <string>

#include "wire/http_client.hpp"

namespace disburse::wire {

class Transfer {
 public:
  Transfer(OutgoingRequest request, const HttpClientOptions& options);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* easy() const { return easy_; }  // null when curl could not be set up
  bool sent() const;                    // some of the request may have left
  OutgoingAnswer take_answer(CURLcode result);

 private:
  template <class Value>
  void set(CURLoption option, Value value);
  void set_up(const HttpClientOptions& options);
  void set_method();
  void set_headers(const HttpClientOptions& options);
  Failure failure_of(CURLcode result) const;

  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_connected(void* self, char* peer, char* local, int peer_port, int local_port);
  static std::size_t on_header(char* bytes, std::size_t one, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t one, std::size_t count, void* self);

  const OutgoingRequest request_;
  const std::size_t most_headers_;
  CURL* easy_;
  curl_slist* headers_ = nullptr;
  bool usable_ = true;  // every option was taken
  bool forbidden_ = false;
  bool too_large_ = false;
  bool connected_ = false;
  OutgoingAnswer answer_;
};

}  // namespace disburse::wire

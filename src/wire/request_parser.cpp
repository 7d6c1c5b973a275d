#include "wire/request_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <limits>

namespace disburse::wire {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using BeastView = boost::beast::string_view;

namespace {

std::string_view view(BeastView text) { return {text.data(), text.size()}; }

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get:
      return Method::get;
    case http::verb::head:
      return Method::head;
    case http::verb::post:
      return Method::post;
    case http::verb::put:
      return Method::put;
    case http::verb::patch:
      return Method::patch;
    case http::verb::delete_:
      return Method::delete_;
    case http::verb::options:
      return Method::options;
    default:
      return Method::other;
  }
}

}  // namespace

// Beast calls back for each thing it understands. It is not reusable, so there is a new one for
// each request, in the same place.
class BeastMessage final : public http::basic_parser<true> {
 public:
  BeastMessage(std::string_view bytes, std::size_t most_headers, RequestHead& head)
      : bytes_(bytes), most_headers_(most_headers), head_(head) {
    head_.headers.clear();
    body_limit(boost::none);  // each route has its own; see feed_chunks
    header_limit(std::numeric_limits<std::uint32_t>::max());  // the caller has looked already
  }

  // The first reason to refuse that Beast itself does not know.
  int refusal() const { return refusal_; }
  void collect_into(std::string* body) { body_ = body; }

  int head_refusal() const {
    if (refusal_ != 0) return refusal_;
    if (hosts_ > 1 || (head_.http_11 && hosts_ == 0)) return 400;  // RFC 9112 section 3.2
    if (!head_.http_11 && chunked()) return 400;                   // RFC 9112 section 6.1
    return 0;
  }

 private:
  void refuse(int status, ErrorCode& error) {
    if (refusal_ == 0) refusal_ = status;
    error = http::error::bad_value;
  }

  void on_request_impl(http::verb verb, BeastView, BeastView target, int version,
                       ErrorCode& error) override {
    head_.method = method_of(verb);
    head_.target = view(target);
    head_.http_11 = version == 11;
    if (verb == http::verb::connect) refuse(501, error);
  }

  void on_field_impl(http::field field, BeastView name, BeastView value,
                     ErrorCode& error) override {
    if (in_trailer_) return;  // nobody asks for trailers
    // A folded line was put together elsewhere; RFC 9112 section 5.2 lets us refuse those.
    const bool in_place = value.empty() || (value.data() >= bytes_.data() &&
                                            value.data() < bytes_.data() + bytes_.size());
    if (!in_place) return refuse(400, error);
    if (head_.headers.size() == most_headers_) return refuse(431, error);
    head_.headers.push_back({view(name), view(value)});

    if (field == http::field::host) ++hosts_;
    if (field == http::field::transfer_encoding && !equal_ignoring_case(view(value), "chunked")) {
      return refuse(501, error);
    }
    if (field == http::field::expect) {
      head_.expects_continue = equal_ignoring_case(view(value), "100-continue");
      if (!head_.expects_continue) refuse(417, error);
    }
  }

  void on_header_impl(ErrorCode&) override { in_trailer_ = true; }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, ErrorCode&) override {}
  std::size_t on_body_impl(BeastView body, ErrorCode&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, BeastView, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView body, ErrorCode&) override {
    body_->append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(ErrorCode&) override {}
  void on_response_impl(int, BeastView, int, ErrorCode&) override {}

  std::string_view bytes_;
  std::size_t most_headers_;
  RequestHead& head_;
  std::string* body_ = nullptr;
  int refusal_ = 0;
  int hosts_ = 0;
  bool in_trailer_ = false;
};

class BeastParser {
 public:
  std::optional<BeastMessage> message;
  bool limited = false;  // the body limit has been set
};

RequestParser::RequestParser() : parser_(std::make_unique<BeastParser>()) {}
RequestParser::~RequestParser() = default;

// "GET / HTTP/2.0" is a version that we do not speak; "GET /a b HTTP/1.1" is not a request line.
static int refusal_of_version(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find('\r'));
  const std::string_view last = line.substr(line.rfind(' ') + 1);
  const bool one_target = std::count(line.begin(), line.end(), ' ') == 2;
  return one_target && last.starts_with("HTTP/") ? 505 : 400;
}

int RequestParser::parse_head(std::string_view bytes, std::size_t most_headers, RequestHead& head) {
  head.expects_continue = false;
  parser_->message.emplace(bytes, most_headers, head);
  parser_->limited = false;
  BeastMessage& message = *parser_->message;
  ErrorCode error;
  message.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (message.refusal() != 0) return message.refusal();
  if (error == http::error::bad_version) return refusal_of_version(bytes);
  if (error || !message.is_header_done()) return 400;

  head.chunked = message.chunked();
  head.keep_alive = message.keep_alive();
  head.content_length.reset();
  if (const auto length = message.content_length()) head.content_length = *length;
  return message.head_refusal();
}

RequestParser::Progress RequestParser::feed_chunks(std::string_view bytes, std::size_t most,
                                                   std::string& body) {
  BeastMessage& message = *parser_->message;
  message.collect_into(&body);
  if (!parser_->limited) {
    message.body_limit(most);
    parser_->limited = true;
  }
  Progress progress;
  // Whatever has come, at least "0\r\n\r\n" is to follow. Beast has looked at a last chunk of three
  // or four bytes and asserts that it gets five the next time, so it never sees fewer.
  constexpr std::size_t kLeastBytes = 5;
  while (!message.is_done() && bytes.size() - progress.consumed >= kLeastBytes) {
    ErrorCode error;
    const std::string_view rest = bytes.substr(progress.consumed);
    progress.consumed += message.put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    if (error == http::error::need_more) break;
    if (error) {
      progress.refusal = error == http::error::body_limit ? 413 : 400;
      return progress;
    }
  }
  progress.done = message.is_done();
  return progress;
}

void peek_request_line(std::string_view bytes, Method& method, std::string_view& target) {
  target = {};
  const std::string_view line = bytes.substr(0, bytes.find_first_of("\r\n"));
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return;
  method = method_of(http::string_to_verb({line.data(), blank}));
  const std::string_view rest = line.substr(blank + 1);
  target = rest.substr(0, rest.find(' '));
}

}  // namespace disburse::wire

#include "wire/http_client.hpp"

#include <curl/curl.h>

#include <atomic>
#include <cassert>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "sys/threads.hpp"
#include "wire/transfer.hpp"
#include "wire/url.hpp"

namespace disburse::wire {

namespace {

// Only a bound on how long a lost wake-up could matter: curl wakes for its own timers.
constexpr int kLongestPollMs = 1'000;

// Called before the first thread starts: curl_global_init is not thread-safe in all builds.
void initialise_curl() {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(once);
}

// Sends to one host wait for each other, not for those to other hosts.
std::string host_of(const std::string& url) {
  const auto parsed = parse_url(url);
  return parsed ? parsed->host : url;
}

OutgoingAnswer failed(std::string error) {
  OutgoingAnswer answer;
  answer.failure = Failure::other;
  answer.error = std::move(error);
  return answer;
}

}  // namespace

// The thread, what waits for it, and what it is sending.
class HttpClientCore {
 public:
  explicit HttpClientCore(HttpClientOptions options)
      : options_(std::move(options)), multi_((initialise_curl(), curl_multi_init())) {
    assert(options_.connections > 0 && options_.connections_per_host > 0);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.connections));
    thread_ = std::thread([this] {
      sys::name_this_thread("http out");
      run();
    });
  }

  ~HttpClientCore() {
    stop();
    curl_multi_cleanup(multi_);
  }

  void send(OutgoingRequest request, HttpClient::Answer answer) {
    {
      const std::lock_guard lock(mutex_);
      if (!stopping_) {
        ++open_;
        arrived_.push_back({std::move(request), std::move(answer), open_ > options_.open});
        curl_multi_wakeup(multi_);
        return;
      }
    }
    answer(failed("stopped"));
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    curl_multi_wakeup(multi_);
    if (std::this_thread::get_id() == own_thread_) return;  // an answer wants to stop
    const std::lock_guard joining(join_mutex_);
    if (thread_.joinable()) thread_.join();
  }

  std::size_t open() const { return open_; }

 private:
  struct Waiting {
    OutgoingRequest request;
    HttpClient::Answer answer;
    bool too_many = false;
  };
  struct Host {
    std::size_t running = 0;
    std::deque<Waiting> waiting;
  };
  struct Running {
    std::unique_ptr<Transfer> transfer;
    HttpClient::Answer answer;
    std::string host;
  };

  void run() {
    own_thread_ = std::this_thread::get_id();
    while (take_arrived()) {
      int ignored = 0;
      curl_multi_perform(multi_, &ignored);
      take_finished();
      start_waiting();
      curl_multi_poll(multi_, nullptr, 0, kLongestPollMs, &ignored);
    }
    answer_all_stopped();
  }

  // False when it is time to stop.
  bool take_arrived() {
    std::deque<Waiting> arrived;
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return false;
      arrived.swap(arrived_);
    }
    for (Waiting& one : arrived) {
      if (one.too_many) {
        finish(one.answer, failed("too many requests are open"));
        continue;
      }
      const std::string host = host_of(one.request.url);
      hosts_[host].waiting.push_back(std::move(one));
      ready_.push_back(host);
    }
    start_waiting();
    return true;
  }

  // Starts what may start: hosts in the order in which they got something to send or had a place
  // come free, so that none of them starves the others.
  void start_waiting() {
    while (!ready_.empty() && running_.size() < options_.connections) {
      const std::string host = std::move(ready_.front());
      ready_.pop_front();
      const auto found = hosts_.find(host);
      if (found == hosts_.end() || found->second.waiting.empty()) continue;
      if (found->second.running >= options_.connections_per_host) continue;
      Waiting next = std::move(found->second.waiting.front());
      found->second.waiting.pop_front();
      start(host, found->second, std::move(next));
    }
  }

  void start(const std::string& host, Host& state, Waiting next) {
    auto transfer = std::make_unique<Transfer>(std::move(next.request), options_);
    CURL* const easy = transfer->easy();
    if (easy == nullptr || curl_multi_add_handle(multi_, easy) != CURLM_OK) {
      finish(next.answer, failed("curl refused the request"));
      if (state.running == 0 && state.waiting.empty()) hosts_.erase(host);
      return;
    }
    ++state.running;
    running_.emplace(easy, Running{std::move(transfer), std::move(next.answer), host});
  }

  void take_finished() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* const easy = message->easy_handle;
      const CURLcode result = message->data.result;  // the message dies with its handle
      auto node = running_.extract(easy);
      Running& done = node.mapped();
      OutgoingAnswer answer = done.transfer->take_answer(result);
      curl_multi_remove_handle(multi_, easy);
      leave(done.host);
      finish(done.answer, std::move(answer));
    }
  }

  // A place has come free at this host.
  void leave(const std::string& host) {
    const auto found = hosts_.find(host);
    --found->second.running;
    if (!found->second.waiting.empty()) {
      ready_.push_back(host);
    } else if (found->second.running == 0) {
      hosts_.erase(found);
    }
  }

  void finish(HttpClient::Answer& answer, OutgoingAnswer result) {
    --open_;
    try {
      answer(std::move(result));
    } catch (const std::exception&) {
      // The thread's entry into code that is not ours: the other answers must still be given.
    }
  }

  void answer_all_stopped() {
    for (auto& [easy, one] : running_) {
      curl_multi_remove_handle(multi_, easy);
      OutgoingAnswer answer = failed("stopped");
      answer.sent = one.transfer->sent();
      finish(one.answer, std::move(answer));
    }
    running_.clear();
    for (auto& [name, host] : hosts_) {
      for (Waiting& one : host.waiting) finish(one.answer, failed("stopped"));
    }
    hosts_.clear();
    std::deque<Waiting> arrived;
    {
      const std::lock_guard lock(mutex_);
      arrived.swap(arrived_);
    }
    for (Waiting& one : arrived) finish(one.answer, failed("stopped"));
  }

  const HttpClientOptions options_;
  CURLM* const multi_;
  std::atomic<std::size_t> open_{0};

  std::mutex mutex_;
  std::deque<Waiting> arrived_;  // under mutex_
  bool stopping_ = false;        // under mutex_

  // The thread's own.
  std::unordered_map<std::string, Host> hosts_;
  std::deque<std::string> ready_;
  std::unordered_map<CURL*, Running> running_;

  std::atomic<std::thread::id> own_thread_{};
  std::mutex join_mutex_;
  std::thread thread_;
};

HttpClient::HttpClient(HttpClientOptions options)
    : core_(std::make_unique<HttpClientCore>(std::move(options))) {}
HttpClient::~HttpClient() = default;

void HttpClient::send(OutgoingRequest request, Answer answer) {
  core_->send(std::move(request), std::move(answer));
}
void HttpClient::stop() { core_->stop(); }
std::size_t HttpClient::open() const { return core_->open(); }

std::string_view name(Failure failure) {
  switch (failure) {
    case Failure::none:
      return "none";
    case Failure::timeout:
      return "timeout";
    case Failure::connect:
      return "connect";
    case Failure::tls:
      return "tls";
    case Failure::forbidden_address:
      return "forbidden_address";
    case Failure::too_large:
      return "too_large";
    case Failure::other:
      return "other";
  }
  return "other";
}

std::string_view OutgoingAnswer::header(std::string_view wanted) const {
  for (const auto& [header_name, value] : headers) {
    if (equal_ignoring_case(header_name, wanted)) return value;
  }
  return {};
}

}  // namespace disburse::wire

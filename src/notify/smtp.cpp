#include "notify/smtp.hpp"

#include <curl/curl.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "sys/threads.hpp"

namespace disburse::notify {
namespace {

struct CloseCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

struct Upload {
  std::string_view rest;
};

std::size_t read_upload(char* out, std::size_t size, std::size_t count, void* upload) {
  std::string_view& rest = static_cast<Upload*>(upload)->rest;
  const std::size_t taken = std::min(rest.size(), size * count);
  std::memcpy(out, rest.data(), taken);
  rest.remove_prefix(taken);
  return taken;
}

std::size_t drop_output(char*, std::size_t size, std::size_t count, void*) { return size * count; }

long tls_level(const SmtpOptions& options) {
  switch (options.start_tls) {
    case StartTls::off:
      return CURLUSESSL_NONE;
    case StartTls::when_offered:
      return CURLUSESSL_TRY;
    case StartTls::required:
      return CURLUSESSL_ALL;
  }
  return CURLUSESSL_ALL;
}

bool is_smtps(const SmtpOptions& options) { return options.url.starts_with("smtps://"); }

void set_connection(CURL* curl, const SmtpOptions& options) {
  curl_easy_setopt(curl, CURLOPT_URL, options.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.time_limit.count()));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(options.connect_time_limit.count()));
  if (!is_smtps(options)) curl_easy_setopt(curl, CURLOPT_USE_SSL, tls_level(options));
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
  if (options.username.empty()) return;
  curl_easy_setopt(curl, CURLOPT_USERNAME, options.username.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, options.password.expose().c_str());
}

void set_mail(CURL* curl, const std::string& from, curl_slist* recipients, Upload& upload) {
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, read_upload);
  curl_easy_setopt(curl, CURLOPT_READDATA, &upload);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_output);
}

// A 5xx is final when it is about the mail. These are about us: TLS or a login is asked for, or the
// login is wrong (RFC 4954); an operator can mend that while the message waits.
bool is_about_us(long status) {
  return status == 530 || status == 534 || status == 535 || status == 538;
}

NotifyResult result_of(CURLcode code, long status) {
  if (code == CURLE_OK) return {.sent = true, .worth_retrying = false, .error = {}};
  // The server's own words may repeat the message, so only the code is told.
  std::string error = std::string("SMTP: ") + curl_easy_strerror(code);
  if (status != 0) error += ", last answer " + std::to_string(status);
  const bool final = status >= 500 && status < 600 && !is_about_us(status) &&
                     code != CURLE_OPERATION_TIMEDOUT && code != CURLE_USE_SSL_FAILED &&
                     code != CURLE_LOGIN_DENIED;
  return {.sent = false, .worth_retrying = !final, .error = std::move(error)};
}

}  // namespace

core::Result<void> check(const SmtpOptions& options) {
  const auto wrong = [](std::string_view field, std::string why) {
    return core::fail(core::Code::configuration_invalid, field, std::move(why));
  };
  if (!options.url.starts_with("smtp://") && !is_smtps(options)) {
    return wrong("smtp-url", "must begin with smtp:// or smtps://");
  }
  if (options.url.find('@') != std::string::npos) {
    return wrong("smtp-url", "has no user name and password: they are options of their own");
  }
  if (!is_safe_address(options.from.address)) {
    return wrong("smtp-from", "is not an e-mail address");
  }
  const bool in_the_open = !is_smtps(options) && options.start_tls != StartTls::required;
  if (!options.username.empty() && in_the_open) {
    return wrong("smtp-start-tls", "must be required: a password is only sent over TLS");
  }
  return {};
}

class Smtp::Worker {
 public:
  explicit Worker(SmtpOptions options) : options_(std::move(options)), thread_([this] { run(); }) {}

  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }

  void send(const Message& message, Answer answer) {
    core::Result<std::string> mail = compose_mail(message, options_.from);
    if (!mail) {
      return answer({.sent = false,
                     .worth_retrying = false,
                     .error = "the e-mail address cannot be written to"});
    }
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() < options_.queue && !stopping_) {
        waiting_.push_back({message.to, std::move(*mail), std::move(answer)});
        changed_.notify_one();
        return;
      }
    }
    answer({.sent = false, .worth_retrying = true, .error = "too many e-mails wait to be sent"});
  }

 private:
  struct Mail {
    std::string to;
    std::string bytes;
    Answer answer;
  };

  void run() {
    sys::name_this_thread("smtp");
    // Kept between messages, so that its connection is used again.
    const std::unique_ptr<CURL, CloseCurl> curl(curl_easy_init());
    while (std::optional<Mail> mail = next()) mail->answer(deliver(curl.get(), *mail));
    for (const Mail& mail : waiting_) {
      mail.answer({.sent = false, .worth_retrying = true, .error = "stopped before it was sent"});
    }
  }

  std::optional<Mail> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return std::nullopt;
    Mail mail = std::move(waiting_.front());
    waiting_.pop_front();
    return mail;
  }

  NotifyResult deliver(CURL* curl, const Mail& mail) const {
    if (curl == nullptr) return {.sent = false, .worth_retrying = true, .error = "libcurl failed"};
    curl_easy_reset(curl);
    set_connection(curl, options_);
    const std::string from = "<" + options_.from.address + ">";
    const std::string to = "<" + mail.to + ">";
    const std::unique_ptr<curl_slist, FreeList> recipients(curl_slist_append(nullptr, to.c_str()));
    Upload upload{mail.bytes};
    set_mail(curl, from, recipients.get(), upload);
    const CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return result_of(code, status);
  }

  const SmtpOptions options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Mail> waiting_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses all of the above
};

Smtp::Smtp(SmtpOptions options) {
  // Counted and safe to repeat; the HTTP client does the same.
  curl_global_init(CURL_GLOBAL_DEFAULT);
  worker_ = std::make_unique<Worker>(std::move(options));
}

Smtp::~Smtp() = default;

void Smtp::send(const Message& message, Answer answer) {
  worker_->send(message, std::move(answer));
}

}  // namespace disburse::notify

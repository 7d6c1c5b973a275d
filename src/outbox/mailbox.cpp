#include "outbox/mailbox.hpp"

namespace disburse::outbox {

void Mailbox::put(Word word) {
  {
    const std::lock_guard lock(mutex_);
    if (shut_) return;
    words_.push_back(std::move(word));
    // One call is enough for all that comes before the next take().
    if (words_.size() > 1) return;
  }
  // Under a lock of its own, so that shut() waits for a call that is under way.
  const std::lock_guard lock(wake_mutex_);
  if (wake_) wake_();
}

void Mailbox::put_unasked(BankWord word) {
  {
    const std::lock_guard lock(mutex_);
    if (unasked_ >= unasked_limit_) return;
    ++unasked_;
  }
  word.run = kUnasked;
  put(std::move(word));
}

std::vector<Word> Mailbox::take() {
  const std::lock_guard lock(mutex_);
  unasked_ = 0;
  return std::exchange(words_, {});
}

bool Mailbox::empty() const {
  const std::lock_guard lock(mutex_);
  return words_.empty();
}

void Mailbox::shut() {
  {
    const std::lock_guard lock(mutex_);
    shut_ = true;
    words_.clear();
  }
  const std::lock_guard lock(wake_mutex_);
  wake_ = nullptr;
}

}  // namespace disburse::outbox

// The bytes read from a connection and not yet used up, in one piece of memory.
//
// Threads: one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace disburse::wire {

class InputBuffer {
 public:
  std::string_view readable() const { return {bytes_.get() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  std::size_t capacity() const { return capacity_; }

  // Where the next read goes: everything free behind what is there.
  std::span<char> space() { return {bytes_.get() + end_, capacity_ - end_}; }
  void commit(std::size_t count) { end_ += count; }

  void consume(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) begin_ = end_ = 0;
  }

  // Takes bytes out of the middle; those before stay where they are, and views into them valid.
  void erase(std::size_t offset, std::size_t count) {
    char* at = bytes_.get() + begin_ + offset;
    std::memmove(at, at + count, size() - offset - count);
    end_ -= count;
  }

  // For those who hold views into the readable bytes, after reserve_space.
  struct Moved {
    const char* from = nullptr;
    const char* to = nullptr;
    std::unique_ptr<char[]> old = {};  // kept until the views are moved

    std::string_view operator()(std::string_view view) const {
      return view.empty() ? view : std::string_view(to + (view.data() - from), view.size());
    }
  };

  // Makes at least this much space, by moving the bytes to the front or into larger memory.
  Moved reserve_space(std::size_t count) {
    Moved moved{.from = bytes_.get() + begin_, .to = bytes_.get() + begin_};
    if (capacity_ - end_ >= count) return moved;
    const std::size_t held = size();
    if (capacity_ - held >= count) {
      std::memmove(bytes_.get(), moved.from, held);
    } else {
      capacity_ = std::max(capacity_ * 2, held + count);
      moved.old = std::move(bytes_);
      bytes_ = std::make_unique_for_overwrite<char[]>(capacity_);
      if (held > 0) std::memcpy(bytes_.get(), moved.from, held);
    }
    moved.to = bytes_.get();
    begin_ = 0;
    end_ = held;
    return moved;
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace disburse::wire

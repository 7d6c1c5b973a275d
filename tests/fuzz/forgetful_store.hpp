// A store that takes every commit and keeps none of it, so that each request meets the same world:
// what a fuzz target sees depends on its input alone.
//
// Promise: reads are of the real store; a commit is looked at and forgotten.
// Threads: one.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "store/store.hpp"

namespace disburse::fuzz {

class ForgetfulStore final : public store::Store {
 public:
  using Look = std::function<void(const core::Changes&)>;
  ForgetfulStore(store::Store& real, Look look) : real_(real), look_(std::move(look)) {}

  core::Result<store::StartState> start_state() override { return real_.start_state(); }
  core::Result<store::Rows> load(const core::Keys& keys) override { return real_.load(keys); }
  core::Result<void> commit(const core::Changes& changes) override {
    if (!changes.empty()) look_(changes);
    return {};
  }
  core::Result<std::unique_ptr<store::Reader>> reader() override { return real_.reader(); }
  bool takes_writes() const override { return true; }

 private:
  store::Store& real_;
  Look look_;
};

}  // namespace disburse::fuzz

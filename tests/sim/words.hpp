// Looks for secrets where none may be.
#pragma once

#include <initializer_list>
#include <string_view>

#include "sim/model.hpp"

namespace disburse::sim {

// Blames invariant 8 when the text holds one of the model's secrets. Six digits count only when
// they stand alone: longer numbers hold all sorts of six digits.
void check_words(Model& model, std::string_view text, std::string_view where);

// The same for secrets of some kinds.
using SecretKinds = std::initializer_list<Secret>;
void check_words(Model& model, std::string_view text, std::string_view where, SecretKinds kinds);

}  // namespace disburse::sim

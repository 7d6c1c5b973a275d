// refused: no known conversion
// A secret does not turn into text by itself.
#include "core/secret.hpp"

using namespace disburse::core;

void send(const std::string& text);
void send(int number);

void call(const SecretText& secret) {
#ifdef CONTROL
  send(secret.expose());
#else
  send(secret);
#endif
}

// refused: could not convert 'merchant' from 'disburse::core::MerchantId' to
// 'disburse::core::LinkId' Ids of different things are different types.
#include "core/ids.hpp"

using namespace disburse::core;

void pay(LinkId link, MerchantId merchant);

void call(LinkId link, MerchantId merchant) {
#ifdef CONTROL
  pay(link, merchant);
#else
  pay(merchant, link);
#endif
}

// Where golden runs write what was said, for tests that compare it with other descriptions: one
// JSON object a line, in the file that DISBURSE_EXCHANGES names. Without it nothing is written.
//
// Threads: one.
#pragma once

#include <string_view>

#include "wire/http.hpp"
#include "wire/http_client.hpp"

namespace disburse::golden {

void write_exchange(std::string_view dialect, std::string_view method, std::string_view target,
                    std::string_view content_type, std::string_view body,
                    const wire::Response& answer);
void write_webhook(std::string_view dialect, const wire::OutgoingRequest& sent);

}  // namespace disburse::golden

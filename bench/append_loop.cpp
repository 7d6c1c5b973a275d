// append_loop FILE BYTES GROUP SECONDS: the reference for durable writes. Appends BYTES a write,
// GROUP writes to one fdatasync, and prints how many writes a second were made durable and the
// median and 99th percentile of a group's time in microseconds. Nothing is decided, parsed or kept.
//
// The file is written over from its beginning at 256 MiB, as a log is, so that its space exists.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

constexpr off_t kLogBytes = off_t{256} << 20;

using Clock = std::chrono::steady_clock;

long microseconds(Clock::duration time) {
  return static_cast<long>(std::chrono::duration_cast<std::chrono::microseconds>(time).count());
}

long percentile(std::vector<long>& times, std::size_t percent) {
  const std::size_t place = std::min(times.size() * percent / 100, times.size() - 1);
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(place), times.end());
  return times[place];
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) {
    std::fprintf(stderr, "append_loop FILE BYTES GROUP SECONDS\n");
    return 2;
  }
  const std::string record(static_cast<std::size_t>(std::atol(words[2])), 'x');
  const long group = std::atol(words[3]);
  const int file = ::open(words[1], O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0 || record.empty() || group < 1) return 1;

  off_t at = 0;
  long writes = 0;
  std::vector<long> times;
  const Clock::time_point start = Clock::now();
  const Clock::time_point end = start + std::chrono::seconds(std::atol(words[4]));
  for (Clock::time_point begun = start; begun < end;) {
    for (long i = 0; i < group; ++i) {
      if (::pwrite(file, record.data(), record.size(), at) < 0) return 1;
      at += static_cast<off_t>(record.size());
    }
    if (::fdatasync(file) != 0) return 1;
    if (at >= kLogBytes) at = 0;
    writes += group;
    const Clock::time_point done = Clock::now();
    times.push_back(microseconds(done - begun));
    begun = done;
  }
  const long took = microseconds(Clock::now() - start);
  std::printf("{\"per_second\":%ld,\"p50_us\":%ld,\"p99_us\":%ld}\n", writes * 1'000'000 / took,
              percentile(times, 50), percentile(times, 99));
  return ::close(file);
}

// Which addresses are out in the world: the IANA special-purpose registries for IPv4 (RFC 6890 and
// its updates) and IPv6, as a deny list, and for IPv6 an allow list of 2000::/3 first.
#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>

#include "wire/http_client.hpp"

namespace disburse::wire {

namespace {

struct Range4 {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr Range4 kInside4[] = {
    {ip(0, 0, 0, 0), 8},         // this network; 0.0.0.0 reaches this machine
    {ip(10, 0, 0, 0), 8},        // private
    {ip(100, 64, 0, 0), 10},     // shared by a carrier (CGNAT); some clouds' metadata
    {ip(127, 0, 0, 0), 8},       // this machine
    {ip(169, 254, 0, 0), 16},    // link-local; cloud metadata
    {ip(172, 16, 0, 0), 12},     // private
    {ip(192, 0, 0, 0), 24},      // protocol assignments; another cloud's metadata
    {ip(192, 0, 2, 0), 24},      // documentation
    {ip(192, 88, 99, 0), 24},    // 6to4 relays, withdrawn
    {ip(192, 168, 0, 0), 16},    // private
    {ip(198, 18, 0, 0), 15},     // benchmarks
    {ip(198, 51, 100, 0), 24},   // documentation
    {ip(203, 0, 113, 0), 24},    // documentation
    {ip(168, 63, 129, 16), 32},  // one cloud's host services, on an address that looks public
    {ip(224, 0, 0, 0), 4},       // multicast
    {ip(240, 0, 0, 0), 4},       // reserved; broadcast
};

bool is_public4(std::uint32_t address) {
  for (const Range4& range : kInside4) {
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - range.bits);
    if ((address & mask) == range.network) return false;
  }
  return true;
}

using Bytes6 = std::array<std::uint8_t, 16>;

std::uint32_t embedded4(const Bytes6& bytes, std::size_t at) {
  return ip(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool begins(const Bytes6& bytes, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_public6(const Bytes6& bytes) {
  // ::ffff:0:0/96 and ::/96 carry an IPv4 address, but a socket to them goes by the IPv4 rules of
  // the machine, which are not for a stranger to use: refused whatever they carry.
  // NAT64 (64:ff9b::/96, RFC 6052) reaches the IPv4 address that it carries.
  if (begins(bytes, {0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) {
    return is_public4(embedded4(bytes, 12));
  }
  if ((bytes[0] & 0xe0) != 0x20) return false;  // all that is global so far is in 2000::/3
  // 2001::/23: Teredo, benchmarks, ORCHID.
  if (begins(bytes, {0x20, 0x01}) && (bytes[2] & 0xfe) == 0) return false;
  if (begins(bytes, {0x20, 0x01, 0x0d, 0xb8})) return false;                // documentation
  if (begins(bytes, {0x20, 0x02})) return is_public4(embedded4(bytes, 2));  // 6to4
  if (begins(bytes, {0x3f, 0xff}) && (bytes[2] & 0xf0) == 0) return false;  // documentation
  return true;
}

}  // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return is_public4(ntohl(four.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 six{};
    std::memcpy(&six, &address, sizeof six);
    Bytes6 bytes;
    std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
    return is_public6(bytes);
  }
  return false;
}

bool is_public_address(std::string_view text) {
  const std::string terminated(text);
  in_addr four{};
  if (inet_pton(AF_INET, terminated.c_str(), &four) == 1) return is_public4(ntohl(four.s_addr));
  Bytes6 bytes;
  if (inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return is_public6(bytes);
  return false;
}

}  // namespace disburse::wire

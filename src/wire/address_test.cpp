#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "wire/http_client.hpp"

namespace disburse::wire {
namespace {

constexpr const char* kInside[] = {"0.0.0.0",
                                   "0.1.2.3",
                                   "10.0.0.1",
                                   "10.255.255.255",
                                   "100.64.0.1",
                                   "100.127.255.255",
                                   "127.0.0.1",
                                   "127.255.255.255",
                                   "169.254.0.1",
                                   "169.254.169.254",
                                   "172.16.0.1",
                                   "172.31.255.255",
                                   "192.0.0.1",
                                   "192.0.0.192",
                                   "192.0.2.1",
                                   "192.88.99.1",
                                   "192.168.0.1",
                                   "192.168.255.255",
                                   "198.18.0.1",
                                   "198.19.255.255",
                                   "198.51.100.1",
                                   "203.0.113.1",
                                   "224.0.0.1",
                                   "239.255.255.255",
                                   "240.0.0.1",
                                   "255.255.255.255",
                                   "168.63.129.16",
                                   "::",
                                   "::1",
                                   "::ffff:8.8.8.8",
                                   "::ffff:127.0.0.1",
                                   "::8.8.8.8",
                                   "64:ff9b::10.0.0.1",
                                   "64:ff9b:1::1",
                                   "100::1",
                                   "2001::1",
                                   "2001:2::1",
                                   "2001:10::1",
                                   "2001:20::1",
                                   "2001:db8::1",
                                   "2002:0a00:0001::1",
                                   "2002:7f00:0001::1",
                                   "3fff::1",
                                   "5f00::1",
                                   "fc00::1",
                                   "fd00:ec2::254",
                                   "fe80::1",
                                   "fec0::1",
                                   "ff02::1",
                                   "4000::1",
                                   "nonsense",
                                   "",
                                   "8.8.8.8:80",
                                   "1.2.3"};

constexpr const char* kOutside[] = {"1.1.1.1",
                                    "8.8.8.8",
                                    "9.255.255.255",
                                    "11.0.0.0",
                                    "100.63.255.255",
                                    "100.128.0.0",
                                    "126.255.255.255",
                                    "128.0.0.1",
                                    "169.253.255.255",
                                    "169.255.0.0",
                                    "172.15.255.255",
                                    "172.32.0.0",
                                    "192.0.1.1",
                                    "192.167.255.255",
                                    "192.169.0.0",
                                    "198.17.255.255",
                                    "198.20.0.0",
                                    "223.255.255.255",
                                    "168.63.129.17",
                                    "2606:4700:4700::1111",
                                    "2001:4860:4860::8888",
                                    "2400:cb00::1",
                                    "64:ff9b::8.8.8.8",
                                    "2002:0808:0808::1"};

TEST(PublicAddress, is_told_from_those_inside) {
  for (const char* text : kInside) {
    EXPECT_FALSE(is_public_address(std::string_view(text))) << text;
  }
  for (const char* text : kOutside) {
    EXPECT_TRUE(is_public_address(std::string_view(text))) << text;
  }
}

TEST(PublicAddress, is_read_from_socket_addresses) {
  sockaddr_storage storage{};
  auto& address = reinterpret_cast<sockaddr&>(storage);
  auto& four = reinterpret_cast<sockaddr_in&>(storage);
  four.sin_family = AF_INET;
  four.sin_addr.s_addr = htonl(0x08080808);
  EXPECT_TRUE(is_public_address(address));
  four.sin_addr.s_addr = htonl(0x7f000001);
  EXPECT_FALSE(is_public_address(address));
  storage = {};
  auto& six = reinterpret_cast<sockaddr_in6&>(storage);
  six.sin6_family = AF_INET6;
  six.sin6_addr = in6addr_loopback;
  EXPECT_FALSE(is_public_address(address));
  storage = {};
  storage.ss_family = AF_UNIX;
  EXPECT_FALSE(is_public_address(address));
}

}  // namespace
}  // namespace disburse::wire

#include "wire/html.hpp"

#include <gtest/gtest.h>

namespace disburse::wire {
namespace {

TEST(Html, escapes_what_could_end_a_text_or_an_attribute) {
  EXPECT_EQ(escape_html("<a href=\"x\" b='y'>&amp;</a>"),
            "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
  EXPECT_EQ(escape_html("\u20b9 1,000 / Gaurav"), "\u20b9 1,000 / Gaurav");
  EXPECT_EQ(escape_html(""), "");
}

}  // namespace
}  // namespace disburse::wire

// Links without what most links have.
#include "core/recipient_fixture.hpp"

namespace disburse::core {
namespace {

TEST(Notify, OfNobodyNothingIsSent) {
  Scene scene;
  const LinkRef nothing{LinkId{5}, {}};
  EXPECT_EQ(scene.world.refusal(NotifyLink{Scene::kMerchant, nothing, "house"}), "link_not_found");
  CreateLink create = Scene::request();
  create.phone = create.email = "";
  const LinkRef ref{scene.create(create), {}};
  EXPECT_EQ(scene.world.refusal(NotifyLink{Scene::kMerchant, ref, "house"}), "contact_missing");
}

TEST(Notify, AContactWithoutAPhoneIsToldByEmailAlone) {
  Scene scene;
  CreateLink create = Scene::request();
  create.phone = "";
  const Result<Reply> reply =
      scene.world.run(NotifyLink{Scene::kMerchant, {scene.create(create), {}}, "house"});
  ASSERT_TRUE(reply);
  EXPECT_FALSE(std::get<Notified>(*reply).sms);
  EXPECT_TRUE(std::get<Notified>(*reply).email);
  EXPECT_EQ(scene.world.the(TaskKind::notify).channel, Channel::email);
}

TEST(States, AScheduledLinkWithoutATimeWaits) {
  Link link;
  link.state = LinkState::scheduled;
  EXPECT_EQ(state_at(link, Instant::from_seconds(1)), LinkState::scheduled);
}

}  // namespace
}  // namespace disburse::core

// Names to addresses by the system's resolver: one lookup for all who want the same name at the same time.
#include "aws/http/name_resolver.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace rekeyer::aws {
namespace {

class NameResolverTest : public testing::Test {
 protected:
  void ask(std::string host) {
    ++asked_;
    boost::asio::co_spawn(context_, resolver_.resolve(std::move(host), 443, Deadline::max()),
                          [this](std::exception_ptr thrown, Result<NameResolver::Endpoints> found) {
                            EXPECT_FALSE(thrown);
                            answers_.push_back(std::move(found));
                          });
  }
  /// Lets each of those who asked begin, and none of them be answered: an answer comes after those that began before
  /// it.
  void begin_all() {
    for (int i = 0; i < asked_; ++i) context_.run_one();
  }

  boost::asio::io_context context_;
  NameResolver resolver_{context_.get_executor()};
  int asked_ = 0;
  std::vector<Result<NameResolver::Endpoints>> answers_;
};

TEST_F(NameResolverTest, ManyWhoWantTheSameNameShareOneLookup) {
  for (int i = 0; i < 20; ++i) ask("localhost");
  begin_all();
  EXPECT_EQ(resolver_.under_way(), 1U);
  context_.run();
  EXPECT_EQ(resolver_.under_way(), 0U);
  ASSERT_EQ(answers_.size(), 20U);
  for (const auto& answer : answers_) {
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(*answer, *answers_.front());
    EXPECT_EQ(answer->at(0).port(), 443);
  }
}

TEST_F(NameResolverTest, DifferentNamesAreLookedUpEach) {
  ask("localhost");
  ask("bad..name");
  begin_all();
  EXPECT_EQ(resolver_.under_way(), 2U);
  context_.run();
  EXPECT_EQ(resolver_.under_way(), 0U);
  ASSERT_EQ(answers_.size(), 2U);
}

TEST_F(NameResolverTest, AnAddressNeedsNoLookup) {
  ask("127.0.0.1");
  begin_all();
  EXPECT_EQ(resolver_.under_way(), 0U);
  context_.run();
  ASSERT_EQ(answers_.size(), 1U);
  ASSERT_TRUE(answers_[0]);
  EXPECT_EQ(answers_[0]->at(0).address().to_string(), "127.0.0.1");
}

}  // namespace
}  // namespace rekeyer::aws

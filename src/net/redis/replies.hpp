// RedisReplies: collects the replies to one request of one or more commands. The adapters of
// Boost.Redis throw out of the event loop when something follows an error, or break the connection
// over an unexpected type; this one accepts every reply. Only link.cpp includes it.
#pragma once

#include "net/redis/redis.hpp"

#include <boost/redis/adapter/any_adapter.hpp>
#include <boost/redis/resp3/node.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace claimcheck {

class RedisReplies {
 public:
  // The next node of the reply tree in the order of the wire.
  void add(const boost::redis::resp3::node_view& node);
  std::vector<RedisReply> take() { return std::move(replies_); }
  // The error that the first command got, as far as replies have come; else null.
  const RedisReply::Failure* first_failure() const {
    return replies_.empty() ? nullptr : replies_.front().failure();
  }

 private:
  std::vector<RedisReply> replies_;
  std::vector<RedisReply::Array*> open_;  // the arrays around the next node, outermost first
};

// The texts of each push, in the order of the wire.
class RedisPushTexts {
 public:
  void add(const boost::redis::resp3::node_view& node);
  // The oldest push that is there as a whole; nothing = there is none.
  std::optional<std::vector<std::string>> take();

 private:
  std::deque<std::vector<std::string>> pushes_;  // the last one may be incomplete
  std::size_t missing_ = 0;                      // nodes of the last one
};

// What Boost.Redis gives the nodes of a request, or of all pushes, to. `into` is borrowed.
template <class Into>
boost::redis::any_adapter adapter_of(Into& into) {
  using boost::redis::any_adapter;
  return any_adapter([&into](any_adapter::parse_event event,
                             const boost::redis::resp3::node_view& node,
                             boost::system::error_code&) {
    if (event == any_adapter::parse_event::node) into.add(node);
  });
}

}  // namespace claimcheck

// OldResults: deletes results from the storage when they are older than the shop keeps them. Once a
// day, by one process. How old an object is says its name, <prefix>YYYY-MM-DD/<32 hex>…; an object
// of another name is never deleted. It waits while the clock is in doubt.
#pragma once

#include "flow/context.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace claimcheck {

class OldResults {
 public:
  // Without a storage, or when results are kept for ever, run() does nothing.
  explicit OldResults(Context& context) : context_(context) {}

  // Never returns. May be cancelled at any moment.
  boost::asio::awaitable<void> run();
  // One round, without asking whose turn it is. Returns how many it deleted.
  boost::asio::awaitable<Result<std::size_t>> remove();

 private:
  boost::asio::awaitable<bool> may_begin();

  Context& context_;
  bool unfinished_ = false;  // the last round was ours, and failed
};

// "2026-11-29" of an object's whole name; empty = it is none of a result.
std::string_view day_of_result(std::string_view object, std::string_view prefix);

}  // namespace claimcheck

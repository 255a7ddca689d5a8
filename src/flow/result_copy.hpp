// ResultCopy: copies the result of one unit to the shop's storage, a stretch at a time, in parts of
// which one is in memory. The claim knows the parts of all stretches so far, so a pass that dies
// loses one stretch at most. The source is compared each time: parts of two different files are
// never joined. Owned by OrderPass; reads its order.
#pragma once

#include "flow/order_in_work.hpp"
#include "flow/result_source.hpp"
#include "storage/storage.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace claimcheck {

// Copies under way in this process: each needs memory for its part.
inline constexpr int copies_max = 2;
// Then the pass goes on with the order's other units.
inline constexpr int stretch_parts = 8;

class ResultCopy {
 public:
  explicit ResultCopy(const OrderInWork& order) : order_(order) {}

  // One stretch.
  boost::asio::awaitable<Seen> copy(std::size_t unit);

 private:
  struct Stretch {
    Upload upload;
    std::vector<UploadedPart> parts = {};  // from the first on
  };
  boost::asio::awaitable<Copied> go_on(std::size_t index);
  boost::asio::awaitable<Copied> ended_upload(std::size_t index, std::string object,
                                              std::string source_tag);
  boost::asio::awaitable<Copied> carry(std::size_t index, ResultSource source, Stretch stretch);
  boost::asio::awaitable<Copied> complete(std::size_t index, ResultSource source, Stretch stretch);
  Copied stored(std::size_t index, const std::string& object, const ObjectInfo& info) const;
  std::string objection(const ResultSource& source) const;
  std::string too_large() const;

  const OrderInWork& order_;
};

}  // namespace claimcheck

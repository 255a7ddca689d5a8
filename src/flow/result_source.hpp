// ResultSource: the file at a generator's address, read from any byte on in parts for a copy. It
// asks for a range, and reads past the first bytes where the source knows no ranges.
#pragma once

#include "generator/generators.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace claimcheck {

struct ResultSource {
  bool dead = false;  // the address holds no result; then nothing else is filled
  std::string content_type = {};
  std::optional<std::int64_t> bytes = {};  // of the whole file
  std::string tag = {};                    // another one = it may be another file
  HttpDownload download = {};
  std::string ahead = {};  // read, and not yet given out
  bool ended = false;      // nothing is left
};

// Errors: unavailable (it answers something that is no file), not_sent, ambiguous.
boost::asio::awaitable<Result<ResultSource>> open_source(const Generators& generators,
                                                         std::string generator, std::string url,
                                                         std::int64_t from);
// The next part_bytes, or what is left. Errors: ambiguous, it broke off.
boost::asio::awaitable<Result<std::string>> read_part(ResultSource& source);

}  // namespace claimcheck

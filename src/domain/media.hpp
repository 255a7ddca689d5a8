// MediaKind: what a tool sells, and so how its page shows it, how mails call it and how its files
// end. Plain words.
#pragma once

#include <boost/describe/enum.hpp>

namespace claimcheck {

enum class MediaKind { video, image, audio };
BOOST_DESCRIBE_ENUM(MediaKind, video, image, audio)

}  // namespace claimcheck

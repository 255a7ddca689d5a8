// Reads [shop] of the configuration file: how the shop presents itself to buyers. Every value is
// checked here, so that a mistake ends the start and no page shows half of a shop. Internal to
// config/.
#pragma once

#include "config/checkout_settings.hpp"
#include "domain/shop_face.hpp"

#include <filesystem>

namespace claimcheck {

// `folder`: of the configuration file; a relative path of a logo begins there.
ShopFace read_shop(const toml::node& node, const std::filesystem::path& folder,
                   const TellWrong& wrong);

// The type of a picture by its first bytes; empty = none that a page may show.
std::string_view picture_type(std::string_view bytes);

}  // namespace claimcheck

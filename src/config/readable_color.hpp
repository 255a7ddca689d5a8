// The shade of a colour that can be read on our pages, as text and below text. It changes a colour
// no more than its contrast needs. Pure.
#pragma once

#include <string>
#include <string_view>

namespace claimcheck {

enum class Ground { light, dark };

// "#rrggbb", six hexadecimal digits in either case.
bool is_color(std::string_view text);
// The colour itself where its contrast with our ground is 4.5 (WCAG AA) or more, else the nearest
// shade of it that has this contrast: a darker one on light ground, a lighter one on dark ground.
// `color` must be one.
std::string readable_color(std::string_view color, Ground ground);
// WCAG 2's contrast ratio of two colours, 1 to 21.
double contrast(std::string_view one, std::string_view other);

}  // namespace claimcheck

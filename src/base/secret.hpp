// Secret: a text that must never be seen. Printed, logged or formatted it gives "***". reveal()
// gives the text, to store it, to compare it, or to send it to the peer that it is for. A caller of
// reveal() must send the text to that peer only.
#pragma once

#include <fmt/format.h>

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace claimcheck {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

inline std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }

}  // namespace claimcheck

template <>
struct fmt::formatter<claimcheck::Secret> : fmt::formatter<std::string_view> {
  template <typename Context>
  auto format(const claimcheck::Secret&, Context& context) const {
    return fmt::formatter<std::string_view>::format("***", context);
  }
};

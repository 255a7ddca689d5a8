// Secret: a text that must never be seen. It can be stored, compared and handed to the peer it is
// for through reveal(); printed, logged or formatted it says "***". Whoever calls reveal() owns
// the duty that the text goes to that peer only.
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

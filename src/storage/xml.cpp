#include "storage/xml.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace claimcheck {

namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == text.npos; }

void append_utf8(std::string& into, std::uint32_t code) {
  const auto low = [code](unsigned shift) {
    return static_cast<char>(0x80U | ((code >> shift) & 0x3fU));
  };
  if (code < 0x80) return into.push_back(static_cast<char>(code));
  if (code < 0x800) {
    into.push_back(static_cast<char>(0xc0U | (code >> 6U)));
  } else if (code < 0x10000) {
    into.push_back(static_cast<char>(0xe0U | (code >> 12U)));
    into.push_back(low(6));
  } else {
    into.push_back(static_cast<char>(0xf0U | (code >> 18U)));
    into.push_back(low(12));
    into.push_back(low(6));
  }
  into.push_back(low(0));
}

// "#10", "#xA": the character of that number.
bool append_numbered(std::string& into, std::string_view number) {
  const bool hex = number.starts_with("#x");
  number.remove_prefix(hex ? 2 : 1);
  std::uint32_t code = 0;
  const char* const end = number.data() + number.size();
  const auto [stop, failed] = std::from_chars(number.data(), end, code, hex ? 16 : 10);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (failed != std::errc() || stop != end || code == 0 || code > 0x10ffff || surrogate) {
    return false;
  }
  append_utf8(into, code);
  return true;
}

bool append_entity(std::string& into, std::string_view name) {
  struct Row {
    std::string_view name;
    char character;
  };
  constexpr Row rows[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  if (name.starts_with('#')) return append_numbered(into, name);
  const auto* const found = std::ranges::find(rows, name, &Row::name);
  if (found == std::end(rows)) return false;
  into.push_back(found->character);
  return true;
}

// Reads from the front of `left`. Each function is false when the text is not as it should be.
class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}

  bool document(XmlElement& root) {
    return skip_around() && element(root, 1) && skip_around() && left_.empty();
  }

 private:
  bool take(std::string_view mark) {
    if (!left_.starts_with(mark)) return false;
    left_.remove_prefix(mark.size());
    return true;
  }

  bool skip_past(std::string_view mark) {
    const std::size_t found = left_.find(mark);
    if (found == left_.npos) return false;
    left_.remove_prefix(found + mark.size());
    return true;
  }

  void skip_blanks() {
    left_.remove_prefix(std::min(left_.find_first_not_of(blanks), left_.size()));
  }

  // Declarations and comments, before and after the root.
  bool skip_around() {
    for (skip_blanks(); left_.starts_with("<?") || left_.starts_with("<!--"); skip_blanks()) {
      if (!skip_past(left_[1] == '?' ? "?>" : "-->")) return false;
    }
    return true;
  }

  std::string_view name() {
    const std::size_t end = std::min(left_.find_first_of(" \t\r\n/>=<&\"'"), left_.size());
    const std::string_view name = left_.substr(0, end);
    left_.remove_prefix(end);
    return name;
  }

  bool attributes() {
    for (skip_blanks(); !left_.empty() && left_[0] != '>' && left_[0] != '/'; skip_blanks()) {
      if (name().empty()) return false;
      skip_blanks();
      if (!take("=")) return false;
      skip_blanks();
      if (!left_.starts_with('"') && !left_.starts_with('\'')) return false;
      const char quote = left_[0];
      left_.remove_prefix(1);
      if (!skip_past({&quote, 1})) return false;
    }
    return true;
  }

  bool element(XmlElement& into, int depth) {
    if (depth > xml_depth_max || !take("<")) return false;
    const std::string_view whole = name();
    if (whole.empty() || whole.starts_with('!') || whole.starts_with('?')) return false;
    into.name = whole.substr(whole.find(':') + 1);  // npos + 1 = 0
    if (!attributes()) return false;
    if (take("/>")) return true;
    return take(">") && content(into, depth) && take(whole) && (skip_blanks(), take(">"));
  }

  // Up to and with the "</" that ends it.
  bool content(XmlElement& into, int depth) {
    while (true) {
      if (!text(into.text)) return false;
      if (take("</")) break;
      if (left_.starts_with("<!--")) {
        if (!skip_past("-->")) return false;
        continue;
      }
      into.children.emplace_back();
      if (!element(into.children.back(), depth + 1)) return false;
    }
    // Of an element with children, what is between them only indents them.
    if (!into.children.empty() && is_blank(into.text)) into.text.clear();
    return true;
  }

  bool text(std::string& into) {
    while (!left_.empty() && left_[0] != '<') {
      const std::size_t end = std::min(left_.find_first_of("<&"), left_.size());
      into.append(left_.substr(0, end));
      left_.remove_prefix(end);
      if (!take("&")) continue;
      constexpr std::size_t entity_bytes_max = 10;
      const std::size_t length = left_.substr(0, entity_bytes_max).find(';');
      if (length == left_.npos || !append_entity(into, left_.substr(0, length))) return false;
      left_.remove_prefix(length + 1);
    }
    return !left_.empty();
  }

  std::string_view left_;
};

}  // namespace

const XmlElement* XmlElement::child(std::string_view called) const {
  const auto found = std::ranges::find(children, called, &XmlElement::name);
  return found == children.end() ? nullptr : &*found;
}

std::string XmlElement::text_of(std::string_view called) const {
  const XmlElement* const found = child(called);
  return found == nullptr ? std::string() : found->text;
}

Result<XmlElement> read_xml(std::string_view text) {
  XmlElement root;
  if (!Reader(text).document(root))
    return fail(Errc::unreadable, "this is no XML that we can read");
  return root;
}

}  // namespace claimcheck

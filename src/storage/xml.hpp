// Reads the XML that an S3 storage answers with: elements and their texts. Attributes, comments and
// declarations are skipped. A document type is refused, and so is anything that is not well formed,
// that nests deeper than xml_depth_max, or that spells a character in a way we do not know. Pure.
#pragma once

#include "base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace claimcheck {

inline constexpr int xml_depth_max = 8;

struct XmlElement {
  std::string name;  // without its namespace prefix
  std::string text;  // of itself, not of its children
  std::vector<XmlElement> children;

  // The first child of that name, or null.
  const XmlElement* child(std::string_view called) const;
  // Its text; empty = there is none.
  std::string text_of(std::string_view called) const;
};

// The root element. Errors: unreadable.
Result<XmlElement> read_xml(std::string_view text);

}  // namespace claimcheck

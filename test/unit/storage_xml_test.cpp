// The reader of an S3 storage's XML: what it reads, and what it refuses.
#include "net/http/http.hpp"
#include "storage/xml.hpp"

#include <doctest/doctest.h>

namespace claimcheck {
namespace {

TEST_CASE("storage xml: elements, their texts, entities and what is skipped") {
  const Result<XmlElement> root = read_xml(
      "\n <?xml version=\"1.0\"?>\n<!-- x -->\n<s3:List xmlns:s3=\"http://x/>\" a = 'b'>\n"
      "  <Key>a&amp;b&lt;&gt;&quot;&apos;&#65;&#xe9;&#x1F3AC;</Key>\n"
      "  <Empty/><Part ><N>1</N></Part><Part><N> 2 </N></Part><!-- > -->\n</s3:List >\n<!-- y "
      "-->\n");
  REQUIRE(root.has_value());
  CHECK(root->name == "List");
  CHECK(root->text.empty());
  CHECK(root->text_of("Key") == "a&b<>\"'A\xc3\xa9\xf0\x9f\x8e\xac");
  REQUIRE(root->child("Empty") != nullptr);
  CHECK(root->child("Empty")->text.empty());
  REQUIRE(root->children.size() == 4);
  CHECK(root->children[3].text_of("N") == " 2 ");
  CHECK(root->text_of("None").empty());
}

TEST_CASE("storage xml: what is not well formed is refused") {
  const char* const broken[] = {"",
                                "text",
                                "<a>",
                                "<a></b>",
                                "<a><b></a></b>",
                                "<a>&nbsp;</a>",
                                "<a>&amp</a>",
                                "<a>&#0;</a>",
                                "<a>&#xd800;</a>",
                                "<a>&#x110000;</a>",
                                "<a>&#;</a>",
                                "<a b></a>",
                                "<a b=c></a>",
                                "<a b=\"c></a>",
                                "<a/><b/>",
                                "<a/>x",
                                "<>x</>",
                                "<a",
                                "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
                                "<a><![CDATA[x]]></a>",
                                "<?xml",
                                "<!-- <a/>"};
  for (const char* text : broken) {
    CAPTURE(std::string(text));
    const Result<XmlElement> root = read_xml(text);
    REQUIRE_FALSE(root.has_value());
    CHECK(root.error().code == Errc::unreadable);
  }
}

TEST_CASE("storage xml: it nests only so deep") {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "<a>";
    for (int i = 0; i < depth; ++i) text += "</a>";
    return text;
  };
  CHECK(read_xml(nested(xml_depth_max)).has_value());
  CHECK_FALSE(read_xml(nested(xml_depth_max + 1)).has_value());
  CHECK_FALSE(read_xml(nested(1'000'000)).has_value());
}

TEST_CASE("storage xml: what is written can be read") {
  const std::string text = "\"a&b<c>'\"";
  CHECK(escape_html(text) == "&quot;a&amp;b&lt;c&gt;&#39;&quot;");
  CHECK(read_xml("<a>" + escape_html(text) + "</a>")->text == text);
}

}  // namespace
}  // namespace claimcheck

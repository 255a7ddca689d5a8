// Requests to Stripe, in its form encoding.
#include "stripe/client.hpp"

namespace claimcheck::stripe {

std::string encode(const Form& form) {
  std::string body;
  for (const auto& [name, value] : form) {
    if (!body.empty()) body += '&';
    body += name + '=' + url_encode(value);
  }
  return body;
}

std::string CheckoutParams::form() const {
  Form form = {{"mode", "payment"},
               {"line_items[0][price]", price},
               {"line_items[0][quantity]", std::to_string(quantity)},
               {"success_url", success_url},
               {"cancel_url", cancel_url}};
  // An empty one would be refused by Stripe.
  if (!customer_email.empty()) form.emplace_back("customer_email", customer_email);
  if (!reference.empty()) form.emplace_back("client_reference_id", reference);
  if (!locale.empty()) form.emplace_back("locale", locale);
  if (expires_at > 0) form.emplace_back("expires_at", std::to_string(expires_at));
  form.insert(form.end(), options.begin(), options.end());
  for (const auto& [name, value] : metadata) {
    form.emplace_back("metadata[" + url_encode(name) + ']', value);
  }
  // Last, and in a fixed sequence: the bytes are part of the idempotency key. From the metadata an
  // order can be recovered.
  form.emplace_back("metadata[video_count]", std::to_string(video_count));
  form.emplace_back("metadata[tool]", tool);
  return encode(form);
}

}  // namespace claimcheck::stripe

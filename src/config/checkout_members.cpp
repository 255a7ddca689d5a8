#include "config/checkout_members.hpp"

#include "flow/session_options.hpp"

#include <algorithm>
#include <array>

namespace claimcheck {

namespace {

using enum MemberKind;

constexpr bool required = true;

// Of API version 2026-10-28.endive, like every row below.
constexpr std::string_view payment_methods =
    "link acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit "
    "bacs_debit bancontact billie bizum blik boleto card cashapp crypto customer_balance eps "
    "fpx giropay grabpay ideal kakao_pay klarna konbini kr_card mb_way mobilepay multibanco "
    "naver_pay nz_bank_account oxxo p24 pay_by_bank payco paynow paypal paypay payto pix "
    "promptpay revolut_pay samsung_pay satispay scalapay sepa_debit sequra sofort sunbit "
    "swish twint upi us_bank_account wechat_pay zip";
// Link can not be excluded: wallet_options.link.display takes it away.
constexpr std::string_view all_but_link = payment_methods.substr(std::string_view("link ").size());
constexpr std::string_view countries =
    "AC AD AE AF AG AI AL AM AO AQ AR AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO "
    "BQ BR BS BT BV BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CV CW CY CZ DE DJ DK DM DO "
    "DZ EC EE EG EH ER ES ET FI FJ FK FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT "
    "GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IS IT JE JM JO JP KE KG KH KI KM KN KR KW "
    "KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MK ML MM MN MO MQ MR MS MT MU "
    "MV MW MX MY MZ NA NC NE NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SZ TA TC "
    "TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WF WS XK "
    "YE YT ZA ZM ZW ZZ";

constexpr std::string_view by_dashboard =
    "claimcheck does not hand it on; Stripe's Dashboard sets it for all sessions";
constexpr std::string_view not_handed_on = "claimcheck does not hand it on";
constexpr std::string_view no_connect = "claimcheck does not move money between accounts";
constexpr std::string_view no_subscription = "claimcheck sells one payment, not a subscription";
constexpr std::string_view no_customer =
    "orders belong to no stored customer; the buyer's address comes with the request";
constexpr std::string_view no_embedding = "the buyer is sent to Stripe's own page";
constexpr std::string_view no_saving = "claimcheck charges once and keeps no card for later";

// Stripe's name, what it holds, its words (or the reason of `owned`, or the beginning of an id),
// its least and its most: of a number, of the characters of a text, of the entries of a list.
const auto table = std::to_array<CheckoutMember>({
    {"adaptive_pricing", section},
    {"adaptive_pricing.enabled", flag, "", 0, 0, required},
    {"after_expiration", section},
    {"after_expiration.recovery", section, "", 0, 0, required},
    {"after_expiration.recovery.allow_promotion_codes", flag},
    {"after_expiration.recovery.enabled", flag, "", 0, 0, required},
    {"allow_promotion_codes", flag},
    {"allowed_payment_method_types", words, payment_methods, 1, 100},
    {"automatic_tax", section},
    {"automatic_tax.enabled", flag, "", 0, 0, required},
    {"automatic_tax.liability", owned, no_connect},
    {"billing_address_collection", word, "auto required"},
    {"consent_collection", section},
    {"consent_collection.payment_method_reuse_agreement", section},
    {"consent_collection.payment_method_reuse_agreement.position", word, "auto hidden", 0, 0,
     required},
    {"consent_collection.promotions", word, "auto none"},
    {"consent_collection.terms_of_service", word, "none required"},
    {"custom_fields", sections, "", 1, 3},
    {"custom_fields[].dropdown", section},
    {"custom_fields[].dropdown.default_value", name, "", 1, 100},
    {"custom_fields[].dropdown.options", sections, "", 1, 200, required},
    {"custom_fields[].dropdown.options[].label", text, "", 1, 100, required},
    {"custom_fields[].dropdown.options[].value", name, "", 1, 100, required},
    {"custom_fields[].key", name, "", 1, 200, required},
    {"custom_fields[].label", section, "", 0, 0, required},
    {"custom_fields[].label.custom", text, "", 1, 100, required},
    {"custom_fields[].label.type", word, "custom", 0, 0, required},
    {"custom_fields[].numeric", section},
    {"custom_fields[].numeric.default_value", digits, "", 1, 255},
    {"custom_fields[].numeric.maximum_length", number, "", 1, 255},
    {"custom_fields[].numeric.minimum_length", number, "", 1, 255},
    {"custom_fields[].optional", flag},
    {"custom_fields[].text", section},
    {"custom_fields[].text.default_value", text, "", 1, 255},
    {"custom_fields[].text.maximum_length", number, "", 1, 255},
    {"custom_fields[].text.minimum_length", number, "", 1, 255},
    {"custom_fields[].type", word, "dropdown numeric text", 0, 0, required},
    {"custom_text", section},
    {"custom_text.after_submit", section},
    {"custom_text.after_submit.message", text, "", 1, 1200, required},
    {"custom_text.shipping_address", section},
    {"custom_text.shipping_address.message", text, "", 1, 1200, required},
    {"custom_text.submit", section},
    {"custom_text.submit.message", text, "", 1, 1200, required},
    {"custom_text.terms_of_service_acceptance", section},
    {"custom_text.terms_of_service_acceptance.message", text, "", 1, 1200, required},
    {"customer_creation", word, "always if_required"},
    {"discounts", sections, "", 0, 1},
    {"discounts[].coupon", text, "", 1, 200},
    {"discounts[].promotion_code", id, "promo_", 1, 255},
    {"excluded_payment_method_types", words, all_but_link, 1, 100},
    {"expires_after", duration},
    {"invoice_creation", section},
    {"invoice_creation.enabled", flag, "", 0, 0, required},
    {"invoice_creation.invoice_data", section},
    {"invoice_creation.invoice_data.description", text, "", 1, 1500},
    {"invoice_creation.invoice_data.footer", text, "", 1, 5000},
    {"locale", word, stripe_locales},
    {"payment_intent_data", section},
    {"payment_intent_data.statement_descriptor", descriptor, "", 5, 22},
    {"payment_intent_data.statement_descriptor_suffix", descriptor, "", 1, 22},
    {"payment_method_configuration", id, "pmc_", 1, 100},
    {"payment_method_options", section},
    {"payment_method_options.boleto", section},
    {"payment_method_options.boleto.expires_after_days", number, "", 0, 60},
    {"payment_method_options.card", section},
    {"payment_method_options.card.request_three_d_secure", word, "any automatic challenge"},
    {"payment_method_options.card.statement_descriptor_suffix_kana", text, "", 1, 22},
    {"payment_method_options.card.statement_descriptor_suffix_kanji", text, "", 1, 17},
    {"payment_method_options.konbini", section},
    {"payment_method_options.konbini.expires_after_days", number, "", 1, 60},
    {"payment_method_options.oxxo", section},
    {"payment_method_options.oxxo.expires_after_days", number, "", 1, 7},
    {"payment_method_options.pix", section},
    {"payment_method_options.pix.expires_after_seconds", number, "", 60, 1'209'600},
    {"payment_method_options.us_bank_account", section},
    {"payment_method_options.us_bank_account.verification_method", word, "automatic instant"},
    {"phone_number_collection", section},
    {"phone_number_collection.enabled", flag, "", 0, 0, required},
    {"shipping_address_collection", section},
    {"shipping_address_collection.allowed_countries", words, countries, 1, 300, required},
    {"shipping_options", sections, "", 1, 5},
    {"shipping_options[].shipping_rate", id, "shr_", 1, 255, required},
    {"shipping_options[].shipping_rate_data", owned,
     "make a shipping rate at Stripe and name its id"},
    {"submit_type", word, "auto book donate pay"},
    {"tax_id_collection", section},
    {"tax_id_collection.enabled", flag, "", 0, 0, required},
    {"tax_id_collection.required", word, "if_supported never"},
    {"wallet_options", section},
    {"wallet_options.link", section},
    {"wallet_options.link.display", word, "auto never"},

    // What claimcheck decides itself, or what it could not stand up for.
    {"branding_settings", owned, by_dashboard},
    {"cancel_url", owned, "CLAIMCHECK_CANCEL_URL sets it"},
    {"client_reference_id", owned, "it comes with each request, as reference"},
    {"currency", owned, "the price has a currency, and the payment is compared with it"},
    {"customer", owned, no_customer},
    {"customer_account", owned, no_customer},
    {"customer_email", owned, "it comes with each request, as customerEmail"},
    {"customer_update", owned, no_customer},
    {"expand", owned, "it is no part of the session"},
    {"expires_at", owned, "a moment in a file would soon be past; write expires_after, a duration"},
    {"integration_identifier", owned, not_handed_on},
    {"line_items", owned, "price and quantity come with each request, within STRIPE_PRICE_IDS"},
    {"managed_payments", owned, "Stripe would be the seller and decide about refunds itself"},
    {"metadata", owned, "it comes with each request; claimcheck adds what it recovers orders from"},
    {"mode", owned, no_subscription},
    {"name_collection", owned, not_handed_on},
    {"optional_items", owned, "a buyer could add something that no video is made for"},
    {"origin_context", owned, no_embedding},
    {"payment_intent_data.application_fee_amount", owned, no_connect},
    {"payment_intent_data.capture_method", owned, "videos are made only when the money is there"},
    {"payment_intent_data.description", owned, not_handed_on},
    {"payment_intent_data.metadata", owned, "claimcheck keeps how an order ended beside it"},
    {"payment_intent_data.on_behalf_of", owned, no_connect},
    {"payment_intent_data.receipt_email", owned, "the buyer's address comes with each request"},
    {"payment_intent_data.setup_future_usage", owned, no_saving},
    {"payment_intent_data.shipping", owned, "the buyer writes it on Stripe's page"},
    {"payment_intent_data.transfer_data", owned, no_connect},
    {"payment_intent_data.transfer_group", owned, no_connect},
    {"payment_method_collection", owned, no_subscription},
    {"payment_method_data", owned, no_saving},
    {"payment_method_types", owned,
     "Stripe took it away on 2026-09-30; write allowed_payment_method_types"},
    {"permissions", owned, no_embedding},
    {"redirect_on_completion", owned, no_embedding},
    {"return_url", owned, no_embedding},
    {"saved_payment_method_options", owned, no_saving},
    {"setup_intent_data", owned, no_saving},
    {"subscription_data", owned, no_subscription},
    {"success_url", owned, "CLAIMCHECK_SUCCESS_URL sets it"},
    {"ui_mode", owned, no_embedding},
});

}  // namespace

std::span<const CheckoutMember> checkout_members() { return table; }

const CheckoutMember* checkout_member(std::string_view path) {
  const auto found = std::ranges::find(table, path, &CheckoutMember::path);
  return found == table.end() ? nullptr : &*found;
}

}  // namespace claimcheck

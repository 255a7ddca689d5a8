// The parameters of each Stripe operation, from the API's published schema (2026-10-28.endive).
#include "sandbox/parameters.hpp"

#include <array>

namespace claimcheck::sandbox::takes {

namespace {

using enum Kind;

constexpr Parameter expand = {"expand[]"};
constexpr Parameter limit = {"limit", integer};
constexpr Parameter starting_after = {"starting_after"};
constexpr Parameter ending_before = {"ending_before"};
constexpr Parameter created = {"created", integer};
constexpr Parameter created_gt = {"created.gt", integer};
constexpr Parameter created_gte = {"created.gte", integer};
constexpr Parameter created_lt = {"created.lt", integer};
constexpr Parameter created_lte = {"created.lte", integer};

constexpr auto checkout_create_list = std::to_array<Parameter>({
    {"mode", one_of, "payment setup subscription"},
    {"line_items[].price"},
    {"line_items[].quantity", integer},
    {"line_items[].price_data.currency"},
    {"line_items[].price_data.unit_amount", integer},
    {"line_items[].price_data.product"},
    {"line_items[].price_data.product_data.name"},
    {"line_items[].price_data.product_data.description", text, "", 40000},
    {"line_items[].price_data.product_data.images[]"},
    {"line_items[].price_data.product_data.metadata", metadata},
    {"line_items[].price_data.product_data.tax_code"},
    {"line_items[].price_data.product_data.tax_details", any},
    {"line_items[].price_data.product_data.unit_label"},
    {"line_items[].price_data.recurring", any},
    {"line_items[].price_data.tax_behavior", one_of, "exclusive inclusive unspecified"},
    {"line_items[].adjustable_quantity.enabled", boolean},
    {"line_items[].adjustable_quantity.maximum", integer},
    {"line_items[].adjustable_quantity.minimum", integer},
    {"line_items[].metadata", metadata},
    {"line_items[].tax_rates[]"},
    {"success_url"},
    {"cancel_url"},
    {"client_reference_id", text, "", 200},
    {"customer_email"},
    {"metadata", metadata},
    {"payment_intent_data.metadata", metadata},
    {"payment_intent_data.description", text, "", 1000},
    {"payment_intent_data.capture_method", one_of, "automatic automatic_async manual"},
    {"payment_intent_data.application_fee_amount", integer},
    {"payment_intent_data.on_behalf_of"},
    {"payment_intent_data.receipt_email"},
    {"payment_intent_data.setup_future_usage", one_of, "off_session on_session"},
    {"payment_intent_data.shipping", any},
    {"payment_intent_data.statement_descriptor", text, "", 22},
    {"payment_intent_data.statement_descriptor_suffix", text, "", 22},
    {"payment_intent_data.transfer_data", any},
    {"payment_intent_data.transfer_group"},
    {"expires_at", integer},
    {"adaptive_pricing.enabled", boolean},
    {"allowed_payment_method_types[]"},
    {"excluded_payment_method_types[]"},
    {"integration_identifier", text, "", 200},
    {"ui_mode", one_of, "elements embedded_page form hosted_page"},
    {"locale", one_of,
     "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja "
     "ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW"},
    {"submit_type", one_of, "auto book donate pay subscribe"},
    {"billing_address_collection", one_of, "auto required"},
    {"currency"},
    {"customer"},
    {"customer_account"},
    {"customer_creation", one_of, "always if_required"},
    {"allow_promotion_codes", boolean},
    {"phone_number_collection.enabled", boolean},
    {"managed_payments.enabled", boolean},
    {"redirect_on_completion", one_of, "always if_required never"},
    {"return_url"},
    {"origin_context", one_of, "mobile_app web"},
    {"payment_method_collection", one_of, "always if_required"},
    {"payment_method_configuration"},
    {"branding_settings", any},
    {"customer_update", any},
    {"after_expiration.recovery.allow_promotion_codes", boolean},
    {"after_expiration.recovery.enabled", boolean},
    {"automatic_tax.enabled", boolean},
    {"automatic_tax.liability", any},
    {"consent_collection.payment_method_reuse_agreement.position", one_of, "auto hidden"},
    {"consent_collection.promotions", one_of, "auto none"},
    {"consent_collection.terms_of_service", one_of, "none required"},
    {"custom_fields[].dropdown.default_value", text, "", 100},
    {"custom_fields[].dropdown.options[].label", text, "", 100},
    {"custom_fields[].dropdown.options[].value", text, "", 100},
    {"custom_fields[].key", text, "", 200},
    {"custom_fields[].label.custom"},
    {"custom_fields[].label.type", one_of, "custom"},
    {"custom_fields[].numeric.default_value", text, "", 255},
    {"custom_fields[].numeric.maximum_length", integer},
    {"custom_fields[].numeric.minimum_length", integer},
    {"custom_fields[].optional", boolean},
    {"custom_fields[].text.default_value", text, "", 255},
    {"custom_fields[].text.maximum_length", integer},
    {"custom_fields[].text.minimum_length", integer},
    {"custom_fields[].type", one_of, "dropdown numeric text"},
    {"custom_text.after_submit.message"},
    {"custom_text.shipping_address.message"},
    {"custom_text.submit.message"},
    {"custom_text.terms_of_service_acceptance.message"},
    {"discounts[].coupon"},
    {"discounts[].promotion_code"},
    {"invoice_creation.enabled", boolean},
    {"invoice_creation.invoice_data.account_tax_ids[]"},
    {"invoice_creation.invoice_data.custom_fields", any},
    {"invoice_creation.invoice_data.description", text, "", 1500},
    {"invoice_creation.invoice_data.footer"},
    {"invoice_creation.invoice_data.issuer", any},
    {"invoice_creation.invoice_data.metadata", metadata},
    {"invoice_creation.invoice_data.rendering_options", any},
    {"payment_method_options.boleto.expires_after_days", integer},
    {"payment_method_options.card.capture_method", one_of, "manual"},
    {"payment_method_options.card.installments", any},
    {"payment_method_options.card.request_three_d_secure", one_of, "any automatic challenge"},
    {"payment_method_options.card.restrictions", any},
    {"payment_method_options.card.statement_descriptor_suffix_kana", text, "", 22},
    {"payment_method_options.card.statement_descriptor_suffix_kanji", text, "", 17},
    {"payment_method_options.konbini.expires_after_days", integer},
    {"payment_method_options.oxxo.expires_after_days", integer},
    {"payment_method_options.pix.expires_after_seconds", integer},
    {"payment_method_options.us_bank_account.verification_method", one_of, "automatic instant"},
    {"shipping_address_collection.allowed_countries[]", text, "", 2},
    {"shipping_options[].shipping_rate"},
    {"shipping_options[].shipping_rate_data", any},
    {"tax_id_collection.enabled", boolean},
    {"tax_id_collection.required", one_of, "if_supported never"},
    {"wallet_options.link.display", one_of, "auto never"},
    {"name_collection", any},
    {"optional_items", any},
    {"payment_method_data", any},
    {"permissions", any},
    {"saved_payment_method_options", any},
    {"setup_intent_data", any},
    {"subscription_data", any},
    expand,
});

constexpr auto checkout_list_list = std::to_array<Parameter>({
    created,
    created_gt,
    created_gte,
    created_lt,
    created_lte,
    {"customer"},
    {"customer_account"},
    {"customer_details.email"},
    {"payment_intent"},
    {"payment_link"},
    {"status", one_of, "complete expired open"},
    {"subscription"},
    limit,
    starting_after,
    ending_before,
    expand,
});

constexpr auto list_list = std::to_array<Parameter>({limit, starting_after, ending_before, expand});

constexpr auto events_list_list = std::to_array<Parameter>({
    created,
    created_gt,
    created_gte,
    created_lt,
    created_lte,
    {"type"},
    {"types[]"},
    {"delivery_success", boolean},
    limit,
    starting_after,
    ending_before,
    expand,
});

constexpr auto payments_list_list = std::to_array<Parameter>({
    created,
    created_gt,
    created_gte,
    created_lt,
    created_lte,
    {"payment_intent"},
    {"charge"},
    {"customer"},
    {"transfer_group"},
    limit,
    starting_after,
    ending_before,
    expand,
});

constexpr auto refund_create_list = std::to_array<Parameter>({
    {"payment_intent"},
    {"charge"},
    {"amount", integer},
    {"reason", one_of, "duplicate fraudulent requested_by_customer"},
    {"metadata", metadata},
    {"instructions_email"},
    {"currency"},
    {"customer"},
    {"origin", one_of, "customer_balance"},
    {"refund_application_fee", boolean},
    {"reverse_transfer", boolean},
    expand,
});

constexpr auto charge_update_list = std::to_array<Parameter>({
    {"metadata", metadata},
    {"description", text, "", 40000},
    {"receipt_email"},
    {"customer"},
    {"fraud_details", any},
    {"shipping", any},
    {"transfer_group"},
    expand,
});

constexpr auto endpoint_update_list = std::to_array<Parameter>({
    {"disabled", boolean},
    {"description"},
    {"metadata", metadata},
    {"expand[]"},
});

constexpr auto endpoint_create_list = std::to_array<Parameter>({
    {"enabled_events[]"},
    {"url"},
    {"api_version"},
    {"connect", boolean},
    {"description"},
    {"metadata", metadata},
    expand,
});

constexpr auto expand_only_list = std::to_array<Parameter>({expand});

}  // namespace

constinit const std::span<const Parameter> checkout_create = checkout_create_list;
constinit const std::span<const Parameter> checkout_list = checkout_list_list;
constinit const std::span<const Parameter> list = list_list;
constinit const std::span<const Parameter> events_list = events_list_list;
constinit const std::span<const Parameter> payments_list = payments_list_list;
constinit const std::span<const Parameter> refund_create = refund_create_list;
constinit const std::span<const Parameter> charge_update = charge_update_list;
constinit const std::span<const Parameter> expand_only = expand_only_list;
constinit const std::span<const Parameter> endpoint_create = endpoint_create_list;
constinit const std::span<const Parameter> endpoint_update = endpoint_update_list;

}  // namespace claimcheck::sandbox::takes

// What the shop says of itself, [shop] in the server's configuration: { name, shop, support,
// products }. The server writes it in here; without a shop it is empty.
export const face = {};

// What the shop calls what was bought; else the tool's title. Nothing without a shop.
export function productTitle({ priceId, toolTitle }) {
  return (face.name && (face.products[priceId] || toolTitle)) || '';
}

// Where a buyer writes to, with the order's number in the subject of a mail. Null = not known.
export function supportAddress(session) {
  if (!face.support) return null;
  if (!session || !face.support.startsWith('mailto:')) return face.support;
  return `${face.support}?subject=${encodeURIComponent(session)}`;
}

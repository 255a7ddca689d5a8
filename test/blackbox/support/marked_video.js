// A video with provenance marks: the sandbox's clip with the box of C2PA (Content Credentials) in
// front of its pictures, and with enough bytes of every value to be copied in several parts.
'use strict';
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const number = (value, bytes = 4) => {
  const written = Buffer.alloc(bytes);
  written.writeUIntBE(value, bytes - Math.min(bytes, 6), Math.min(bytes, 6));
  return written;
};
function box(type, ...parts) {
  const body = Buffer.concat(parts);
  return Buffer.concat([number(8 + body.length), Buffer.from(type, 'latin1'), body]);
}
const uuid = (text) => Buffer.from(text.replaceAll('-', ''), 'hex');

// JUMBF (ISO 19566-5): a box whose description says what the boxes after it hold. The type begins
// with four letters.
const jumbf = (letters, label, ...content) => box('jumb', box('jumd',
  Buffer.from(letters, 'latin1'), uuid('00110010800000aa00389b71'), Buffer.from([3]),
  Buffer.from(`${label}\0`)), ...content);

const c2paBox = 'd8fec3d6-1b0e-483c-9297-5828877ec481';
function manifestBox() {
  const cbor = box('cbor', Buffer.concat([Buffer.from([0x58, 200]), crypto.randomBytes(200)]));
  const store = jumbf('c2pa', 'c2pa', jumbf('c2ma', `urn:uuid:${crypto.randomUUID()}`,
    jumbf('c2cl', 'c2pa.claim', cbor), jumbf('c2cs', 'c2pa.signature', cbor)));
  // Version and flags, its purpose, no further box, and the store itself.
  return box('uuid', uuid(c2paBox), number(0), Buffer.from('manifest\0'), number(0, 8), store);
}

// The places of the pictures in the file (stco), in the boxes that lead there.
const leadsThere = ['moov', 'trak', 'mdia', 'minf', 'stbl'];
function movePictures(bytes, by) {
  for (let at = 0; at < bytes.length; at += bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    const inside = bytes.subarray(at + 8, at + bytes.readUInt32BE(at));
    if (leadsThere.includes(type)) movePictures(inside, by);
    if (type !== 'stco') continue;
    for (let entry = 8; entry < inside.length; entry += 4) {
      inside.writeUInt32BE(inside.readUInt32BE(entry) + by, entry);
    }
  }
}

const clip = path.join(__dirname, '../../../sandbox/web/sample.mp4');
function markedVideo(bytes) {
  const plain = fs.readFileSync(clip);
  const first = plain.readUInt32BE(0);  // ftyp, which stays in front
  const manifest = manifestBox();
  movePictures(plain, manifest.length);
  const marked = Buffer.concat([plain.subarray(0, first), manifest, plain.subarray(first)]);
  return Buffer.concat([marked, box('free', crypto.randomBytes(bytes - marked.length - 8))]);
}

module.exports = { c2paBox: uuid(c2paBox), markedVideo };

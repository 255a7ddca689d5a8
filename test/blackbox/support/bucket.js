// A real S3 server with one empty bucket, s3rver (npm), in this process: for the tests of results
// that are kept. It can be taken away and comes back with what it had.
'use strict';
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const S3rver = require('s3rver');

class BucketServer {
  static async start() {
    const bucket = new BucketServer();
    await bucket.open(0);
    return bucket;
  }

  constructor() {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-bucket-'));
  }

  async open(port) {
    this.server = new S3rver({
      address: '127.0.0.1', port, silent: true, directory: this.folder, vhostBuckets: false,
      resetOnClose: false, configureBuckets: [{ name: 'shop' }],
    });
    const address = await this.server.run();
    this.port = address.port;
    this.url = `http://127.0.0.1:${this.port}/shop`;
  }
  close() { return this.server.close(); }
  back() { return this.open(this.port); }

  get settings() {
    return {
      CLAIMCHECK_STORAGE_URL: this.url, CLAIMCHECK_STORAGE_KEY_ID: 'S3RVER',
      CLAIMCHECK_STORAGE_SECRET: 'S3RVER',
    };
  }

  // The names of all objects.
  async objects() {
    const text = await (await fetch(`${this.url}?list-type=2`)).text();
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, name]) => name);
  }

  async end() {
    await this.close().catch(() => null);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { BucketServer };

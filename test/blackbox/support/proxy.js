// A real nginx, Caddy or HAProxy in front of a server, with the configuration that docs/proxies.md
// tells people to use: only addresses, the certificate and the place of its own files are replaced.
'use strict';
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { freePort } = require('./port.js');
const { eventually } = require('./sandbox.js');

const page = path.join(__dirname, '..', '..', '..', 'docs', 'proxies.md');

// The text of the page's block in that language.
function recipe(language) {
  const blocks = fs.readFileSync(page, 'utf8').match(/^```[^]*?^```$/gm);
  const block = blocks.find((one) => one.startsWith(`\`\`\`${language}\n`));
  return block.split('\n').slice(1, -1).join('\n');
}

// Every replacement must find its place: the page and this file change together.
function replaced(text, ...pairs) {
  for (const [from, to] of pairs) {
    if (!from.test(text)) throw new Error(`docs/proxies.md: no ${from}`);
    text = text.replace(from, to);
  }
  return text;
}

// Makes the configuration, and the command that runs it in the foreground.
const kinds = {
  nginx(folder, port, upstream) {
    const server = replaced(recipe('nginx'), [/listen 443 ssl/, `listen 127.0.0.1:${port}`],
      [/ssl_certificate .*\n/, '\n'], [/ssl_certificate_key .*\n/, '\n'],
      [/127\.0\.0\.1:8080/, upstream]);
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/${name};`).join('\n');
    const file = path.join(folder, 'nginx.conf');
    fs.writeFileSync(file, `daemon off; worker_processes 1; pid ${folder}/pid;
      error_log ${folder}/errors; events { worker_connections 8192; }
      http { access_log off; ${places} ${server} }`);
    return ['nginx', '-p', folder, '-c', file, '-e', `${folder}/errors`];
  },
  caddy(folder, port, upstream) {
    const site = replaced(recipe('caddy'), [/^video\.example\.com/, `http://127.0.0.1:${port}`],
      [/127\.0\.0\.1:8080/, upstream]);
    const file = path.join(folder, 'Caddyfile');
    fs.writeFileSync(file, `{\n admin off\n auto_https off\n}\n${site}\n`);
    return ['caddy', 'run', '--config', file, '--adapter', 'caddyfile'];
  },
  haproxy(folder, port, upstream) {
    const file = path.join(folder, 'haproxy.cfg');
    fs.writeFileSync(file, replaced(recipe('haproxy'),
      [/bind :443 ssl crt .*/, `bind 127.0.0.1:${port}`], [/127\.0\.0\.1:8080/, upstream]) + '\n');
    return ['haproxy', '-db', '-f', file];
  },
};

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

class Proxy {
  // kind: nginx, caddy, haproxy; upstream: the server's URL. Resolves when it answers.
  static async start(kind, upstream) {
    const proxy = new Proxy();
    proxy.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'claimcheck-proxy-'));
    fs.chmodSync(proxy.folder, 0o755);  // nginx that root starts works as another user
    proxy.url = `http://127.0.0.1:${await freePort()}`;
    const [program, ...args] =
      kinds[kind](proxy.folder, new URL(proxy.url).port, new URL(upstream).host);
    const env = { PATH: `${process.env.PATH}:/usr/sbin`, HOME: proxy.folder };
    proxy.child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    running.add(proxy.child);
    let errors = '';
    proxy.child.stderr.on('data', (part) => { errors += part; });
    proxy.ended = new Promise((resolve) => {
      proxy.child.once('error', (error) => { errors += error.message; resolve(); });
      proxy.child.once('close', resolve);
    }).then(() => running.delete(proxy.child));
    // Also a 502: whether the server behind it runs is the test's affair.
    const answers = () => fetch(`${proxy.url}/healthz`).then(() => true, () => false);
    await Promise.race([
      eventually(answers, { what: `${kind} to answer` }),
      proxy.ended.then(() => { throw new Error(`${kind} ended: ${errors}`); }),
    ]);
    return proxy;
  }

  async stop() {
    this.child.kill('SIGTERM');
    await this.ended;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

module.exports = { Proxy, kinds: Object.keys(kinds) };

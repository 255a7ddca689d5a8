// Who answers GET /api/webhook-status/<id> in the benchmark. A peer is { name, what, start(world)
// }, where start gives the Program, or a text: why it cannot run here. `world` is { redis, sandbox,
// folder, settings }. before and behind: what stands around the id in its address. check(id, value,
// answer) says whether the answer is what stands in Redis.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { binary, defaults } = require('../test/blackbox/support/claimcheck.js');
const { freePort } = require('../test/blackbox/support/port.js');
const { Program } = require('./programs.js');

const builtPeers = path.dirname(path.resolve(binary));
const staticBytes = 600;
const before = '/api/webhook-status/';

// The seven members that the original system answers. Others may stand beside them.
function sameMembers(id, value, { status, body }) {
  const stored = JSON.parse(value);
  const answered = JSON.parse(body);
  const names = ['status', 'fileId', 'error', 'toolSlug', 'toolTitle', 'prompt'];
  return status === 200 && answered.timestamp === stored.createdAt
    && names.every((name) => answered[name] === stored[name]);
}

async function atFreePort(start) {
  const port = await freePort();
  const program = await start(port);
  if (typeof program !== 'string') program.port = port;
  return program;
}

const nodeIsOld = () => (Number(process.versions.node.split('.')[0]) < 20
  ? 'needs Node 20 or newer' : !fs.existsSync(path.join(__dirname, 'node_modules'))
    && 'its npm packages are not installed');

const claimcheck = {
  name: 'claimcheck', what: 'the server', before, check: sameMembers,
  start: ({ redis, sandbox, settings }) => atFreePort((port) => Program.start('claimcheck',
    [binary, 'serve'], {
      answers: `http://127.0.0.1:${port}/healthz`,
      env: {
        ...defaults, CLAIMCHECK_LISTEN: `127.0.0.1:${port}`, REDIS_URL: redis.url,
        CLAIMCHECK_DURABILITY: 'memory', CLAIMCHECK_TRUSTED_PROXIES: '127.0.0.1',
        STRIPE_API_URL: sandbox.url, SUPERDUPERAI_URL: sandbox.url, ...settings,
      },
    })),
};

const floor = {
  name: 'epoll + Redis', what: 'floor without a cache: bare epoll, one pipelined connection',
  before, check: sameMembers,
  start: ({ redis }) => atFreePort((port) => {
    const program = path.join(builtPeers, 'bench_epoll_redis');
    if (!fs.existsSync(program)) return 'it is not built';
    return Program.start('bench_epoll_redis', [program, String(port), String(redis.port)],
      { answers: `http://127.0.0.1:${port}${before}none` });
  }),
};

const fastify = {
  name: 'fastify + node-redis', what: 'Node', before, check: sameMembers,
  start: ({ redis }) => nodeIsOld() || atFreePort((port) => Program.start('fastify',
    ['node', path.join(__dirname, 'peers', 'fastify_status.js')], {
      answers: `http://127.0.0.1:${port}/`,
      env: { PORT: String(port), REDIS_PORT: String(redis.port), NODE_ENV: 'production' },
    })),
};

// nginx in a folder of its own; `lines` are the inside of its `server`.
function startNginx(folder, name, lines, modules = '', http = '') {
  return atFreePort((port) => {
    const own = fs.mkdtempSync(path.join(folder, 'nginx-'));
    fs.chmodSync(folder, 0o755);  // nginx that root starts works as another user
    fs.chmodSync(own, 0o755);
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((one) => `${one}_temp_path ${own}/${one};`).join(' ');
    fs.writeFileSync(path.join(own, 'nginx.conf'), `${modules}
      daemon off; worker_processes 1; pid ${own}/pid; error_log ${own}/errors;
      events { worker_connections 8192; }
      http { access_log off; keepalive_requests 1000000000; sendfile on; tcp_nopush on; ${places}
        ${http} server { listen 127.0.0.1:${port}; ${lines(own)} } }`);
    return Program.start(name,
      ['nginx', '-p', own, '-c', path.join(own, 'nginx.conf'), '-e', path.join(own, 'errors')],
      { answers: `http://127.0.0.1:${port}/` });
  });
}

const staticText = 's'.repeat(staticBytes);
const staticFile = {
  name: 'nginx, static file', what: 'floor of a cached answer: one file of 600 bytes', before,
  check: (id, value, { status, body }) => status === 200 && body === staticText,
  start: ({ folder }) => startNginx(folder, 'nginx', (own) => {
    fs.writeFileSync(path.join(own, 'answer'), staticText);
    return `location / { root ${own}; try_files /answer =404; }`;
  }),
};

const luaModules = '/usr/lib/nginx/modules';
const nginxLua = {
  name: 'nginx + Lua', what: 'nginx with Lua, cjson and kept connections', before,
  check: sameMembers,
  start({ folder, redis }) {
    const names = ['ndk_http_module', 'ngx_http_lua_module']
      .map((one) => `${luaModules}/${one}.so`);
    if (!names.every((name) => fs.existsSync(name))) return 'nginx has no Lua module here';
    const code = fs.readFileSync(path.join(__dirname, 'peers', 'nginx_status.lua'), 'utf8');
    return startNginx(folder, 'nginx with Lua', (own) => {
      const file = path.join(own, 'status.lua');
      fs.writeFileSync(file, code.replaceAll('REDIS_PORT', String(redis.port)));
      return `location / { content_by_lua_file ${file}; }`;
    }, names.map((name) => `load_module ${name};`).join('\n'));
  },
};

const webdis = {
  name: 'webdis', what: 'the raw value by HTTP: nothing is left out or renamed',
  before: '/GET/session:', behind: '.txt',
  check: (id, value, { status, body }) => status === 200 && body === value,
  start: ({ folder, redis }) => atFreePort((port) => {
    if (!fs.existsSync('/usr/bin/webdis')) return 'webdis is not installed';
    const file = path.join(folder, 'webdis.json');
    fs.writeFileSync(file, JSON.stringify({
      redis_host: '127.0.0.1', redis_port: redis.port, http_host: '127.0.0.1', http_port: port,
      threads: 1, pool_size: 20, daemonize: false, verbosity: 0, database: 0,
      logfile: path.join(folder, 'webdis.log'),
    }));
    return Program.start('webdis', ['webdis', file],
      { answers: `http://127.0.0.1:${port}/PING` });
  }),
};

module.exports = {
  claimcheck, fastify, floor, nodeIsOld,
  statusPeers: [claimcheck, floor, staticFile, fastify, nginxLua, webdis],
};

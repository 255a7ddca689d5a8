// One run of wrk, on the core of the load. The script ends with a line of figures (result.lua).
'use strict';
const { execFile } = require('node:child_process');
const path = require('node:path');
const { promisify } = require('node:util');
const { loadCore } = require('./programs.js');

const execute = promisify(execFile);

// { requests, us, p50, p99 }, times in microseconds. A request that fails ends the benchmark.
async function wrk(url, script, words, { connections, seconds, env }) {
  const { stdout } = await execute('taskset', ['-c', String(loadCore), 'wrk', '-t1',
    `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', path.join(__dirname, script),
    url, '--', ...words.map(String)],
  { env: { ...process.env, ...env, BENCH: __dirname } });
  const [, requests, us, errors, p50, p99] =
    /RESULT (\d+) (\d+) (\d+) (\d+) (\d+)/.exec(stdout).map(Number);
  if (errors > 0) throw new Error(`${url}: ${errors} requests failed`);
  return { requests, us, p50, p99 };
}

module.exports = { wrk };

// ./dev torture: the real binaries under a storm of faults by seed. Two service processes, a real
// Redis with a replica, proxies on every link, buyers, a fault injector and a judge. Ends with 1
// when something was found, and keeps logs and ledgers then.
'use strict';
const fs = require('node:fs');
const { readOptions, usage } = require('./options.js');
const { Torture } = require('./torture.js');

async function main() {
  let options;
  try {
    options = readOptions();
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    return 2;
  }
  const torture = new Torture(options);
  let findings;
  try {
    findings = await torture.run();
  } catch (error) {
    await torture.environment?.end();
    findings = [`the rig failed: ${error.stack}`];
  }
  const folder = torture.environment?.folder;
  const isWell = findings.length === 0;
  console.log(isWell ? '\nall is well' : `\n${findings.length} findings`);
  for (const finding of findings.slice(0, 50)) console.log(`  ${finding}`);
  if (isWell && !options.keep) fs.rmSync(folder, { recursive: true, force: true });
  else if (folder) console.log(`logs, books and Redis' files are kept in ${folder}`);
  return isWell ? 0 : 1;
}

// What was started ends with it: exit handlers run only when the process exits by itself.
for (const [signal, code] of [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]]) {
  process.on(signal, () => process.exit(code));
}
main().then((code) => process.exit(code));

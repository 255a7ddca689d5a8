// ./dev bench: what a status and an order cost, side by side with other stacks that do the same
// job on the same machine in the same minutes. docs/performance.md says how to read it.
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { binary } = require('../test/blackbox/support/claimcheck.js');
const { backlogFigures } = require('./backlog.js');
const { costText, orderCost } = require('./order_cost.js');
const { parts, readOptions, usage } = require('./options.js');
const { compareOrders, ordersByPrompt, ordersByStored } = require('./orders.js');
const { plot } = require('./plot.js');
const { processFigures } = require('./process.js');
const { machine } = require('./programs.js');
const {
  compareStatus, statusByLoad, statusBySize, statusByStored,
} = require('./status.js');
const {
  figureColumns, markdownTable, orderColumns, screenTable, statusColumns,
} = require('./tables.js');

const root = path.join(__dirname, '..');
const results = path.join(__dirname, 'RESULTS.md');
const golden = path.join(root, 'test', 'data', 'order_cost.txt');

class Run {
  constructor(options) {
    this.options = options;
    this.sections = {};  // of RESULTS.md, a text for each part
  }

  async status() {
    const { sessions, rounds, seconds, connections } = this.options.status;
    const rows = await compareStatus(this.options.status);
    this.table(`A status: ${sessions} sessions, ${connections} connections, ${seconds} s in each `
      + `of ${rounds} round(s)`, statusColumns, rows);
    const { sizes, loads, statusStored } = this.options;
    if (!sizes) return;
    this.plot('bench_status_size', {
      title: 'One status against the size of its prompt', xTitle: 'characters of the prompt',
      yTitle: 'server CPU, µs a request', lines: await statusBySize(sizes) });
    this.plot('bench_status_load', {
      title: 'One status against the load', xTitle: 'connections at once',
      yTitle: 'server CPU, µs a request', lines: await statusByLoad(loads) });
    this.plot('bench_status_stored', {
      title: 'One status against what is stored', xTitle: 'stored sessions',
      yTitle: 'server CPU, µs a request', lines: await statusByStored(statusStored) });
  }

  async orders() {
    const { orders, rounds } = this.options.orders;
    const rows = await compareOrders(this.options.orders);
    this.table(`Orders of one video: ${orders} in each of ${rounds} round(s)`, orderColumns, rows);
    const { prompts, ordersStored } = this.options;
    if (!prompts) return;
    this.plot('bench_order_prompt', {
      title: 'One order against the size of its prompt', xTitle: 'bytes of the prompt',
      yTitle: 'server CPU, µs an order', lines: await ordersByPrompt(prompts) });
    this.plot('bench_order_stored', {
      title: 'One order against what is stored', xTitle: 'stored sessions',
      yTitle: 'server CPU, µs an order', lines: await ordersByStored(ordersStored) });
  }

  async process() {
    this.table('The process', figureColumns, await processFigures(this.options.process));
    const { backlog } = this.options;
    this.table(`${backlog.orders} open orders after a crash`, figureColumns,
      await backlogFigures(backlog));
  }

  micro() {
    const program = path.join(path.dirname(binary), 'bench_micro');
    if (!fs.existsSync(program)) {
      console.log('left out: the functions alone, they are not built');
      return;
    }
    const seconds = this.options.quick ? 0.02 : 0.5;
    const text = execFileSync('taskset', ['-c', '0', program, '--benchmark_counters_tabular=true',
      `--benchmark_min_time=${seconds}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    this.text('Functions alone', text);
  }

  async counts() {
    const text = costText(await orderCost());
    this.text('Counts', text);
    if (this.options.write) fs.writeFileSync(golden, text);
  }

  table(title, columns, rows) {
    console.log(`\n${title}\n${screenTable(columns, rows)}`);
    this.add(title, markdownTable(columns, rows));
  }

  text(title, text) {
    console.log(`\n${title}\n${text}`);
    this.add(title, `\`\`\`\n${text.trimEnd()}\n\`\`\``);
  }

  // Under the part that runs, whose first lines say when and where.
  add(title, body) {
    const day = new Date().toISOString().slice(0, 10);
    this.sections[this.part] ??= `## ${this.part}\n\n${day}, ${machine()}\n`;
    this.sections[this.part] += `\n### ${title}\n\n${body}\n`;
  }

  plot(name, chart) {
    const table = chart.lines.map((line) => `${line.name}: ${line.points.map(([x, y]) =>
      `${x} → ${y.toFixed(1)}`).join(', ')}`).join('\n');
    this.text(`${chart.title} (${chart.yTitle})`, table);
    if (this.options.keep) {
      fs.writeFileSync(path.join(root, 'docs', 'images', `${name}.svg`), plot(chart));
    }
  }

  // Parts that did not run stay as they were.
  keep() {
    const old = fs.existsSync(results) ? fs.readFileSync(results, 'utf8') : '';
    const kept = Object.fromEntries(old.split(/^(?=## )/m).slice(1).map((section) =>
      [/^## (\w+)/.exec(section)[1], `${section.trimEnd()}\n`]));
    const all = { ...kept, ...this.sections };
    fs.writeFileSync(results, ['# The last runs of ./dev bench that were kept\n',
      'Medians of interleaved rounds; ratios are of the same round. What is measured stands in\n'
      + '[docs/performance.md](../docs/performance.md).\n',
      ...parts.filter((part) => part in all).map((part) => all[part])].join('\n'));
  }
}

async function main() {
  let options;
  try {
    options = readOptions();
  } catch (error) {
    console.error(`${error.message}\n${usage}`);
    return 2;
  }
  console.log(machine());
  const run = new Run(options);
  for (const part of options.chosen) {
    run.part = part;
    await run[part]();
  }
  if (options.keep) run.keep();
  return 0;
}

// What was started ends with it: exit handlers run only when the process exits by itself.
for (const [signal, code] of [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]]) {
  process.on(signal, () => process.exit(code));
}
main().then((code) => process.exit(code), (error) => {
  console.error(error);
  process.exit(1);
});

// The tables of a run, as text for the screen and as Markdown for RESULTS.md.
'use strict';

const digits = (number) => (number === undefined ? '' : number >= 100 ? number.toFixed(0)
  : number >= 10 ? number.toFixed(1) : number.toFixed(2));

// [heading, text of a row]. µs and ms are of the server's processor; the ratio is to claimcheck;
// bytes are sent to Redis and kept there, for each order.
const statusColumns = [
  ['who', (row) => row.name],
  ['µs/request', (row) => digits(row.server)],
  ['best round', (row) => digits(row.least)],
  ['user', (row) => digits(row.user)],
  ['system', (row) => digits(row.system)],
  ['ratio', (row) => `${digits(row.ratio)}×`],
  ['Redis µs', (row) => digits(row.redis)],
  ['requests/s', (row) => String(Math.round(row.rate))],
  ['p50 ms', (row) => digits(row.p50)],
  ['p99 ms', (row) => digits(row.p99)],
  ['MB', (row) => digits(row.memory)],
];
const orderColumns = [
  ['who', (row) => row.name],
  ['ms/order', (row) => digits(row.server / 1000)],
  ['best round', (row) => digits(row.least / 1000)],
  ['user', (row) => digits(row.user / 1000)],
  ['system', (row) => digits(row.system / 1000)],
  ['ratio', (row) => `${digits(row.ratio)}×`],
  ['Redis ms', (row) => digits(row.redis / 1000)],
  ['done s', (row) => digits(row.seconds)],
  ['orders/s', (row) => digits(row.rate)],
  ['MB', (row) => digits(row.memory)],
  ['commands', (row) => digits(row.commands)],
  ['calls', (row) => digits(row.calls)],
  ['bytes sent', (row) => digits(row.written)],
  ['kept', (row) => digits(row.kept)],
];

const figureColumns = [['what', (row) => row.name], ['', (row) => digits(row.figure)]];

const cells = (columns, rows) =>
  [columns.map(([heading]) => heading), ...rows.map((row) => columns.map(([, text]) => text(row)))];

function screenTable(columns, rows) {
  const lines = cells(columns, rows);
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines.map((line) => line.map((cell, i) =>
    (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')).join('\n');
}

function markdownTable(columns, rows) {
  const [heading, ...lines] = cells(columns, rows).map((line) => `| ${line.join(' | ')} |`);
  return [heading, `|---|${'--:|'.repeat(columns.length - 1)}`, ...lines].join('\n');
}

module.exports = { figureColumns, markdownTable, orderColumns, screenTable, statusColumns };

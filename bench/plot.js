// Line charts as SVG text: logarithmic on both sides unless told otherwise, one colour for each
// line, its name at its end. Readable on a light and on a dark page.
'use strict';

const width = 720;
const height = 400;
const area = { left: 64, right: 190, top: 44, bottom: 52 };
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#7f7f7f', '#e69f00'];
const grey = '#808080';
const labelHeight = 15;
const dotsMax = 20;   // a line of more points is drawn without them
const marksMax = 10;  // of a linear scale

const decades = (from, to) => {
  const marks = [];
  for (let mark = 10 ** Math.floor(Math.log10(from)); mark <= to * 1.0001; mark *= 10) {
    marks.push(...[1, 2, 5].map((step) => step * mark).filter((one) => one >= from && one <= to));
  }
  return marks;
};

function numberText(number) {
  if (number >= 1e6) return `${number / 1e6}M`;
  if (number >= 1e3) return `${number / 1e3}k`;
  return String(Number(number.toPrecision(2)));
}

// Logarithmic: where a value lies between two others, as a place on the page.
function scale(values, begin, end) {
  const low = Math.min(...values) / 1.15;
  const high = Math.max(...values) * 1.15;
  const place = (value) => begin
    + (Math.log(value / low) / Math.log(high / low)) * (end - begin);
  return { place, marks: decades(low, high) };
}

function linearScale(values, begin, end) {
  const high = Math.max(...values) * 1.1;
  const rough = 10 ** Math.floor(Math.log10(high));
  const step = [rough / 5, rough / 2, rough, rough * 2].find((one) => high / one <= marksMax);
  const marks = Array.from({ length: Math.floor(high / step) + 1 }, (_, i) => i * step);
  return { place: (value) => begin + (value / high) * (end - begin), marks };
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const label = (x, y, text, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(text)}</text>`;

// Labels at the ends of lines, moved apart where they would touch.
function placedLabels(lines, y) {
  const labels = lines.map(({ name, points }, i) => ({ name, i, at: y.place(points.at(-1)[1]) }));
  labels.sort((a, b) => a.at - b.at);
  labels.forEach((one, i) => {
    if (i > 0) one.at = Math.max(one.at, labels[i - 1].at + labelHeight);
  });
  return labels;
}

// lines: [{ name, points: [[x, y], …] }]. linear: both scales begin at 0.
function plot({ title, xTitle, yTitle, lines, linear = false }) {
  const points = lines.flatMap((line) => line.points);
  const right = width - area.right;
  const bottom = height - area.bottom;
  const scaled = linear ? linearScale : scale;
  const x = scaled(points.map(([one]) => one), area.left, right);
  const y = scaled(points.map(([, one]) => one), bottom, area.top);
  const grid = [
    ...y.marks.flatMap((mark) => [
      `<line x1="${area.left}" x2="${right}" y1="${y.place(mark).toFixed(1)}" `
        + `y2="${y.place(mark).toFixed(1)}" stroke="${grey}" stroke-opacity=".3"/>`,
      label(area.left - 8, y.place(mark) + 4, numberText(mark), 'text-anchor="end"')]),
    ...x.marks.map((mark) =>
      label(x.place(mark), bottom + 20, numberText(mark), 'text-anchor="middle"')),
  ];
  const drawn = lines.flatMap(({ points: own }, i) => {
    const places = own.map(([a, b]) => [x.place(a).toFixed(1), y.place(b).toFixed(1)]);
    return [
      `<polyline points="${places.map((one) => one.join(',')).join(' ')}" fill="none" `
        + `stroke="${colours[i % colours.length]}" stroke-width="2.5"/>`,
      ...(own.length > dotsMax ? [] : places).map(([a, b]) =>
        `<circle cx="${a}" cy="${b}" r="3.5" fill="${colours[i % colours.length]}"/>`)];
  });
  const names = placedLabels(lines, y).map(({ name, i, at }) =>
    label(right + 12, at + 4, name, `style="fill:${colours[i % colours.length]}"`));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>text{font:13px sans-serif;fill:${grey}}.t{font-size:15px;font-weight:600}</style>`,
    label(area.left, 24, title, 'class="t"'),
    label((area.left + right) / 2, height - 10, xTitle, 'text-anchor="middle"'),
    `<text transform="translate(16 ${(area.top + bottom) / 2}) rotate(-90)" `
      + `text-anchor="middle">${escaped(yTitle)}</text>`,
    ...grid, ...drawn, ...names, '</svg>', ''].join('\n');
}

module.exports = { plot };

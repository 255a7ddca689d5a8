// Interleaved rounds: every candidate is measured once in each round, so that what the machine does
// meanwhile meets all of them. Ratios are of the same round.
'use strict';

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// measure(candidate) gives an object of numbers. Returns for each candidate { name, ...medians,
// least, ratio }: `figure` of the best round, and its ratio to claimcheck's in the same round.
async function inRounds(rounds, candidates, figure, measure) {
  const measured = candidates.map(() => []);
  for (let round = 0; round < rounds; ++round) {
    for (const [i, candidate] of candidates.entries()) {
      measured[i].push(await measure(candidate, round));
    }
  }
  const own = measured[candidates.findIndex(({ name }) => name === 'claimcheck')];
  return candidates.map(({ name }, i) => {
    const row = { name };
    for (const key of Object.keys(measured[i][0])) {
      row[key] = median(measured[i].map((one) => one[key]));
    }
    row.least = Math.min(...measured[i].map((one) => one[figure]));
    row.ratio = median(measured[i].map((one, round) => one[figure] / own[round][figure]));
    return row;
  });
}

module.exports = { inRounds, median };

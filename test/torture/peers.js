// Peers: what Stripe and the generator do wrong, as rules of the sandbox. A rule holds for a while
// or until it has struck often enough. The sandbox can only forget all of its rules at once, so
// with every change the ones that still hold are told again.
'use strict';
const { pause } = require('./time.js');

class Peers {
  constructor(sandbox) {
    this.sandbox = sandbox;
    this.rules = [];  // { rule, struck }, as the sandbox has them
    this.last = Promise.resolve();  // changes come one after the other
  }

  always(rule) { return this.change(() => this.rules.push({ rule, struck: 0, stays: true })); }

  // Lets rules hold for so long: how often they struck.
  async during(ms, ...rules) {
    const held = rules.map((rule) => ({ rule, struck: 0 }));
    await this.change(() => this.rules.push(...held));
    await pause(ms);
    await this.change(() => {
      this.rules = this.rules.filter((one) => !held.includes(one));
    });
    return held.reduce((sum, one) => sum + one.struck, 0);
  }

  heal() {
    return this.change(() => { this.rules = this.rules.filter((one) => one.stays); });
  }

  change(edit) {
    this.last = this.last.catch(() => null).then(async () => {
      const told = await this.sandbox.call('GET', '/sandbox/faults');
      this.told?.forEach((one, place) => { one.struck += told[place].struck; });
      edit();
      this.told = this.rules.filter(({ rule, struck }) => !rule.times || struck < rule.times);
      await this.sandbox.clearFaults();
      await this.sandbox.faults(...this.told.map(({ rule, struck }) =>
        rule.times ? { ...rule, times: rule.times - struck } : rule));
    });
    return this.last;
  }
}

module.exports = { Peers };

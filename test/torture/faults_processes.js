// Faults of our own processes: killed, told to end, frozen. Each resolves, when it is over, with
// how often it struck.
'use strict';
const { pause } = require('./time.js');

const leaseMs = 30000;  // FulfilmentLimits::lease

// One service that no other fault holds.
function ofOne(name, weight, act) {
  return {
    name, weight, locks: ['service-1', 'service-2'], lockOne: true,
    run: async (environment, chance, [lock]) => {
      const service = environment.services.find((one) => one.name === lock);
      await act(service, chance);
      await service.serves();
      return 1;
    },
  };
}

module.exports = [
  ofOne('service killed (-9)', 3, (service) => service.kill()),
  ofOne('service ended (SIGTERM)', 1, (service) => service.terminate()),
  ofOne('service frozen for seconds', 2, (service, chance) =>
    service.frozen(chance.between(1000, 9000))),
  ofOne('service frozen beyond its lease', 1, (service, chance) =>
    service.frozen(leaseMs + chance.between(2000, 10000))),
  {
    name: 'both services killed (-9)', weight: 1, locks: ['service-1', 'service-2'],
    run: async ({ services }, chance) => {
      await services[0].kill();
      await pause(chance.between(0, 300));
      await services[1].kill();
      await Promise.all(services.map((service) => service.serves()));
      return 1;
    },
  },
];

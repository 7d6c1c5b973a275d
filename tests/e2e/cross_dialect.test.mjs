// A link made through one API is seen and cancelled through the others.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startDisburse } from '../harness.mjs';
import { instantpay, payu, providers, razorpay } from './providers.mjs';

let server;
before(async () => (server = await startDisburse()));
after(() => server.stop());

// How each API finds a link by reference and cancels it.
const finders = {
  payu: {
    find: async (reference) => (await payu.status(server, reference)).msg === 'Account Detail Pending',
    cancel: async (reference) => (await payu.cancelByReference(server, reference)).status === 0,
  },
  razorpay: {
    find: async (reference) => (await razorpay.byReference(server, reference))?.status === 'issued',
    cancel: async (reference) => razorpay.cancel(server, await razorpay.byReference(server, reference)),
  },
  instantpay: {
    find: async (reference) => (await instantpay.byReference(server, reference))?.status === 'ISSUED',
    cancel: async (reference) => instantpay.cancel(server, { id: (await instantpay.byReference(server, reference)).linkId }),
  },
};

for (const maker of providers) {
  for (const [other, { find, cancel }] of Object.entries(finders)) {
    if (other === maker.name) continue;
    test(`a link made through ${maker.name} is found and cancelled through ${other}`, async () => {
      const link = await maker.create(server);
      assert.ok(await find(link.reference), 'found by its reference');
      assert.ok(await cancel(link.reference), 'cancelled');
      assert.ok(await maker.isCancelled(server, link), 'its own API says so');
    });
  }
}

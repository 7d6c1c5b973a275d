// The lives of links through each API, as in tests/e2e, with one node over PostgreSQL.
import { after } from 'node:test';
import { LONG } from '../races/crowd.mjs';
import { stopSharedPostgres } from '../postgres.mjs';

process.env.DISBURSE_STORE = 'postgresql';
if (!LONG) process.env.DISBURSE_PROVIDER = 'razorpay';
await import('../e2e/lives.test.mjs');
after(stopSharedPostgres);

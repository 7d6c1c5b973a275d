// The same thing asked many times at once, as in tests/races, of three nodes over one database: it happens once.
import { after } from 'node:test';
import { stopSharedPostgres } from '../postgres.mjs';

process.env.DISBURSE_STORE = 'postgresql';
process.env.DISBURSE_NODES = '3';
await import('../races/at_once.test.mjs');
after(stopSharedPostgres);

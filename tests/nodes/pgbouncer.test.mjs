// The lives of links with a PgBouncer in transaction mode between the node and PostgreSQL: what a connection had prepared
// or set in one transaction is not there in the next.
import { after } from 'node:test';
import { LONG } from '../races/crowd.mjs';
import { stopSharedPostgres } from '../postgres.mjs';

process.env.DISBURSE_STORE = 'postgresql';
if (!LONG) process.env.DISBURSE_PROVIDER = 'payu';
process.env.DISBURSE_PGBOUNCER = '1';
await import('../e2e/lives.test.mjs');
after(stopSharedPostgres);

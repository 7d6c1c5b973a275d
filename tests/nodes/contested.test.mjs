// One link, and everybody wants it at once, as in tests/races, from three nodes over one database. Each link is a pair of
// cancels against a pair of claims, and in two of three rounds the clock against both.
import { after } from 'node:test';
import { LONG } from '../races/crowd.mjs';
import { stopSharedPostgres } from '../postgres.mjs';

process.env.DISBURSE_STORE = 'postgresql';
process.env.DISBURSE_NODES = '3';
process.env.DISBURSE_RACE_LINKS ??= LONG ? '10000' : '200';
await import('../races/contested.test.mjs');
after(stopSharedPostgres);

// Requests that are no requests, or two at once: each is refused once, the connection ends, and nothing that was
// smuggled behind it is served.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startDisburse } from '../harness.mjs';
import { Socket, descriptors, descriptorsFallTo, residentMib, say } from './sockets.mjs';

let server;
let descriptorsAtFirst;
before(async () => {
  server = await startDisburse();
  await server.expect(200, 'GET', '/health/ready');
  descriptorsAtFirst = await descriptors(server);
});
after(async () => {
  await descriptorsFallTo(server, descriptorsAtFirst);
  await server.stop();
});

const HIDDEN = 'GET /health/live HTTP/1.1\r\nHost: hidden\r\n\r\n';
// What the server refuses by itself is answered in the words of the API that the path belongs to, mostly as 400.
const TOO_MUCH = [400, 414, 431];
const post = (headers, body) => `POST /v1/payout-links HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`;

// The one answer, with one of these statuses, and then the end.
async function refusedWith(statuses, bytes) {
  const { text, statuses: got } = await say(server, bytes);
  assert.equal(got.length, 1, `one answer: ${text}`);
  assert.ok(statuses.includes(got[0]), `${got[0]} is not one of ${statuses}: ${text}`);
  assert.match(text, /^Connection: close\r$/im);
}

const smuggled = [
  ['a length beside chunks', post('Content-Length: 6\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${HIDDEN}`)],
  ['chunks beside a length', post('Transfer-Encoding: chunked\r\nContent-Length: 6\r\n', `0\r\n\r\n${HIDDEN}`)],
  ['two lengths', post(`Content-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n`, HIDDEN)],
  ['two lengths in one', post(`Content-Length: 0, ${HIDDEN.length}\r\n`, HIDDEN)],
  ['a length with a sign', post('Content-Length: +0\r\n', HIDDEN)],
  ['a length below nothing', post('Content-Length: -1\r\n', HIDDEN)],
  ['a length in hexadecimal', post('Content-Length: 0x0\r\n', HIDDEN)],
  ['a length beyond 64 bits', post('Content-Length: 18446744073709551616\r\n', HIDDEN)],
  ['a length with a blank in it', post('Content-Length: 0 0\r\n', HIDDEN)],
  ['an empty length', post('Content-Length:\r\n', HIDDEN)],
  ['a coding that nobody knows', post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${HIDDEN}`)],
  ['chunks within another coding', post('Transfer-Encoding: gzip, chunked\r\n', `0\r\n\r\n${HIDDEN}`)],
  ['chunks twice', post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${HIDDEN}`)],
  ['chunks and the same as a list', post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${HIDDEN}`)],
  ['a coding behind a tabulator', post('Transfer-Encoding:\vchunked\r\n', `0\r\n\r\n${HIDDEN}`)],
  ['chunks in HTTP/1.0', `POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`],
  ['a blank before the colon', post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${HIDDEN}`)],
  ['a header that goes on in the next line', post('X-A: b\r\n Content-Length: 6\r\n', HIDDEN)],
  ['a first header that is a folded line', `GET / HTTP/1.1\r\n Host: x\r\n\r\n${HIDDEN}`],
  ['bare line feeds', `POST / HTTP/1.1\nHost: x\nContent-Length: 0\n\n${HIDDEN}`],
  ['one bare line feed', `POST / HTTP/1.1\r\nHost: x\r\nX-A: b\nContent-Length: 0\r\n\r\n${HIDDEN}`],
  ['a bare carriage return', `POST / HTTP/1.1\r\nHost: x\r\nX-A: b\rContent-Length: 0\r\n\r\n${HIDDEN}`],
  ['a zero byte in a name', post('X-\0A: b\r\n', HIDDEN)],
  ['a zero byte in a value', post('X-A: \0b\r\n', HIDDEN)],
  ['a header without a name', post(': b\r\n', HIDDEN)],
  ['a header without a colon', post('X-A\r\n', HIDDEN)],
  ['two hosts', `GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n${HIDDEN}`],
  ['no host', `GET / HTTP/1.1\r\n\r\n${HIDDEN}`],
  ['no target', `GET HTTP/1.1\r\nHost: x\r\n\r\n${HIDDEN}`],
  ['blanks in the target', `GET /a b HTTP/1.1\r\nHost: x\r\n\r\n${HIDDEN}`],
  ['a version that is none', `GET / HTTP/1.x\r\nHost: x\r\n\r\n${HIDDEN}`],
  ['another version', `GET / HTTP/2.0\r\nHost: x\r\n\r\n${HIDDEN}`],
  ['no version', `GET /\r\nHost: x\r\n\r\n${HIDDEN}`],
  ['a tunnel', `CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n${HIDDEN}`],
  ['an expectation that nobody knows', post('Expect: 200-ok\r\nContent-Length: 0\r\n', HIDDEN)],
];
describe('smuggling', () => {
  for (const [what, bytes] of smuggled) {
    test(`${what}: refused, and what is behind it is not served`, () => refusedWith([400, 413, 417, 501, 505], bytes));
  }
  // RFC 9112 section 6.3 lets a server take the same length twice or refuse it; both ways the rest is one request.
  test('the same length twice is refused or one length', async () => {
    const socket = new Socket(server).send(post('Content-Length: 2\r\nContent-Length: 2\r\n', `{}${HIDDEN}`));
    await socket.answered();
    if (socket.statuses[0] !== 400) await socket.answered(2);
    else await socket.ended();
    assert.ok(socket.statuses.length <= 2);
    await socket.drop();
  });
});

const chunked = (chunks) => post('Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n', chunks);
describe('chunks', () => {
  const nonsense = [
    ['a size that is no number', 'xyz\r\n{}\r\n0\r\n\r\n'],
    ['a size with a prefix', '0x2\r\n{}\r\n0\r\n\r\n'],
    ['a size below nothing', '-2\r\n{}\r\n0\r\n\r\n'],
    ['a size beyond 64 bits', '10000000000000002\r\n{}\r\n0\r\n\r\n'],
    ['a size of almost 64 bits', 'fffffffffffffffe\r\n{}'],
    ['no size', '\r\n{}\r\n0\r\n\r\n'],
    ['a chunk that is longer than its size', '1\r\n{}\r\n0\r\n\r\n'],
    ['bare line feeds', '2\n{}\n0\n\n'],
    ['a trailer that is none', '2\r\n{}\r\n0\r\nnothing\r\n\r\n'],
  ];
  for (const [what, chunks] of nonsense) {
    test(`${what}: refused, and what is behind is not served`, () => refusedWith([400, 413], chunked(chunks + HIDDEN)));
  }
  test('a size line or trailers without an end are refused', async () => {
    await refusedWith([400, 413, 431], chunked(`2;${'x'.repeat(40_000)}`));
    await refusedWith([400, 413, 431], chunked(`2\r\n{}\r\n0\r\n${'X-A: b\r\n'.repeat(5_000)}`));
  });
  test('more in chunks than a body may have is refused before it ends', () =>
    refusedWith([413], chunked(`${'1000\r\n' + 'x'.repeat(0x1000)}\r\n`.repeat(300))));
  test('chunks of one byte are put together', async () => {
    const socket = new Socket(server).send(chunked([...'{"a":1}'].map((c) => `1\r\n${c}\r\n`).join('') + '0\r\n\r\n'));
    await socket.answered();
    assert.equal(socket.statuses[0], 401, 'read whole, and then refused for want of credentials');
    await socket.drop();
  });
});

describe('sizes', () => {
  const get = (headers, target = '/health/live') => `GET ${target} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
  test('headers of more than 16 KiB are refused', () => refusedWith(TOO_MUCH, get(`X-A: ${'b'.repeat(17_000)}\r\n`)));
  test('a header without an end is refused, and no megabyte of it is kept', async () => {
    const before = await residentMib(server);
    await Promise.all(Array.from({ length: 50 }, () => refusedWith(TOO_MUCH, `GET / HTTP/1.1\r\nX: ${'b'.repeat(1 << 20)}`)));
    assert.ok((await residentMib(server)) - before < 32);
  });
  test('more than a hundred headers are refused', async () => {
    await refusedWith(TOO_MUCH, get('X-A: b\r\n'.repeat(200)));
    const fair = await new Socket(server).send(get('X-A: b\r\n'.repeat(90))).answered();
    assert.deepEqual(fair.statuses, [200]);
    await fair.drop();
  });
  test('a target of more than 8 KiB is refused', async () => {
    await refusedWith(TOO_MUCH, get('', `/${'a'.repeat(9_000)}`));
    await refusedWith(TOO_MUCH, `GET /${'a'.repeat(20_000)}`);
  });
  test('a body that is announced as too large is refused before it comes', async () => {
    for (const length of ['1048577', '99999999999', '9223372036854775807', '18446744073709551615']) {
      await refusedWith([413], post(`Content-Length: ${length}\r\n`, ''));
    }
    await refusedWith([413], `POST /api/v1/claims/x/submit HTTP/1.1\r\nHost: x\r\nContent-Length: 16385\r\n\r\n`);
  });
});

describe('one connection', () => {
  test('garbage behind a request: the request is answered, the garbage refused', async () => {
    for (const garbage of ['\x16\x03\x01\x02\x00\x01\x00', '\0'.repeat(5000), 'ÿþ<xml>'.repeat(100), 'a'.repeat(40_000), '{}\r\n\r\n', '\r\n'.repeat(20) + '?']) {
      const socket = await say(server, HIDDEN + garbage);
      assert.equal(socket.statuses[0], 200);
      assert.ok(socket.statuses.length === 2 && [400, 414, 431, 408].includes(socket.statuses[1]), socket.text);
    }
  });
  test('ten thousand requests in one breath are answered in order', async () => {
    const count = 10_000;
    const socket = new Socket(server);
    const targets = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? '/health/live' : '/no/such/page'));
    socket.send(targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
    await socket.answered(count);
    assert.deepEqual(socket.statuses, targets.map((target) => (target === '/health/live' ? 200 : 404)));
    await socket.drop();
  });
  test('a request whose sender has finished sending is answered', async () => {
    for (const bytes of [HIDDEN, post('Content-Length: 2\r\nConnection: close\r\n', '{}')]) {
      const socket = await new Socket(server).send(bytes).finish().ended();
      assert.equal(socket.statuses.length, 1, socket.text);
    }
  });
  test('half a request and then the end: closed, and nothing is answered', async () => {
    for (const bytes of ['', 'GET /hea', 'GET / HTTP/1.1\r\nHost: x\r\n', post('Content-Length: 100\r\n', '{"a"'), chunked('5\r\nab')]) {
      const socket = await new Socket(server).send(bytes).finish().ended();
      assert.deepEqual(socket.statuses, [], socket.text);
    }
  });
});

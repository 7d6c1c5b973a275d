// A merchant's webhook receiver on loopback: keeps what it gets, and answers as it is told.
import http from 'node:http';
import { eventually } from '../harness.mjs';

export async function startReceiver(answer = acknowledge) {
  const got = [];
  const receiver = { got, answer };
  const server = http.createServer((request, response) => {
    const parts = [];
    request.on('data', (bytes) => parts.push(bytes));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const url = new URL(request.url, 'http://receiver');
      const delivery = { method: request.method, query: url.searchParams, headers: request.headers, body };
      got.push(delivery);
      receiver.answer(delivery, response);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${server.address().port}/hook`;
  receiver.waitFor = (count, what = `${count} webhooks`) => eventually(what, () => got.length >= count && got);
  receiver.stop = () => {
    server.closeAllConnections?.();
    return new Promise((resolve) => server.close(resolve));
  };
  return receiver;
}

// What every provider takes as received.
export function acknowledge(delivery, response) {
  response.setHeader('content-type', 'application/json');
  const id = delivery.query.get('ipay_id');
  response.end(id ? JSON.stringify({ ipay_id: id, success: true, description: 'callback called successfully' }) : '{}');
}
export function refuse(delivery, response) {
  response.statusCode = 500;
  response.end();
}
export function hang() {}
// Answers with this, whatever it is asked.
export const answerWith = (status, body = '', headers = {}) => (delivery, response) => {
  response.writeHead(status, headers);
  response.end(body);
};

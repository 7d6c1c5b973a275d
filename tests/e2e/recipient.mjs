// What a recipient does with a link: proves the phone number and says where the money is to go.
import assert from 'node:assert/strict';

export const PAID = {
  method: 'bank',
  name: 'Gaurav Kumar',
  account_number: '51234567890',
  account_number_again: '51234567890',
  ifsc: 'HDFC0001234',
};
export const bank = (number) => ({ ...PAID, account_number: number, account_number_again: number });
export const upi = (vpa) => ({ method: 'upi', vpa });

// Another one each time: passwords are limited by contact.
let phones = 0;
export const newPhone = () => String(9000000000 + ++phones);

export async function claim(server, link, phone, details = PAID) {
  const token = await server.proveOtp(link.code, phone);
  const answer = await server.submit(link.code, token, details);
  assert.equal(answer.status, 202, answer.text);
  return token;
}

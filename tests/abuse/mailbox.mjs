// A mail server on loopback that takes everything, and the newest one-time password of each recipient.
import net from 'node:net';

export async function startMailbox() {
  const passwords = new Map();
  const keep = (recipient, mail) => {
    const text = /^Content-Transfer-Encoding: base64\r$/im.test(mail)
      ? Buffer.from(mail.slice(mail.indexOf('\r\n\r\n')), 'base64').toString()
      : mail;
    const otp = /\b(\d{6}) is your one-time password/.exec(text);
    if (otp) passwords.set(recipient, otp[1]);
  };
  const server = net.createServer((socket) => {
    let got = '';
    let recipient = null;
    let mail = null;
    const answer = (line) => {
      if (/^DATA/i.test(line)) {
        mail = '';
        return '354 go on';
      }
      recipient = /^RCPT TO:<(.+?)>/i.exec(line)?.[1] ?? recipient;
      return /^QUIT/i.test(line) ? '221 bye' : '250 ok';
    };
    socket.on('error', () => {});
    socket.write('220 mailbox.example.com\r\n');
    socket.on('data', (bytes) => {
      got += bytes.toString('latin1');
      for (let end = got.indexOf('\r\n'); end >= 0; end = got.indexOf('\r\n')) {
        const line = got.slice(0, end);
        got = got.slice(end + 2);
        if (mail === null) {
          socket.write(`${answer(line)}\r\n`);
        } else if (line === '.') {
          keep(recipient, mail);
          mail = null;
          socket.write('250 taken\r\n');
        } else {
          mail += `${line}\r\n`;
        }
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${server.address().port}`,
    passwords,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

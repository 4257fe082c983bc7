// The independent recipe of the known answers in SharedAccessSignatureTests: node known-answers.mjs prints them.
import { createHmac } from 'node:crypto';
const token = (uri, name, key, expiry) => {
  const encoded = encodeURIComponent(uri);
  const signature = createHmac('sha256', key).update(`${encoded}\n${expiry}`, 'utf8').digest('base64');
  return `SharedAccessSignature sr=${encoded}&sig=${encodeURIComponent(signature)}&se=${expiry}&skn=${encodeURIComponent(name)}`;
};
console.log(token('https://vorel.servicebus.windows.net/vorel-events', 'send-only', 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', 1795000000));
console.log(token('http://127.0.0.1:5672/a.topic_1', 'Root & all', 'not base64 at all', 4102444800));

// SPDX-License-Identifier: Apache-2.0
// A device on mqtt.js. Reads {url, product, device, key, version} as JSON from the environment variable DEVICE and orders
// from standard input, a JSON object a line; says what happens the same way on standard output:
//   in   {"publish": {"rest", "payload", "qos"}}, {"end": true}
//   out  {"connected": true}, {"acked": rest}, {"message": {"rest", "payload"}}, {"closed": reason}
// It answers each property set with code 200 and reports what was set.
import { createHmac, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import mqtt from 'mqtt';

const { url, product, device, key, version } = JSON.parse(process.env.DEVICE);
const own = `${product}/${device}/`;
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

function password() {
  const nonce = randomBytes(3).toString('hex');
  const seconds = Math.floor(Date.now() / 1000);
  const hash = createHmac('sha1', key).update(`${device}.${nonce}.${seconds}.${key}`).digest('hex');
  return `${nonce}.${seconds}.${hash}`;
}

const client = mqtt.connect(url, {
  clientId: device, username: product, password: password(), protocolVersion: version, reconnectPeriod: 0, clean: true,
});

function publish(rest, payload, qos) {
  client.publish(own + rest, payload, { qos }, (error) => say(error ? { failed: String(error) } : { acked: rest }));
}

function onMessage(topic, bytes) {
  const rest = topic.slice(own.length);
  const payload = JSON.parse(bytes);
  say({ message: { rest, payload } });
  if (rest === 'thing/service/property/set') {
    publish('thing/service/property/set_reply', JSON.stringify({ id: payload.id, code: 200, data: null }), 1);
    publish('thing/event/property/post', JSON.stringify({ id: `after-${payload.id}`, params: payload.params, ack: 0 }), 1);
  }
}

client.on('connect', () => say({ connected: true }));
client.on('message', onMessage);
client.on('error', (error) => say({ error: String(error) }));
client.on('close', () => {
  say({ closed: true });
  process.exit(0);
});

createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line);
  if (order.publish) publish(order.publish.rest, JSON.stringify(order.publish.payload), order.publish.qos);
  if (order.end) client.end();
});

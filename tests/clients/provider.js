// SPDX-License-Identifier: Apache-2.0
// An OpenID provider for one client. Reads {port, redirect_uri, client_id, client_secret} as JSON from the environment
// variable PROVIDER and orders from standard input, a JSON object a line, each answered by {"done": true}:
//   {"person": {"sub", "groups", "name", "email", "preferred_username"}}   whom it knows, and what it says of them
//   {"rotate": "ES256"}          new keys, of this algorithm; the old ones are gone
//   {"conform": true}            says claims at its userinfo only, not in the ID token
// Whoever is sent here picks by a form whom to be: GET /interaction/UID?login=SUB.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Provider } from 'oidc-provider';

const { port, redirect_uri, client_id, client_secret } = JSON.parse(process.env.PROVIDER);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const people = new Map();
const state = { alg: 'RS256', conform: false, provider: null };

function key(alg) {
  const pair = alg.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...pair.privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), use: 'sig', alg };
}

async function findAccount(ctx, sub) {
  return people.has(sub) && { accountId: sub, claims: () => people.get(sub) };
}

async function loadExistingGrant(ctx) {
  const { client, session } = ctx.oidc;
  const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile email');
  await grant.save();
  return grant;
}

function build() {
  state.provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{
      client_id, client_secret, redirect_uris: [redirect_uri], grant_types: ['authorization_code'],
      response_types: ['code'], id_token_signed_response_alg: state.alg,
    }],
    jwks: { keys: [key(state.alg)] },
    cookies: { keys: ['cookies of a test'] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'], email: ['email'] },
    conformIdTokenClaims: state.conform,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    findAccount,
    loadExistingGrant,
  });
}

const FORM = '<!doctype html><title>Provider</title><form><label>Who <input name="login" autofocus></label><button>Go</button>';

async function interact(request, response, url) {
  const login = url.searchParams.get('login');
  if (login === null) {
    response.setHeader('content-type', 'text/html');
    response.end(FORM);
    return;
  }
  const result = people.has(login) ? { login: { accountId: login } } : { error: 'access_denied' };
  await state.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function obey(order) {
  if (order.person) people.set(order.person.sub, order.person);
  if (order.conform !== undefined) state.conform = order.conform;
  if (order.rotate) state.alg = order.rotate;
  if (!order.person) build();
  say({ done: true });
}

build();
const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://127.0.0.1');
  if (url.pathname.startsWith('/interaction/')) {
    interact(request, response, url).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  } else {
    state.provider.callback()(request, response);
  }
});
server.listen(port, '127.0.0.1', () => say({ ready: true }));
createInterface({ input: process.stdin }).on('line', (line) => obey(JSON.parse(line))).on('close', () => process.exit(0));

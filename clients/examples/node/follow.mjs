// Follows what changes for a partner, from the contract's descriptor image alone: no generated code, no SDK.
//
//     npm ci && node follow.mjs contracts.binpb token.txt
//
// The first argument is the image of a release (proto/releases/*.binpb), the second the file that keeps the resume
// token. The environment names the port and the program: AMPLIFY_ADDRESS (127.0.0.1:50062), AMPLIFY_TOKEN_URL
// (http://127.0.0.1:9000/token), AMPLIFY_CLIENT_ID (north-sea-apparel-client) and AMPLIFY_CLIENT_SECRET.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [image, tokenFile] = process.argv.slice(2);
const setting = (name, usual) => process.env[`AMPLIFY_${name}`] ?? usual;
const AGAIN = new Set([grpc.status.UNAVAILABLE, grpc.status.RESOURCE_EXHAUSTED, grpc.status.CANCELLED, grpc.status.UNAUTHENTICATED]);

const contract = grpc.loadPackageDefinition(
  loader.loadFileDescriptorSetFromBuffer(readFileSync(image), { keepCase: true, longs: String, enums: String, oneofs: true }),
);
const client = new contract.amplify.assessment.v1.PartnerService(
  setting('ADDRESS', '127.0.0.1:50062'),
  grpc.credentials.createInsecure(), // a development machine; createSsl() elsewhere
);

// A token by client credentials (RFC 6749, section 4.4), asked for anew each time the stream is opened.
async function metadata() {
  const away = (why) => Object.assign(new Error(why), { code: grpc.status.UNAVAILABLE, details: why });
  const answer = await fetch(setting('TOKEN_URL', 'http://127.0.0.1:9000/token'), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: setting('CLIENT_ID', 'north-sea-apparel-client'),
      client_secret: setting('CLIENT_SECRET', 'development-north-sea-apparel-secret'),
    }),
  }).catch((error) => {
    throw away(`the issuer of tokens is away: ${error.message}`);
  });
  if (answer.status === 429 || answer.status >= 500) throw away(`the issuer of tokens answers ${answer.status}`);
  if (!answer.ok) throw new Error(`no token: ${answer.status}`);
  const sent = new grpc.Metadata();
  sent.set('authorization', `Bearer ${(await answer.json()).access_token}`);
  return sent;
}

function keep(token) {
  writeFileSync(`${tokenFile}.new`, token);
  renameSync(`${tokenFile}.new`, tokenFile);
}

async function acknowledge(grant) {
  const request = { consent_grant: grant, request_id: randomUUID() };
  const sent = await metadata();
  await new Promise((done, fail) => client.AcknowledgeRetraction(request, sent, (error) => (error ? fail(error) : done())));
}

// Reads one stream to its end; whatever a partner does with a change happens before its token is kept.
async function follow() {
  const resume_token = existsSync(tokenFile) ? readFileSync(tokenFile, 'utf8') : '';
  for await (const item of client.WatchChanges({ resume_token }, await metadata())) {
    if (item.change) {
      const { kind, factory, consent_grant } = item.change;
      console.log(kind, factory, item.change[kind].name ?? consent_grant);
      if (kind === 'retraction') await acknowledge(consent_grant); // after deleting what came under the grant
    }
    keep(item.resume_token);
  }
}

for (;;) {
  try {
    await follow();
  } catch (error) {
    if (!AGAIN.has(error.code)) throw error;
    console.error(`${error.details}; again in a second`);
  }
  await pause(1000);
}

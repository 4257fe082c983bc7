// Azure's own clients for the keys of a vault, driven by a test; serve.mjs has the form. Bytes travel as base64.
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys';
import { serve } from './serve.mjs';

const [endpoint, certificate, token] = process.argv.slice(2);
const asked = [];
const credential = {
  getToken: async (scopes, { tenantId } = {}) => {
    asked.push({ scopes: [scopes].flat(), tenantId: tenantId ?? null });
    return { token, expiresOnTimestamp: Date.now() + 3600_000 };
  },
};
const options = {
  disableChallengeResourceVerification: true,
  retryOptions: { maxRetries: 0 },
  tlsOptions: { ca: Buffer.from(certificate, 'base64').toString() },
};
const keys = new KeyClient(endpoint, credential, options);
const crypto = request => new CryptographyClient(request.key, credential, request.apiVersion ? { ...options, serviceVersion: request.apiVersion } : options);
const bytes = text => new Uint8Array(Buffer.from(text, 'base64'));
const base64 = value => Buffer.from(value).toString('base64');

const ops = {
  get: async request => {
    const key = await keys.getKey(request.name, request.version ? { version: request.version } : {});
    return { id: key.id, name: key.name, version: key.properties.version, enabled: key.properties.enabled, bits: key.key.n.length * 8, type: key.keyType };
  },
  wrap: async request => {
    const result = await crypto(request).wrapKey('RSA-OAEP-256', bytes(request.value));
    return { key: result.keyID, value: base64(result.result), algorithm: result.algorithm };
  },
  unwrap: async request => base64((await crypto(request).unwrapKey('RSA-OAEP-256', bytes(request.value))).result),
  asked: async () => asked,
};

await serve(ops);

// HubSpot's own client, driven by a test against a stand-in; serve.mjs has the form.
// "method" is a path through the client, such as crm.contacts.basicApi.create.
import hubspot from '@hubspot/api-client';
import { serve } from './serve.mjs';

const client = ({ basePath, token, tries }) => new hubspot.Client({ basePath, accessToken: token, numberOfApiCallRetries: tries ?? 1 });

const failed = error => Object.assign(new Error(error.body?.message ?? error.message),
  { statusCode: error.code, code: error.body?.category ?? (error.body?.status === 'error' ? null : error.body?.status) ?? null });

const ops = {
  call: async request => {
    const path = request.method.split('.');
    const method = path.pop();
    try {
      return await path.reduce((part, name) => part[name], client(request))[method](...request.arguments.map(argument => argument === '' ? undefined : argument));
    } catch (error) {
      throw failed(error);
    }
  },
  send: async request => {
    const response = await client(request).apiRequest({ method: request.method, path: request.path, body: request.body });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  },
};

await serve(ops);

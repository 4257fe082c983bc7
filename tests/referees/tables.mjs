// Azure's own client for tables, driven by a test; serve.mjs has the form.
// Values travel as [type, text], with the text as the service sends it; doubles as the hex digits of their bits.
import { AzureNamedKeyCredential, TableClient, TableServiceClient, odata } from '@azure/data-tables';
import { names, serve } from './serve.mjs';

const [endpoint, account, key] = process.argv.slice(2);
const credential = new AzureNamedKeyCredential(account, key);
const options = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };
const service = new TableServiceClient(endpoint, credential, options);
const table = ({ table }) => new TableClient(endpoint, table, credential, options);

const bits = number => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
};
const fromBits = hex => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt('0x' + hex));
  return view.getFloat64(0);
};
const special = number => Number.isFinite(number) ? number : Number.isNaN(number) ? 'NaN' : number > 0 ? 'Infinity' : '-Infinity';

const toValue = ([type, text]) =>
  type === 'Double' ? { type, value: special(fromBits(text)) }
  : type === 'Boolean' ? text === 'true'
  : type === 'Int32' ? { type, value: Number(text) }
  : { type, value: text };
const toEntity = ({ pk, rk, columns = {} }) => ({
  partitionKey: pk, rowKey: rk, ...Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, toValue(value)])),
});
const fromValue = ({ type, value }) => [type, type === 'Double' ? bits(Number(value)) : String(value)];
const metadata = new Set(['partitionKey', 'rowKey', 'etag', 'timestamp', 'odata.metadata']);
const fromEntity = entity => ({
  pk: entity.partitionKey ?? null, rk: entity.rowKey ?? null, etag: entity.etag ?? null,
  columns: Object.fromEntries(Object.entries(entity).filter(([name]) => !metadata.has(name)).map(([name, value]) => [name, fromValue(value)])),
});

// A filter as a tree: ["and"|"or", left, right], ["not", inner] or [column, operator, [type, text]]. Literals as Azure documents them.
const literal = ([type, text]) => ({
  String: () => odata` ${text}`.trimStart(),
  Int32: () => text,
  Int64: () => `${text}L`,
  Double: () => Number.isInteger(fromBits(text)) ? `${fromBits(text)}.0` : String(fromBits(text)),
  Boolean: () => text,
  DateTime: () => `datetime'${text}'`,
  Guid: () => `guid'${text}'`,
  Binary: () => `X'${Buffer.from(text, 'base64').toString('hex')}'`,
})[type]();
const toFilter = tree =>
  tree[0] === 'and' || tree[0] === 'or' ? `(${toFilter(tree[1])}) ${tree[0]} (${toFilter(tree[2])})`
  : tree[0] === 'not' ? `not (${toFilter(tree[1])})`
  : `${tree[0]} ${tree[1]} ${literal(tree[2])}`;

const ops = {
  createTable: async request => { await table(request).createTable(); },
  deleteTable: async request => { await table(request).deleteTable(); },
  listTables: () => names(service.listTables()),
  create: async request => (await table(request).createEntity(toEntity(request.entity))).etag,
  upsert: async request => (await table(request).upsertEntity(toEntity(request.entity), request.mode)).etag,
  update: async request => (await table(request).updateEntity(toEntity(request.entity), request.mode, { etag: request.etag })).etag,
  delete: async request => { await table(request).deleteEntity(request.pk, request.rk, { etag: request.etag ?? '*' }); },
  get: async request => fromEntity(await table(request).getEntity(request.pk, request.rk, { disableTypeConversion: true })),
  query: async request => {
    const queryOptions = { filter: request.filter && toFilter(request.filter), select: request.select };
    const pages = [];
    for await (const page of table(request).listEntities({ disableTypeConversion: true, queryOptions }).byPage({ maxPageSize: request.pageSize })) {
      pages.push(page.map(fromEntity));
    }
    return pages;
  },
  transaction: async request => {
    const actions = request.actions.map(([kind, entity, mode, etag]) =>
      kind === 'update' ? [kind, toEntity(entity), mode, { etag }]
      : kind === 'upsert' ? [kind, toEntity(entity), mode]
      : [kind, toEntity(entity)]);
    return (await table(request).submitTransaction(actions)).subResponses.map(({ status, etag }) => ({ status, etag: etag?.trim() ?? null }));
  },
};

await serve(ops);

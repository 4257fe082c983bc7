// Azure's own client for queues, driven by a test; serve.mjs has the form.
// Message texts are what lies on the wire: this client encodes nothing.
import { QueueServiceClient, StorageSharedKeyCredential } from '@azure/storage-queue';
import { names, serve } from './serve.mjs';

const [endpoint, account, key] = process.argv.slice(2);
const service = new QueueServiceClient(endpoint, new StorageSharedKeyCredential(account, key), { retryOptions: { maxTries: 1 } });
const queue = request => service.getQueueClient(request.queue);

const message = ({ messageId, popReceipt, messageText, dequeueCount, expiresOn }) =>
  ({ id: messageId, receipt: popReceipt ?? null, text: messageText, dequeueCount, expires: expiresOn.toISOString() });

const ops = {
  create: async request => { await queue(request).create(); },
  delete: async request => { await queue(request).delete(); },
  list: () => names(service.listQueues()),
  count: async request => (await queue(request).getProperties()).approximateMessagesCount,
  send: async request => {
    const { messageId, popReceipt } = await queue(request).sendMessage(request.text, { visibilityTimeout: request.hidden, messageTimeToLive: request.life });
    return { id: messageId, receipt: popReceipt };
  },
  receive: async request =>
    (await queue(request).receiveMessages({ numberOfMessages: 32, visibilityTimeout: request.hidden })).receivedMessageItems.map(message),
  peek: async request => (await queue(request).peekMessages({ numberOfMessages: 32 })).peekedMessageItems.map(message),
  update: async request => (await queue(request).updateMessage(request.id, request.receipt, request.text, request.hidden)).popReceipt,
  remove: async request => { await queue(request).deleteMessage(request.id, request.receipt); },
  clear: async request => { await queue(request).clearMessages(); },
};

await serve(ops);

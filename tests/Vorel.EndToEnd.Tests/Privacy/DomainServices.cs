using Vorel.Azure.Queues;
using Vorel.Azure.Stores;
using Vorel.Azure.Tables;
using Vorel.Core;
using Vorel.Core.Alerts;
using Vorel.Core.Due;
using Vorel.Core.Ids;
using Vorel.Core.Outbox;
using Vorel.Core.Payloads;
using Vorel.Core.Records;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Time;
using Vorel.EndToEnd.Tests.Infrastructure;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>
/// The domain's services in the test's process, on the stack's storage and with its secrets: what has no route yet is written by them and
/// handled by the real handler, and what is sealed can be opened. Their clock is the system's, so they write before the domain clock is moved.
/// </summary>
internal sealed class DomainServices
{
    public DomainServices(TestStack stack)
    {
        var clocks = new Clocks(TimeProvider.System, TimeProvider.System);
        var store = new TableRowStore(new TableServiceClient(stack.Azurite.ConnectionString));
        var queue = new StorageWorkQueue(new QueueServiceClient(stack.Azurite.ConnectionString));
        var ids = new IdSource(clocks);
        var digests = new IndexKey(RootSecret.Parse("VOREL_INDEX_KEY", stack.Secrets.IndexKey));
        var protector = new LocalEnvelopeProtector(RootSecret.Parse("CRM_CREDENTIAL_ENCRYPTION_KEY", stack.Secrets.EncryptionKey));
        Vault = new PayloadVault(store, protector, clocks);
        Reader = new RecordReader(store, clocks);
        var outbox = new OutboxWriter(store, queue, new Tombstones(store, new DueHints(store), clocks), Vault, ids, clocks, new Timings(), new NoAlerts());
        Records = new RecordService(store, outbox, Reader, digests, ids, clocks);
        Customers = new Customers(store, Records, Reader, digests);
        Transcripts = new Transcripts(store, outbox, Reader, digests, ids, clocks);
        Conversations = new Conversations(Records);
    }

    public PayloadVault Vault { get; }

    public RecordReader Reader { get; }

    public RecordService Records { get; }

    public Customers Customers { get; }

    public Transcripts Transcripts { get; }

    public Conversations Conversations { get; }

    /// <summary>Whatever these would be told of fails the test in another way.</summary>
    private sealed class NoAlerts : IAlerts
    {
        public void Raise(Alert alert)
        {
        }
    }
}

using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.Durable;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>Writes a record to the tenant's CRM, once, if the CRM is owed a version of it.</summary>
[DurableTask("MirrorRecord")]
internal sealed class MirrorRecord(MirrorService mirror) : TaskActivity<RecordReference, NextStep>
{
    public override async Task<NextStep> RunAsync(TaskActivityContext context, RecordReference input)
    {
        var kind = RecordKinds.Find(input.Kind) ?? throw new InvalidOperationException($"There is no kind of record called '{input.Kind}'.");
        return await mirror.Mirror(new TenantId(input.Tenant), kind, input.Id, context.CancellationToken) switch
        {
            MirrorStep.Done => NextStep.Done,
            MirrorStep.Again => NextStep.Now,
            MirrorStep.Retry { Busy: true } busy => NextStep.Busy(busy.After),
            MirrorStep.Retry retry => NextStep.After(retry.After),
            var step => throw new InvalidOperationException($"A record has a step that its orchestration does not know: {step.GetType().Name}."),
        };
    }
}

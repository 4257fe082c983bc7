using Vorel.Core.Tenants;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Durable;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>Looks where a delivery stands.</summary>
[DurableTask("LoadDelivery")]
internal sealed class LoadDelivery(DeliveryService deliveries) : TaskActivity<DeliveryInput, NextStep>
{
    public override async Task<NextStep> RunAsync(TaskActivityContext context, DeliveryInput input) =>
        DeliverySteps.ToNext(await deliveries.Load(new TenantId(input.Tenant), input.Delivery, context.CancellationToken));
}

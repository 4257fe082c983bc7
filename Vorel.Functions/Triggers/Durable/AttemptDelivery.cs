using Vorel.Core.Tenants;
using Vorel.Core.Webhooks.Deliveries;
using Vorel.Durable;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>Makes one attempt of a delivery, if one is due.</summary>
[DurableTask("AttemptDelivery")]
internal sealed class AttemptDelivery(DeliveryService deliveries) : TaskActivity<DeliveryInput, NextStep>
{
    public override async Task<NextStep> RunAsync(TaskActivityContext context, DeliveryInput input) =>
        DeliverySteps.ToNext(await deliveries.Attempt(new TenantId(input.Tenant), input.Delivery, context.CancellationToken));
}

using Vorel.Core.Webhooks.Deliveries;

namespace Vorel.Functions.Triggers.Durable;

/// <summary>The domain's steps of a delivery in the form that goes into histories.</summary>
internal static class DeliverySteps
{
    public static NextStep ToNext(DeliveryStep step) => step switch
    {
        DeliveryStep.Done => NextStep.Done,
        DeliveryStep.Attempt => NextStep.Now,
        DeliveryStep.Wait wait => NextStep.Until(wait.Until),
        DeliveryStep.Busy busy => NextStep.After(busy.RetryAfter),
        _ => throw new InvalidOperationException($"A delivery has a step that its orchestration does not know: {step.GetType().Name}."),
    };
}

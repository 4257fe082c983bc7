namespace Vorel.Functions.Triggers.Durable;

/// <summary>Names a delivery.</summary>
internal sealed record DeliveryInput(Guid Tenant, Guid Delivery);

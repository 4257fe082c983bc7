using Vorel.Core.Tenants;

namespace Vorel.Functions.Api.Operator;

/// <summary>A tenant.</summary>
internal sealed record TenantAnswer(Guid Id, string Name, DateTimeOffset CreatedAt)
{
    public static TenantAnswer Of(Tenant tenant) => new(tenant.Id.Value, tenant.Name, tenant.CreatedAt);
}

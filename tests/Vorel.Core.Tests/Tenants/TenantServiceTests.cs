using Vorel.Core.Audit;
using Vorel.Core.Errors;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Tenants;

public sealed class TenantServiceTests
{
    private readonly World _world = new();

    [Fact]
    public async Task A_tenant_is_found_by_its_id()
    {
        var tenants = new TenantService(_world.Store, _world.Audit, _world.Ids);
        var tenant = await tenants.Create("Skyline", AuditActor.System, default);
        Assert.Equal(tenant, await tenants.Get(tenant.Id, default));
        Assert.Equal(("Skyline", _world.Domain.GetUtcNow()), (tenant.Name, tenant.CreatedAt));
        await Assert.ThrowsAsync<NotFoundException>(() => tenants.Get(TenantId.New(TimeProvider.System), default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task A_tenant_has_a_name(string name) =>
        await Assert.ThrowsAsync<ValidationException>(() => new TenantService(_world.Store, _world.Audit, _world.Ids).Create(name, AuditActor.System, default));
}

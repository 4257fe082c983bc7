using Vorel.Core.Errors;
using Vorel.Core.Incidents;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Incidents;

public sealed class IncidentReaderTests
{
    private readonly World _world = new();
    private readonly IncidentReader _reader;

    public IncidentReaderTests() => _reader = new IncidentReader(_world.Store);

    [Fact]
    public async Task Pages_show_the_open_ones_first_then_the_closed_ones_newest_first()
    {
        var older = await Add(IncidentType.CrmSyncFailure, "custom_webhook", closed: true);
        var newer = await Add(IncidentType.CrmSyncFailure, "custom_webhook", closed: true);
        var sync = await Add(IncidentType.CrmSyncFailure, "custom_webhook");
        var letter = await Add(IncidentType.WebhookDeadLetter, _world.Ids.Next().ToString("D"));
        await Add(IncidentType.CrmSyncFailure, "custom_webhook", tenant: TenantId.New(TimeProvider.System));

        Assert.Equal([sync, letter, newer, older], await Pages(null, 1));
        Assert.Equal([sync, letter, newer, older], await Pages(null, 2));
        Assert.Equal([sync, letter, newer, older], await Pages(null, 100));
        Assert.Equal([sync, letter], await Pages("open", 1));
        Assert.Equal([newer, older], await Pages("closed", 1));
    }

    [Fact]
    public async Task An_incident_that_closes_while_somebody_pages_takes_no_other_with_it()
    {
        await Add(IncidentType.CrmSyncFailure, "custom_webhook");
        var letter = await Add(IncidentType.WebhookDeadLetter, _world.Ids.Next().ToString("D"));
        var first = await _reader.List(_world.Tenant, null, 1, null, default);
        var open = await _world.Incidents.Find(_world.Tenant, IncidentType.CrmSyncFailure, "custom_webhook", default);
        Assert.True(await _world.Incidents.Close(_world.Tenant, open!, ClosedBecause.Resolved, default));

        var second = await _reader.List(_world.Tenant, null, 1, first.NextCursor, default);
        Assert.Equal(letter, Assert.Single(second.Incidents).Id);
    }

    [Fact]
    public async Task One_is_found_by_its_id_open_and_closed_and_by_its_own_tenant_alone()
    {
        var id = await Add(IncidentType.CrmSyncFailure, "custom_webhook");
        Assert.Null((await _reader.Get(_world.Tenant, id.ToString("D"), default)).ClosedAt);
        var open = await _world.Incidents.Find(_world.Tenant, IncidentType.CrmSyncFailure, "custom_webhook", default);
        await _world.Incidents.Close(_world.Tenant, open!, ClosedBecause.Resolved, default);
        Assert.Equal("resolved", (await _reader.Get(_world.Tenant, id.ToString("D"), default)).ClosedBecause);

        await Assert.ThrowsAsync<NotFoundException>(() => _reader.Get(TenantId.New(TimeProvider.System), id.ToString("D"), default));
        await Assert.ThrowsAsync<NotFoundException>(() => _reader.Get(_world.Tenant, id.ToString("N"), default));
        await Assert.ThrowsAsync<NotFoundException>(() => _reader.Get(_world.Tenant, _world.Ids.Next().ToString("D"), default));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("open")]
    [InlineData("open.crm_sync_failure")]
    [InlineData("open.crm_sync_failure.")]
    [InlineData("open.crm_sync_failure.a|b")]
    [InlineData("open.crm_sync_failure.A")]
    [InlineData("open.crm_sync_failure.a.b")]
    [InlineData("open.nothing.custom_webhook")]
    [InlineData("closed.crm_sync_failure.custom_webhook")]
    [InlineData("019a0000-0000-7000-8000-000000000000")]
    public async Task What_is_no_cursor_is_refused(string cursor)
    {
        var failure = await Assert.ThrowsAsync<ValidationException>(() => _reader.List(_world.Tenant, null, 10, cursor, default));
        Assert.Equal("?cursor", Assert.Single(failure.Errors).Pointer);
    }

    [Fact]
    public async Task A_cursor_of_the_open_ones_is_none_of_the_closed_ones()
    {
        await Assert.ThrowsAsync<ValidationException>(() => _reader.List(_world.Tenant, "closed", 10, "open.crm_sync_failure.custom_webhook", default));
        var closed = await Add(IncidentType.CrmSyncFailure, "custom_webhook", closed: true);
        await Assert.ThrowsAsync<ValidationException>(() => _reader.List(_world.Tenant, "open", 10, closed.ToString("D"), default));
        await Assert.ThrowsAsync<ValidationException>(() => _reader.List(_world.Tenant, "any", 10, null, default));
        await Assert.ThrowsAsync<ValidationException>(() => _reader.List(_world.Tenant, null, 0, null, default));
        await Assert.ThrowsAsync<ValidationException>(() => _reader.List(_world.Tenant, null, 101, null, default));
    }

    private async Task<Guid> Add(IncidentType type, string subject, bool closed = false, TenantId? tenant = null)
    {
        _world.Advance(TimeSpan.FromMinutes(1));
        var now = _world.Domain.GetUtcNow();
        var row = new IncidentRow(_world.Ids.Next(), type, subject, now) { ClosedAt = closed ? now : null, Because = closed ? ClosedBecause.Resolved : null };
        Assert.True(await _world.Store.TryInsert(IncidentRow.Table, Partition.Of(tenant ?? _world.Tenant), row, default));
        return row.Id;
    }

    private async Task<IReadOnlyList<Guid>> Pages(string? status, int limit)
    {
        var shown = new List<Guid>();
        string? cursor = null;
        do
        {
            var page = await _reader.List(_world.Tenant, status, limit, cursor, default);
            Assert.InRange(page.Incidents.Count, 1, limit);
            shown.AddRange(page.Incidents.Select(incident => incident.Id));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return shown;
    }
}

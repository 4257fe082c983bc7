using System.Text.Json;
using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Errors;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Connections;

public sealed class CrmConnectionServiceTests
{
    private readonly World _world = new();

    [Fact]
    public async Task The_driver_is_opened_with_what_was_connected()
    {
        (string Provider, string Credentials)? opened = null;
        var (connections, connecting) = _world.NewConnections(context =>
        {
            opened = (context.Provider, context.Credentials.GetRawText());
            return _world.Crm;
        });
        var secret = new string('s', 24);
        var (result, shown) = await connecting.ConnectCustomWebhook(_world.Tenant, CrmRole.Main, "https://crm.example.com/in", secret, AuditActor.System, default);

        Assert.Same(_world.Crm, (await connections.Open(_world.Tenant, CrmObject.Lead, default))?.Driver);
        Assert.Equal(("custom_webhook", $$"""{"url":"https://crm.example.com/in","secret":"{{secret}}"}"""), opened);
        Assert.Equal((secret, "custom_webhook", CredentialStatus.Active), (shown, result.Provider, result.Status));
        var connection = await connections.Find(_world.Tenant, default);
        Assert.Equal((result.Credential, "custom_webhook", result.ConnectedAt), (connection!.Id, connection.Provider, connection.ConnectedAt));
    }

    [Fact]
    public async Task A_secret_is_made_when_none_is_given()
    {
        var connected = await _world.Connecting.ConnectCustomWebhook(_world.Tenant, CrmRole.Main, "https://crm.example.com/in", null, AuditActor.System, default);
        Assert.StartsWith("whsec_", connected.Secret, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://crm.example.com/", null, "/url")]
    [InlineData(null, null, "/url")]
    [InlineData("https://crm.example.com/", "short", "/secret")]
    [InlineData("https://crm.example.com/", "twenty four characters \n", "/secret")]
    [InlineData("https://10.0.0.1/", "", "/url /secret")]
    public async Task A_bad_url_or_secret_is_refused(string? url, string? secret, string pointers)
    {
        var exception = await Assert.ThrowsAsync<ValidationException>(() => _world.Connecting.ConnectCustomWebhook(_world.Tenant, CrmRole.Main, url, secret, AuditActor.System, default));
        Assert.Equal(pointers, string.Join(' ', exception.Errors.Select(error => error.Pointer)));
        Assert.Null(await _world.Connections.Find(_world.Tenant, default));
    }

    [Fact]
    public async Task Without_a_connection_there_is_no_driver() => Assert.Null(await _world.Connections.Open(_world.Tenant, CrmObject.Lead, default));

    [Fact]
    public async Task Credentials_copied_to_another_tenant_do_not_open_and_no_retry_mends_it()
    {
        await _world.Connect();
        var other = TenantId.New(TimeProvider.System);
        foreach (var (_, _, row) in _world.Store.Inner.Dump().Where(entry => entry.Table == "TenantCredentials"))
        {
            await _world.Store.Inner.Commit("TenantCredentials", Partition.Of(other), [new RowWrite.Insert(row.Key, row.Columns)], default);
        }

        var exception = await Assert.ThrowsAsync<CrmException>(() => _world.Connections.Open(other, CrmObject.Lead, default));
        Assert.Equal((CrmErrorCode.AuthError, false), (exception.Code, exception.Retryable));
    }

    [Fact]
    public async Task The_archive_is_asked_for_only_what_the_crm_cannot_hold()
    {
        await _world.Connect();
        await _world.Connect("https://archive.example.com/in", CrmRole.Archive);
        _world.Crm.Capabilities = _world.Crm.Capabilities with { Objects = new HashSet<CrmObject> { CrmObject.Contact } };

        var before = _world.Plan.Calls;
        var contact = await _world.Connections.Open(_world.Tenant, CrmObject.Contact, default);
        Assert.Equal(2, _world.Plan.Calls - before);
        Assert.Same(_world.Crm, contact!.Driver);
        var lead = await _world.Connections.Open(_world.Tenant, CrmObject.Lead, default);
        Assert.Same(_world.CrmAt("archive.example.com"), lead!.Driver);
        Assert.NotEqual(contact.Connection.System, lead.Connection.System);
    }

    [Fact]
    public async Task An_archive_alone_is_no_crm()
    {
        await _world.Connect("https://archive.example.com/in", CrmRole.Archive);
        Assert.Null(await _world.Connections.Open(_world.Tenant, CrmObject.Lead, default));
        Assert.Null((await _world.Connections.Describe(_world.Tenant, default)).Lacking);
    }

    [Fact]
    public async Task What_is_connected_and_removed_leaves_an_audit_row_each()
    {
        await _world.Connect();
        await _world.Connect("https://archive.example.com/in", CrmRole.Archive);
        await _world.Connecting.Disconnect(_world.Tenant, CrmRole.Archive, AuditActor.System, default);
        await _world.Connecting.Disconnect(_world.Tenant, CrmRole.Main, AuditActor.System, default);
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Connecting.Disconnect(_world.Tenant, CrmRole.Main, AuditActor.System, default));
        Assert.Equal(
            [
                "credential.created", "crm.connected",
                "credential.created", "crm_archive.connected",
                "crm_archive.disconnected", "credential.revoked",
                "crm.disconnected", "credential.revoked",
            ],
            _world.Store.Inner.Dump().Where(entry => entry.Table == "AuditLog").OrderByDescending(entry => entry.Row.Key, StringComparer.Ordinal).Select(entry => entry.Row.Columns["action"]));
    }

    [Fact]
    public async Task Credentials_that_do_not_open_can_be_looked_at_and_replaced()
    {
        await _world.Connect();
        var row = _world.Store.Inner.Dump().Single(entry => entry.Table == "TenantCredentials" && entry.Row.Key == "crm").Row;
        var damaged = row.Columns.ToDictionary(column => column.Key, column => column.Value);
        damaged["credential"] = Guid.NewGuid();
        await _world.Store.Inner.Commit("TenantCredentials", Partition.Of(_world.Tenant), [new RowWrite.Upsert(row.Key, damaged)], default);

        var overview = await _world.Connections.Describe(_world.Tenant, default);
        Assert.Null(overview.Lacking);
        Assert.Equal("custom_webhook", overview.Main.Connection!.Provider);
        await _world.Connect("https://archive.example.com/in", CrmRole.Archive);
        await _world.Connect();
        Assert.Empty((await _world.Connections.Describe(_world.Tenant, default)).Lacking!);
    }
}

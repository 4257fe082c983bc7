using System.Text.Json;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
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
        var connections = new CrmConnectionService(_world.Store, _world.Protector, _world.Egress, Open, _world.Queue, _world.Clocks, _world.Timings);
        var secret = new string('s', 24);
        var connected = await connections.ConnectCustomWebhook(_world.Tenant, CrmRole.Main, "https://crm.example.com/in", secret, default);

        Assert.Same(_world.Crm, (await connections.Open(_world.Tenant, CrmObject.Lead, default))?.Driver);
        Assert.Equal(("custom_webhook", $$"""{"url":"https://crm.example.com/in","secret":"{{secret}}"}"""), opened);
        Assert.Equal((secret, "custom_webhook", CrmConnectionStatus.Active), (connected.Secret, connected.Connection.Provider, connected.Connection.Status));
        Assert.Equal(connected.Connection, await connections.Find(_world.Tenant, default));

        ICrmDriver Open(string provider, JsonElement credentials)
        {
            opened = (provider, credentials.GetRawText());
            return _world.Crm;
        }
    }

    [Fact]
    public async Task A_secret_is_made_when_none_is_given()
    {
        var connected = await _world.Connections.ConnectCustomWebhook(_world.Tenant, CrmRole.Main, "https://crm.example.com/in", null, default);
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
        var exception = await Assert.ThrowsAsync<ValidationException>(() => _world.Connections.ConnectCustomWebhook(_world.Tenant, CrmRole.Main, url, secret, default));
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
        var row = _world.Store.Inner.Dump().Single(entry => entry.Table == "TenantCredentials").Row;
        await _world.Store.Inner.Commit("TenantCredentials", Partition.Of(other), [new RowWrite.Insert(row.Key, row.Columns)], default);
        var exception = await Assert.ThrowsAsync<CrmException>(() => _world.Connections.Open(other, CrmObject.Lead, default));
        Assert.Equal((CrmErrorCode.AuthError, false), (exception.Code, exception.Retryable));
    }
}

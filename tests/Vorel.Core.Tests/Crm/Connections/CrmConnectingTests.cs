using System.Text.Json.Nodes;
using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Errors;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Connections;

/// <summary>What is entered is tested before it is used, and what was used before stays until then.</summary>
public sealed class CrmConnectingTests
{
    private static readonly AuditActor s_operator = new(AuditActorKind.Operator, "5e0a2d0c-0f5b-4e0a-9a3e-1d2c3b4a5f60");

    private readonly World _world = new();

    [Fact]
    public async Task What_works_is_used_and_the_form_before_it_is_revoked_at_once()
    {
        var first = await Connect("crm");
        _world.Advance(TimeSpan.FromHours(1));
        var second = await Connect("crm");

        Assert.Equal((CredentialStatus.Active, null), (second.Status, second.Reason));
        Assert.Equal(first.ConnectedAt, second.ConnectedAt);
        Assert.Equal(2, _world.Crm.Tests);
        Assert.Equal(["active", "revoked"], await Statuses());
        Assert.Equal([new string('2', 24)], Secrets());
        Assert.Equal(
            ["credential.created", "crm.connected", "credential.created", $"crm.connected {first.Credential}>{second.Credential}", $"credential.revoked {first.Credential}>{second.Credential}"],
            Audit());
        Assert.All(_world.Store.Inner.Dump().Where(entry => entry.Table == "AuditLog"), entry => Assert.Equal(s_operator.Id, entry.Row.Columns["actor"]));
    }

    [Fact]
    public async Task What_does_not_work_stays_pending_with_the_reason_and_leaves_the_present_one_untouched()
    {
        await Connect("crm");
        var before = Row("crm");
        _world.CrmAt("new.example.com").OnTest = _ => throw new CrmException(CrmErrorCode.AuthError, "The receiver refused us.", retryable: false);
        var result = await Connect("new");

        Assert.Equal((CredentialStatus.Pending, new CredentialReason(CrmErrorCode.AuthError, "The receiver refused us."), null), (result.Status, result.Reason, result.ConnectedAt));
        Assert.Equal(before.ETag, Row("crm").ETag);
        Assert.Equal(["pending", "active"], await Statuses());
        var kept = (await _world.Connecting.List(_world.Tenant, default))[0];
        Assert.Equal((result.Credential, result.Reason, _world.Domain.GetUtcNow()), (kept.Id, kept.Reason, kept.TestedAt));
        Assert.Same(_world.Crm, (await _world.Connections.Open(_world.Tenant, CrmObject.Lead, default))!.Driver);
        var overview = (await _world.Connections.Describe(_world.Tenant, default)).Main;
        Assert.Equal((result.Credential, CredentialStatus.Active), (overview.Pending!.Id, overview.Active!.Status));
    }

    [Fact]
    public async Task A_pending_one_is_used_once_a_later_test_succeeds()
    {
        var away = _world.CrmAt("new.example.com");
        away.OnTest = _ => throw new CrmException(CrmErrorCode.ProviderUnavailable, "The receiver failed.", retryable: true);
        var pending = await Connect("new");
        Assert.Null(await _world.Connections.Find(_world.Tenant, default));
        var again = await _world.Connecting.Test(_world.Tenant, pending.Credential, s_operator, default);
        Assert.Equal((pending.Status, pending.Reason), (again.Status, again.Reason));

        away.OnTest = null;
        var tested = await _world.Connecting.Test(_world.Tenant, CrmRole.Main, s_operator, default);
        Assert.Equal((pending.Credential, CredentialStatus.Active, null), (tested.Credential, tested.Status, tested.Reason));
        var shown = Assert.Single(await _world.Connecting.List(_world.Tenant, default));
        Assert.Equal((CredentialStatus.Active, null), (shown.Status, shown.Reason));
        Assert.Same(away, (await _world.Connections.Open(_world.Tenant, CrmObject.Lead, default))!.Driver);
    }

    [Fact]
    public async Task A_test_of_the_active_one_says_what_is_wrong_and_changes_nothing()
    {
        var active = await Connect("crm");
        var before = Rows();
        var tested = await _world.Connecting.Test(_world.Tenant, CrmRole.Main, s_operator, default);
        Assert.Equal((active.Credential, active.Status, active.ConnectedAt, null), (tested.Credential, tested.Status, tested.ConnectedAt, tested.Reason));
        _world.Crm.OnTest = _ => throw new CrmException(CrmErrorCode.AuthError, "The receiver refused us.", retryable: false);
        var failed = await _world.Connecting.Test(_world.Tenant, active.Credential, s_operator, default);
        Assert.Equal((CredentialStatus.Active, CrmErrorCode.AuthError), (failed.Status, failed.Reason!.Code));
        Assert.Equal(before, Rows());
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_given_ten_seconds()
    {
        _world.Crm.OnTest = async cancellationToken =>
        {
            _world.Real.Advance(TimeSpan.FromSeconds(9.9));
            Assert.False(cancellationToken.IsCancellationRequested);
            _world.Real.Advance(TimeSpan.FromSeconds(0.1));
            await new TaskCompletionSource().Task; // Whether or not it looks at its token.
        };
        var result = await Connect("crm");
        Assert.Equal((CredentialStatus.Pending, CrmErrorCode.ProviderUnavailable), (result.Status, result.Reason!.Code));
        Assert.Equal("The provider did not answer within 10 seconds.", result.Reason.Text);
    }

    [Fact]
    public async Task Scopes_that_were_not_granted_are_named_before_anybody_is_called()
    {
        var result = await Grant("""{"url":"https://crm.example.com/","access_token":"a","refresh_token":"r","scopes":["read"]}""");
        Assert.Equal((CredentialStatus.Pending, new CredentialReason(CrmErrorCode.InsufficientScope, "The grant lacks write, delete.")), (result.Status, result.Reason));
        Assert.Equal(0, _world.Crm.Tests);
    }

    [Fact]
    public async Task A_provider_without_a_driver_stays_pending_and_says_so()
    {
        var (_, connecting) = _world.NewConnections(_ => throw new CrmException(CrmErrorCode.Unsupported, "There is no driver for this provider.", retryable: false));
        var (result, _) = await connecting.ConnectCustomWebhook(_world.Tenant, CrmRole.Main, "https://crm.example.com/in", null, s_operator, default);
        Assert.Equal((CredentialStatus.Pending, new CredentialReason(CrmErrorCode.Unsupported, "There is no driver for this provider.")), (result.Status, result.Reason));
    }

    [Fact]
    public async Task What_somebody_signed_in_for_retires_until_it_is_revoked()
    {
        var first = await Grant(Granted("first"));
        var second = await Grant(Granted("second"));
        Assert.Equal(["active", "retiring"], await Statuses());
        Assert.Equal(["second", "first"], Secrets());
        Assert.Equal($"credential.retiring {first.Credential}>{second.Credential}", Audit()[^1]);
        await Assert.ThrowsAsync<ConflictException>(() => _world.Connecting.Test(_world.Tenant, first.Credential, s_operator, default));

        await _world.Connecting.Revoke(_world.Tenant, first.Credential, s_operator, default);
        await _world.Connecting.Revoke(_world.Tenant, first.Credential, s_operator, default);
        Assert.Equal(["active", "revoked"], await Statuses());
        Assert.Equal(["second"], Secrets());
        Assert.Equal(1, Audit().Count(line => line.StartsWith("credential.revoked", StringComparison.Ordinal)));
        await Assert.ThrowsAsync<ConflictException>(() => _world.Connecting.Test(_world.Tenant, first.Credential, s_operator, default));
    }

    [Fact]
    public async Task The_active_one_is_not_revoked_but_disconnected_and_then_nothing_is_left_that_opens()
    {
        await Grant(Granted("first"));
        var second = await Grant(Granted("second"));
        await Assert.ThrowsAsync<ConflictException>(() => _world.Connecting.Revoke(_world.Tenant, second.Credential, s_operator, default));
        await Assert.ThrowsAsync<NotFoundException>(() => _world.Connecting.Revoke(_world.Tenant, Guid.CreateVersion7(), s_operator, default));

        await _world.Connecting.Disconnect(_world.Tenant, CrmRole.Main, s_operator, default);
        Assert.Equal(["revoked", "revoked"], await Statuses());
        Assert.Empty(Secrets());
        Assert.Null(await _world.Connections.Find(_world.Tenant, default));
    }

    [Fact]
    public async Task Of_tries_that_came_to_nothing_ten_are_kept()
    {
        _world.Crm.OnTest = _ => throw new CrmException(CrmErrorCode.AuthError, "The receiver refused us.", retryable: false);
        for (var tries = 0; tries < 13; tries++)
        {
            await Connect("crm");
        }

        Assert.Equal([.. Enumerable.Repeat("pending", 10), .. Enumerable.Repeat("revoked", 3)], await Statuses());
        Assert.Equal(10, Secrets().Count);
    }

    [Fact]
    public async Task What_is_revoked_while_it_is_tested_is_not_used()
    {
        _world.Crm.OnTest = async _ =>
        {
            var pending = Assert.Single(await _world.Connecting.List(_world.Tenant, default));
            await _world.Connecting.Revoke(_world.Tenant, pending.Id, s_operator, default);
        };
        await Assert.ThrowsAsync<ConflictException>(() => Connect("crm"));
        Assert.Null(await _world.Connections.Find(_world.Tenant, default));
        Assert.Equal(["revoked"], await Statuses());
    }

    private static string Granted(string token) =>
        $$"""{"url":"https://crm.example.com/","access_token":"{{token}}","refresh_token":"r","scopes":["read","write","delete"],"secret":"{{token}}"}""";

    private Task<ConnectResult> Grant(string credentials) => _world.Connecting.Connect(
        _world.Tenant, CrmRole.Main, TokenProviders.Granting, JsonNode.Parse(credentials)!.AsObject(), s_operator, default);

    private async Task<ConnectResult> Connect(string host)
    {
        var secret = new string((char)('1' + _world.Keys("credential|").Count % 9), 24);
        return (await _world.Connecting.ConnectCustomWebhook(_world.Tenant, CrmRole.Main, $"https://{host}.example.com/in", secret, s_operator, default)).Result;
    }

    private async Task<IEnumerable<string>> Statuses() => (await _world.Connecting.List(_world.Tenant, default)).Select(credential => credential.Status.Wire());

    private List<string> Rows() => [.. _world.Store.Inner.Dump().Where(entry => entry.Table == "TenantCredentials").Select(entry => entry.Row.Key + entry.Row.ETag)];

    private Row Row(string key) => _world.Store.Inner.Dump().Single(entry => entry.Table == "TenantCredentials" && entry.Row.Key == key).Row;

    /// <summary>The secrets that still lie there, of the newest credential first.</summary>
    private List<string> Secrets() =>
    [
        .. _world.Store.Inner.Dump().Where(entry => entry.Row.Columns.ContainsKey("sealed_0")).OrderBy(entry => entry.Row.Key, StringComparer.Ordinal)
            .Select(entry => System.Text.Encoding.UTF8.GetString((byte[])entry.Row.Columns["sealed_0"]))
            .Select(text => JsonNode.Parse(text[text.IndexOf('\n', StringComparison.Ordinal)..])!["secret"]!.GetValue<string>()),
    ];

    private List<string> Audit() =>
    [
        .. _world.Store.Inner.Dump().Where(entry => entry.Table == "AuditLog").OrderByDescending(entry => entry.Row.Key, StringComparer.Ordinal).Select(entry => entry.Row.Columns)
            .Select(row => row.TryGetValue("old", out var old) && row.TryGetValue("new", out var present) ? $"{row["action"]} {old}>{present}" : (string)row["action"]),
    ];
}

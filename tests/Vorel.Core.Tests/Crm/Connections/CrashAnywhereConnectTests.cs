using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Errors;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Crm.Credentials;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Connections;

/// <summary>A CRM that is connected, while any one call of that breaks or something else happens at it: one credential is in use, or none, and never half of two.</summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereConnectTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public Task A_break_at_any_call_leaves_the_old_or_the_new_one_whole(bool afterEffect, bool killed) => Platform.AtEachCall(12, 60, async breaksAt =>
    {
        var stage = await TokenStage.Start();
        var world = stage.World;
        var old = stage.Credential;
        var start = world.Plan.Calls;
        (world.Plan.BreaksAt, world.Plan.AfterEffect) = (start + breaksAt, afterEffect);
        world.Plan.Fault = killed ? () => new KilledException() : world.Plan.Fault;
        try
        {
            await stage.SignIn("new");
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KilledException)
        {
        }

        var calls = world.Plan.Calls - start;
        world.Plan.BreaksAt = null;
        await AssertWhole(stage);
        Assert.NotNull(await stage.Open());

        // Whoever was not told tries again.
        var again = await stage.SignIn("again");
        Assert.Equal(CredentialStatus.Active, again.Status);
        await AssertWhole(stage);
        Assert.Equal(again.Credential, (await stage.Connections.Find(world.Tenant, default))!.Id);
        Assert.Equal(CredentialStatus.Retiring, (await stage.Stored(old)).Row.Status);
        return calls;
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_break_at_any_call_of_a_disconnect_leaves_it_connected_or_without_anything_that_opens(bool afterEffect) => Platform.AtEachCall(5, 30, async breaksAt =>
    {
        var stage = await TokenStage.Start();
        await stage.SignIn("new");
        var world = stage.World;
        var start = world.Plan.Calls;
        (world.Plan.BreaksAt, world.Plan.AfterEffect, world.Plan.Fault) = (start + breaksAt, afterEffect, () => new KilledException());
        try
        {
            await Disconnect(stage);
        }
        catch (KilledException)
        {
        }

        var calls = world.Plan.Calls - start;
        world.Plan.BreaksAt = null;
        await AssertWhole(stage);
        try
        {
            await Disconnect(stage);
        }
        catch (NotFoundException)
        {
        }

        Assert.DoesNotContain(Rows(stage), row => row.Sealed.Length > 0);
        Assert.Null(await stage.Connections.Find(world.Tenant, default));
        return calls;
    });

    [Fact]
    public Task Another_connect_at_any_call_leaves_one_of_the_two() => Meanwhile(async stage =>
    {
        await stage.SignIn("other");
        return false;
    });

    [Fact]
    public Task A_disconnect_at_any_call_leaves_one_or_none() => Meanwhile(async stage =>
    {
        try
        {
            await Disconnect(stage);
        }
        catch (NotFoundException)
        {
        }

        return true;
    });

    [Fact]
    public Task A_refresh_of_the_old_one_at_any_call_keeps_its_token() => Platform.AtEachCall(12, 60, async at =>
    {
        var stage = await TokenStage.Start();
        var old = stage.Credential;
        var tokens = await stage.Open();
        var used = await tokens.Get(default);
        var calls = await Interleave(stage, at, async () =>
        {
            stage.Renewal.Good = "refresh-0";
            stage.Renewal.Rotates = true;
            await tokens.Refresh(used, default);
        });
        await AssertWhole(stage);
        Assert.Equal(("access-anew", "refresh-anew", 1L), await stage.Sealed());
        if (at is not null)
        {
            Assert.Equal(("access-1", "refresh-1", 2L), await stage.Sealed(old));
        }

        return calls;
    });

    private static Task Meanwhile(Func<TokenStage, Task<bool>> other) => Platform.AtEachCall(12, 60, async at =>
    {
        var stage = await TokenStage.Start();
        var mayBeNone = false;
        var calls = await Interleave(stage, at, async () => mayBeNone = await other(stage));
        await AssertWhole(stage);
        Assert.True(mayBeNone || await stage.Connections.Find(stage.World.Tenant, default) is not null);
        return calls;
    });

    /// <summary>Connects anew, and at one call of that something else happens first.</summary>
    private static async Task<int> Interleave(TokenStage stage, int? at, Func<Task> other)
    {
        var plan = stage.World.Plan;
        var (start, elsewhere) = (plan.Calls, 0);
        plan.Meanwhile = async number =>
        {
            if (number == start + at)
            {
                plan.Meanwhile = null;
                var before = plan.Calls;
                await other();
                elsewhere = plan.Calls - before;
            }
        };
        await stage.SignIn("anew");
        plan.Meanwhile = null;
        return plan.Calls - start - elsewhere;
    }

    private static Task Disconnect(TokenStage stage) => stage.Connecting.Disconnect(stage.World.Tenant, CrmRole.Main, AuditActor.System, default);

    private static IReadOnlyList<CredentialRow> Rows(TokenStage stage) =>
    [
        .. stage.World.Store.Inner.Dump().Where(entry => entry.Row.Key.StartsWith(CredentialRow.Prefix, StringComparison.Ordinal))
            .Select(entry => CredentialRow.FromColumns(entry.Row.Key, new Columns(entry.Row.Columns))),
    ];

    /// <summary>What is connected is the one that is active; nothing revoked opens, and everything else does.</summary>
    private static async Task AssertWhole(TokenStage stage)
    {
        var rows = Rows(stage);
        var connected = await stage.Connections.Find(stage.World.Tenant, default);
        Assert.Equal(connected?.Id, rows.SingleOrDefault(row => row.Status == CredentialStatus.Active)?.Id);
        Assert.All(rows, row => Assert.Equal(row.Status == CredentialStatus.Revoked, row.Sealed.Length == 0));
        if (connected is not null)
        {
            Assert.NotNull(await stage.Open());
        }
    }
}

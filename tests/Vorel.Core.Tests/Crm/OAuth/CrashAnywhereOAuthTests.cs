using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.OAuth;
using Vorel.Core.Storage;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.OAuth;

/// <summary>Breaks every storage call of a sign-in: whatever breaks, a state is good once at most, and nothing is half connected.</summary>
[Trait("Area", "crash")]
public sealed class CrashAnywhereOAuthTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Whatever_call_breaks_a_code_is_sent_once_at_most_and_a_new_link_works(bool afterEffect, bool killed)
    {
        await using var stage = await OAuthStage.Start();
        await Platform.AtEachCall(7, 20, at => Play(stage, at, afterEffect, killed));
    }

    private static async Task<int> Play(OAuthStage stage, int? at, bool afterEffect, bool killed)
    {
        var (exchanges, connected) = (Exchanges(stage), stage.Connected.Count);
        var start = stage.Plan.Calls;
        stage.Plan.BreaksAt = start + at;
        stage.Plan.AfterEffect = afterEffect;
        stage.Plan.Fault = () => killed ? new KilledException() : new StoreUnavailableException("scripted");
        var brought = await Survives(() => stage.Bring("salesforce"));
        if (brought is not null)
        {
            // The browser's user presses reload, as people do.
            await Survives(() => stage.Flow.Arrive("salesforce", brought, default));
            await Survives(() => stage.Flow.Arrive("salesforce", brought, default));
        }

        var calls = stage.Plan.Calls - start;
        stage.Plan.BreaksAt = null;

        Assert.InRange(Exchanges(stage) - exchanges, at is null ? 1 : 0, 1);
        Assert.InRange(stage.Connected.Count - connected, at is null ? 1 : 0, Exchanges(stage) - exchanges);
        if (at is not null)
        {
            connected = stage.Connected.Count;
            await stage.Flow.Arrive("salesforce", await stage.Bring("salesforce"), default);
            Assert.Equal(connected + 1, stage.Connected.Count);
        }

        return calls;
    }

    private static int Exchanges(OAuthStage stage) => stage.Salesforce.Calls.Count(call => call.StartsWith("POST", StringComparison.Ordinal));

    private static async Task<T?> Survives<T>(Func<Task<T>> work)
        where T : class
    {
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KilledException or OAuthRefusedException)
        {
            return null;
        }
    }
}

using Vorel.Core.Alerts;
using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Credentials;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Incidents;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Crm.Credentials;

/// <summary>A credential that works no more is marked, written down and told of, until the CRM is connected anew.</summary>
public sealed class CredentialFailureTests
{
    [Fact]
    public async Task A_refresh_token_that_is_refused_for_good_marks_the_credential_and_opens_an_incident_which_to_connect_anew_closes()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Good = "another";
        var tokens = await stage.Open();
        var failure = await Assert.ThrowsAsync<CrmException>(async () => await tokens.Refresh(await tokens.Get(default), default));
        Assert.Equal((CrmErrorCode.RefreshFailed, false), (failure.Code, failure.Retryable));
        Assert.Equal(new CredentialFailure(CrmErrorCode.RefreshFailed, stage.World.Domain.GetUtcNow()), (await stage.Stored()).Row.Failure);
        Assert.Equal(1, stage.Audited(AuditAction.CredentialRefreshFailed));
        Assert.Equal(CrmErrorCode.RefreshFailed, (await stage.Connections.Describe(stage.World.Tenant, default)).Main.Active!.Failure!.Code);

        await Minutes(stage, 2);
        var incident = Assert.Single(await Incidents(stage));
        Assert.Equal((IncidentType.CredentialRefreshFailed, "granting", "refresh_failed", null), (incident.Type, incident.Subject, incident.FirstError, incident.ClosedAt));
        Assert.Equal(AlertCode.IncidentOpened, Assert.Single(stage.World.Alerts.Raised).Code);

        await stage.SignIn("anew");
        await Minutes(stage, 2);
        Assert.Equal("resolved", Assert.Single(await Incidents(stage)).ClosedBecause);
        Assert.Null((await stage.Stored()).Row.Failure);
    }

    [Fact]
    public async Task What_was_refused_for_good_is_not_sent_again_for_five_minutes()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Good = "another";
        var tokens = await stage.Open();
        var used = await tokens.Get(default);
        for (var calls = 0; calls < 5; calls++)
        {
            await Assert.ThrowsAsync<CrmException>(() => tokens.Refresh(used, default));
        }

        Assert.Equal((1, 1), (stage.Renewal.Calls, stage.Audited(AuditAction.CredentialRefreshFailed)));
        stage.World.Advance(TimeSpan.FromMinutes(5));
        stage.Renewal.Good = "refresh-0";
        Assert.Equal("access-2", (await tokens.Refresh(used, default)).Value);
        Assert.Null((await stage.Stored()).Row.Failure);
    }

    [Fact]
    public async Task A_scope_that_a_call_lacks_marks_the_credential_once_and_stays_until_somebody_signs_in_anew()
    {
        var stage = await TokenStage.Start();
        var driver = (await stage.Connections.Open(stage.World.Tenant, CrmObject.Lead, default))!.Driver;
        stage.World.Crm.Refuses = () => new CrmException(CrmErrorCode.InsufficientScope, "scripted", retryable: false);
        for (var calls = 0; calls < 3; calls++)
        {
            await Assert.ThrowsAsync<CrmException>(() => driver.CreateRecord(CrmObject.Lead, new CrmFields([]), "1", default));
        }

        Assert.Equal(1, stage.Audited(AuditAction.CredentialRefreshFailed));
        var tokens = await stage.Open();
        await tokens.Refresh(await tokens.Get(default), default);
        Assert.Equal(CrmErrorCode.InsufficientScope, (await stage.Stored()).Row.Failure!.Code);
        await Minutes(stage, 2);
        Assert.Equal(("insufficient_scope", null), (Assert.Single(await Incidents(stage)).FirstError, (await Incidents(stage))[0].ClosedAt));

        await stage.SignIn("anew");
        await Minutes(stage, 2);
        Assert.Equal("resolved", Assert.Single(await Incidents(stage)).ClosedBecause);
    }

    [Fact]
    public async Task A_write_that_lacks_a_scope_is_part_of_the_same_incident_and_goes_out_when_somebody_has_signed_in_anew()
    {
        var stage = await TokenStage.Start();
        await stage.World.FinishRedrives();
        var mirror = new MirrorService(stage.World.Store, stage.World.Reader, stage.Connections, new CrmPermits(stage.World.Clocks), stage.World.Hints, stage.World.Clocks);
        var conversation = await stage.World.Conversation();
        stage.World.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.InsufficientScope, "scripted", retryable: false));
        Assert.IsType<MirrorStep.Done>(await mirror.Mirror(stage.World.Tenant, conversation.Kind, conversation.Id, default));
        await Minutes(stage, 2);
        var incident = Assert.Single(await Incidents(stage));
        Assert.Equal((IncidentType.CredentialRefreshFailed, 1), (incident.Type, incident.Counts["conversation"]));

        await stage.SignIn("anew");
        await stage.World.FinishRedrives();
        Assert.IsType<MirrorStep.Done>(await mirror.Mirror(stage.World.Tenant, conversation.Kind, conversation.Id, default));
        Assert.Equal(1, stage.World.Crm.Records);
        await Minutes(stage, 6);
        Assert.NotNull(Assert.Single(await Incidents(stage)).ClosedAt);
    }

    [Fact]
    public async Task A_renewal_that_grants_less_marks_the_credential_and_gives_the_token_all_the_same()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Scopes = ["read"];
        var tokens = await stage.Open();
        Assert.Equal("access-1", (await tokens.Refresh(await tokens.Get(default), default)).Value);
        Assert.Equal(CrmErrorCode.InsufficientScope, (await stage.Stored()).Row.Failure!.Code);
        await Minutes(stage, 2);
        Assert.Single(await Incidents(stage));
    }

    [Fact]
    public async Task A_credential_that_fails_before_it_is_used_opens_no_incident()
    {
        var stage = await TokenStage.Start();
        stage.Renewal.Good = "another";
        stage.World.Crm.OnTest = async _ =>
        {
            var tokens = stage.LastOpened!;
            await tokens.Refresh(await tokens.Get(default), default);
        };
        var result = await stage.Connect(TokenProviders.Granting, """{"access_token":"a","refresh_token":"r","scopes":["read","write","delete"]}""");
        Assert.Equal((CredentialStatus.Pending, CrmErrorCode.RefreshFailed), (result.Status, result.Reason!.Code));
        await Minutes(stage, 6);
        Assert.Empty(await Incidents(stage));
        Assert.Empty(stage.World.Alerts.Raised);
    }

    private static async Task Minutes(TokenStage stage, int count)
    {
        for (var minute = 0; minute < count; minute++)
        {
            stage.World.Advance(TimeSpan.FromMinutes(1));
            await stage.World.Dispatch();
            await stage.World.Tick.Run(stage.World.Domain.GetUtcNow(), default);
        }
    }

    private static async Task<IReadOnlyList<Incident>> Incidents(TokenStage stage) => (await new IncidentReader(stage.World.Store).List(stage.World.Tenant, null, 100, null, default)).Incidents;
}

using Vorel.Core.Audit;
using Vorel.Core.Crm;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Mirror;
using Vorel.Core.Records;
using Vorel.Core.Tenants;
using Vorel.Core.Tests.Support;

namespace Vorel.Core.Tests.Incidents;

/// <summary>What a look looks at, and when.</summary>
public sealed class LookScopeTests
{
    [Fact]
    public async Task Another_tenants_rows_are_never_counted()
    {
        var stage = await IncidentStage.Start();
        var other = TenantId.New(TimeProvider.System);
        await stage.World.Connecting.ConnectCustomWebhook(other, CrmRole.Main, "https://crm.example.com/other", null, AuditActor.System, default);
        var theirs = (await stage.World.Create(RecordKinds.Conversation, """{"channel":"voice","customer_identifier":"theirs"}""", tenant: other)).Record;
        stage.World.Crm.Failures.Enqueue(new CrmException(CrmErrorCode.Conflict, "scripted", retryable: false));
        await stage.World.Mirror.Mirror(other, theirs.Kind, theirs.Id, default);
        var ours = await stage.World.Conversation();
        await stage.Refuse(ours);

        await stage.Pass(1);

        Assert.Equal(("validation_error", 1), ((await stage.Only()).LastError, (await stage.Only()).Counts["conversation"]));
        var told = Assert.Single(stage.World.Alerts.Raised, alert => alert.Tenant == other);
        Assert.NotEqual(told.Subject, (await stage.Only()).Id.ToString("D"));
    }

    [Fact]
    public async Task Hints_that_were_filed_for_different_minutes_fall_together()
    {
        var stage = await IncidentStage.Start();
        for (var minute = 0; minute < 5; minute++)
        {
            await stage.Refuse(await stage.World.Conversation($"caller {minute}"));
            await stage.Pass(1);
        }

        await stage.Pass(6);
        Assert.Single(stage.Hints());
        Assert.Equal(0, Assert.Single(stage.Hints()).Minute % 5);
    }
}

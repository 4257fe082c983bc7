using System.Reflection;
using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Testing;

namespace Vorel.Core.Tests.Storage;

public sealed class ConventionTests
{
    private static readonly Assembly s_core = typeof(Partition).Assembly;

    [Fact]
    public void The_partitions_that_are_no_tenants_are_these_and_no_more()
    {
        var factories = typeof(Partition).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(Partition))
            .Select(method => $"{method.Name}({string.Join(',', method.GetParameters().Select(parameter => parameter.ParameterType.Name))})");
        Assert.Equal(["ApiKeyPrefix(String)", "Due(String)", "OAuthState(String)", "Of(TenantId)", "PurgeIndex(String)", "Rewraps()"], factories.Order(StringComparer.Ordinal));
        Assert.Empty(typeof(Partition).GetConstructors());
        Assert.Equal(TenantId.New(TimeProvider.System) is var tenant ? tenant.ToString() : "", Partition.Of(tenant).Value);
    }

    [Fact]
    public void The_published_windows_are_in_the_source()
    {
        Assert.Equal(TimeSpan.FromDays(30), RecordKinds.Conversation.Window);
        Assert.Equal(TimeSpan.FromDays(30), RecordKinds.Lead.Window);
        Assert.Equal(TimeSpan.FromDays(30), RecordKinds.Customer.Window);
        Assert.Equal(TimeSpan.FromDays(7), RecordKinds.Message.Window);
        Assert.Equal(TimeSpan.FromDays(90), RecordKinds.Case.Window);

        // Not published: ours.
        Assert.Equal((TimeSpan.FromDays(30), TimeSpan.FromDays(90)), (RecordKinds.Appointment.Window, AppointmentRow.LongestAfterSync));
    }

    [Fact]
    public void No_field_of_a_record_has_the_name_of_a_column_that_the_store_or_we_keep()
    {
        foreach (var field in RecordKinds.All.Append(RecordKinds.Offering).SelectMany(kind => kind.Fields))
        {
            Assert.Matches("^[a-z][a-z_]*$", field.Name);
            Assert.DoesNotContain(field.Name, new[] { "id", "created_at", "updated_at" });
            Assert.False(field.Name.StartsWith("vorel_", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void No_record_prints_the_secret_it_holds()
    {
        var holders = SecretText.Holders(s_core).Select(holder => $"{holder.Record.Name}.{holder.Member.Name}").ToList();
        string[] known = ["IssuedApiKey.Text", "CreatedSubscription.Secret", "WebhookRequest.Secret", "SubscriptionTarget.Secret"];
        Assert.Empty(known.Except(holders));
        Assert.Empty(SecretText.Printed(s_core));
    }

    [Fact]
    public void What_goes_to_a_CRM_does_not_print_the_customer()
    {
        var fields = new CrmFields(new JsonObject { ["phone"] = "+971500000001" });
        var record = new CrmRecord("1", CrmObject.Lead, fields, null, null);
        var query = new CustomerQuery("+971500000001", "ada@example.com", null);
        Assert.DoesNotContain("971", $"{fields} {record} {query}", StringComparison.Ordinal);
        Assert.DoesNotContain("ada", $"{fields} {record} {query}", StringComparison.Ordinal);
    }
}

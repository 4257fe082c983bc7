using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vorel.Core.Crm;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Testing;

namespace Vorel.Core.Tests.Storage;

public sealed partial class ConventionTests
{
    private static readonly Assembly s_core = typeof(Partition).Assembly;

    [Fact]
    public void The_partitions_that_are_no_tenants_are_these_and_no_more()
    {
        var factories = typeof(Partition).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(Partition))
            .Select(method => $"{method.Name}({string.Join(',', method.GetParameters().Select(parameter => parameter.ParameterType.Name))})");
        Assert.Equal(["ApiKeyPrefix(String)", "Due(String)", "Of(TenantId)", "PurgeIndex(String)"], factories.Order(StringComparer.Ordinal));
        Assert.Empty(typeof(Partition).GetConstructors());
        Assert.Equal(TenantId.New(TimeProvider.System) is var tenant ? tenant.ToString() : "", Partition.Of(tenant).Value);
    }

    [Fact]
    public void Every_row_type_has_the_class_and_the_window_that_the_decision_record_says()
    {
        var declared = RowTypes().Select(type =>
        {
            var declaration = type.GetCustomAttribute<DataClassAttribute>();
            Assert.True(declaration is not null, $"{type.Name} has no class.");
            Assert.Equal("0003", declaration.Adr);
            var letter = declaration.DataClass switch { DataClass.InFlight => "a", DataClass.Telemetry => "b", DataClass.CustomerContent => "c", _ => "d" };
            return $"{type.Name} {letter} {declaration.RetentionDays}{(declaration.Copy ? " copy" : "")}";
        });
        var decided = File.ReadLines(RepositoryFolder.PathOf("docs", "adr", "0003-data-classes.md"))
            .Select(line => TableLine().Match(line))
            .Where(match => match.Success)
            .Select(match => $"{match.Groups["type"].Value} {match.Groups["class"].Value} {match.Groups["days"].Value}{(match.Groups["copy"].Success ? " copy" : "")}");
        Assert.Equal(declared.Order(StringComparer.Ordinal), decided.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_row_of_customer_content_is_a_kind_that_is_mirrored_or_a_copy()
    {
        var content = RowTypes().Where(type => type.GetCustomAttribute<DataClassAttribute>() is { DataClass: DataClass.CustomerContent, Copy: false });
        Assert.Equal(
            RecordKinds.All.Select(kind => kind.Empty.GetType().Name).Order(),
            content.Select(type => type.Name).Order());
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
        string[] known = ["IssuedApiKey.Text", "ConnectedCustomWebhook.Secret", "CreatedSubscription.Secret", "WebhookRequest.Secret", "SubscriptionTarget.Secret"];
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

    private static IEnumerable<Type> RowTypes() => s_core.GetTypes().Where(type =>
        !type.IsAbstract
        && (type.IsSubclassOf(typeof(RecordRow))
            || type.GetInterfaces().Any(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IRow<>))));

    [GeneratedRegex(@"^\| (?<type>\w+Row) \| (?<class>[abcd]) \| (?<days>\d+) \|( (?<copy>copy))? \|$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableLine();
}

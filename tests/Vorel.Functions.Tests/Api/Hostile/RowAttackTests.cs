using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Due;
using Vorel.Core.Records;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Api.Hostile;

/// <summary>Rows that another version wrote, or somebody with access to storage: a column of another type, gone, or absurd.</summary>
[Trait("Area", "hostile")]
public sealed class RowAttackTests
{
    private static readonly Task<HostileApi> s_api = HostileApi.Start();

    private static readonly object?[] s_values =
    [
        null, true, 7L, -1L, long.MaxValue, 1.5, double.NaN, "", HostileApi.Canary, "\r\nerror Forged[1]", "{\"a\":1}", new string('x', 30_000), Array.Empty<byte>(), "not json"u8.ToArray(), "[1]"u8.ToArray(), "{\"a\":1}"u8.ToArray(),
        Guid.Empty, new Guid("ffffffff-ffff-ffff-ffff-ffffffffffff"), DateTimeOffset.UnixEpoch, new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero),
    ];

    [Theory]
    [InlineData("lead|")]
    [InlineData("conversation|")]
    public async Task Whatever_stands_in_a_column_of_a_record_a_caller_reads_a_sound_record_or_500_and_the_log_nothing(string kind)
    {
        var api = await s_api;
        var path = kind == "lead|" ? api.Own.LeadPath : api.Own.ConversationPath;
        var sound = (await api.Own.Client.Get(path)).Json;
        await ForEachColumn(api, kind, async (column, value) =>
        {
            var before = api.Api.Dump();
            foreach (var call in (string[])[path, path[..path.LastIndexOf('/')]])
            {
                var answer = await api.Own.Client.Get(call);
                Assert.True(answer.Status is 200 or 404 || (answer.Status, answer.Code) == (500, "internal_error"), $"{call} with {column}={value}: {answer.Status}");
                if (answer.Status == 200 && (call == path ? answer.Json : answer.Json["data"]!.AsArray().FirstOrDefault()?.AsObject()) is { } shown)
                {
                    AssertSound(sound, shown, $"{column}={value}");
                }
            }

            Assert.Equal(before, api.Api.Dump());
            api.AssertNothingPrinted();
        });
    }

    [Fact]
    public async Task A_change_of_a_record_whose_row_is_broken_is_made_or_refused_and_never_breaks_another()
    {
        var api = await s_api;
        await ForEachColumn(api, "lead|", async (column, value) =>
        {
            var answer = await api.Own.Client.Patch(api.Own.LeadPath, """{"intent":"changed","attributes":{"b":2}}""");
            Assert.True(answer.Status is 200 or 404 or 409 || (answer.Status, answer.Code) == (500, "internal_error"), $"{column}={value}: {answer.Status}");
            Assert.Equal(200, (await api.Own.Client.Get(api.Own.ConversationPath)).Status);
            Assert.Equal(200, (await api.Neighbour.Client.Get("/v1/leads")).Status);
            api.AssertNothingPrinted();
        });
    }

    [Theory]
    [InlineData("Due", "/api/tenant/{t}/deliveries")]
    [InlineData("ApiKeys", "/v1/leads")]
    [InlineData("Tenants", "/api/tenant/{t}/deliveries")]
    public async Task Broken_rows_of_ours_are_no_way_in_and_tell_nothing(string table, string path)
    {
        var api = await HostileApi.Start();
        foreach (var (name, partition, row) in api.Api.Store.Dump().Where(entry => entry.Table == table))
        {
            foreach (var (column, value) in from column in row.Columns.Keys from value in s_values select (column, value))
            {
                await Put(api, name, partition, row, column, value);
                var target = path.Replace("{t}", api.Own.Tenant, StringComparison.Ordinal);
                var client = target.StartsWith("/api", StringComparison.Ordinal) ? api.Api.Operator : api.Neighbour.Client;
                var answer = await client.Get(target);
                Assert.True(answer.Status is 200 or 401 or 403 or 404 || (answer.Status, answer.Code) == (500, "internal_error"), $"{column}={value}: {answer.Status}");
                Assert.DoesNotContain(HostileApi.Canary, answer.Body, StringComparison.Ordinal);
                Assert.DoesNotContain(api.Own.Lead, answer.Body, StringComparison.Ordinal);
                api.AssertNothingPrinted();
            }

            await Put(api, name, partition, row, "none", null);
        }
    }

    [Fact]
    public async Task Hints_that_cannot_be_read_are_put_off_with_an_alert_and_keep_no_tenants_hint_from_its_turn()
    {
        var api = await HostileApi.Start();
        await using var scope = api.Api.Handler.Services.CreateAsyncScope();
        var bucket = DateTimeOffset.UtcNow.AddMinutes(-5).UtcDateTime.ToString("yyyyMMddHHmm", System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < s_values.Length; i++)
        {
            var columns = new Dictionary<string, object> { ["tenant"] = Guid.NewGuid(), ["kind"] = "delivery", ["id"] = "x", ["due_at"] = DateTimeOffset.UtcNow };
            columns[(string[])["tenant", "due_at", "kind", "id"] is var names ? names[i % 4] : ""] = s_values[i] is { } value and not Guid and not DateTimeOffset ? value : 1.5;
            await api.Api.Store.Commit("Due", Partition.Due(bucket + "00"), [new RowWrite.Upsert($"a broken hint {i}|{HostileApi.Canary}", columns)], CancellationToken.None);
        }

        var sound = new Dictionary<string, object> { ["tenant"] = Guid.Parse(api.Own.Tenant), ["kind"] = "tombstone", ["id"] = "outbox|0", ["due_at"] = DateTimeOffset.UtcNow.AddMinutes(-5) };
        await api.Api.Store.Commit("Due", Partition.Due(bucket + "01"), [new RowWrite.Upsert($"{api.Own.Tenant}|tombstone|outbox|0", sound)], CancellationToken.None);

        var report = await scope.ServiceProvider.GetRequiredService<Tick>().Run(DateTimeOffset.UtcNow, CancellationToken.None);

        Assert.DoesNotContain(api.Api.Store.Dump(), entry => entry.Table == "Due" && entry.Row.Key.EndsWith("|tombstone|outbox|0", StringComparison.Ordinal));
        Assert.DoesNotContain(api.Api.Store.Dump(), entry => entry.Table == "Due" && entry.Partition.StartsWith(bucket, StringComparison.Ordinal));
        Assert.Equal(s_values.Length, api.Api.Store.Dump().Count(entry => entry.Row.Key.StartsWith("a broken hint", StringComparison.Ordinal)));
        Assert.Equal((1, s_values.Length), (report.Handled, report.Failed));
        api.AssertNothingPrinted();
        Assert.Contains(api.Log.Printed, line => line.Contains("UnknownWork", StringComparison.Ordinal));
    }

    /// <summary>Runs a check with each column of the first such row of the caller's replaced by each value, and puts the row right again.</summary>
    private static async Task ForEachColumn(HostileApi api, string keyPrefix, Func<string, object?, Task> check)
    {
        var (table, partition, row) = api.Api.Store.Dump().First(entry => entry.Partition == api.Own.Tenant && entry.Row.Key.StartsWith(keyPrefix, StringComparison.Ordinal));
        foreach (var column in row.Columns.Keys.Append("email").Append("vorel_milestones").Append("vorel_external_id").Distinct())
        {
            foreach (var value in s_values)
            {
                await Put(api, table, partition, row, column, value);
                await check(column, value);
            }
        }

        await Put(api, table, partition, row, "none", null);
    }

    private static Task Put(HostileApi api, string table, string partition, Row row, string column, object? value)
    {
        var columns = row.Columns.ToDictionary(StringComparer.Ordinal);
        columns.Remove(column);
        if (value is not null)
        {
            columns[column] = value;
        }

        var where = TenantId.TryParse(partition, out var tenant) ? Partition.Of(tenant) : table == "Due" ? Partition.Due(partition) : Partition.ApiKeyPrefix(partition);
        return api.Api.Store.Commit(table, where, [new RowWrite.Upsert(row.Key, columns)], CancellationToken.None);
    }

    /// <summary>Every member is there, with a value of the kind that its field has.</summary>
    private static void AssertSound(JsonObject sound, JsonObject shown, string what)
    {
        Assert.Equal(sound.Select(member => member.Key), shown.Select(member => member.Key));
        foreach (var field in RecordKinds.All.SelectMany(kind => kind.Fields).Where(field => shown[field.Name] is not null))
        {
            var expected = field.Type switch
            {
                FieldType.Integer => System.Text.Json.JsonValueKind.Number,
                FieldType.Attributes => System.Text.Json.JsonValueKind.Object,
                _ => System.Text.Json.JsonValueKind.String,
            };
            Assert.True(shown[field.Name]!.GetValueKind() == expected, $"{what}: {shown.ToJsonString()}");
        }
    }
}

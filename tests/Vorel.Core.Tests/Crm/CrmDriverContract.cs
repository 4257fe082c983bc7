using System.Text.Json.Nodes;
using Vorel.Core.Crm;
using Vorel.Fakes;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm;

/// <summary>
/// What every driver owes its callers, whatever its provider. A provider's test class derives from this, brings its <see cref="CrmStage"/>,
/// and adds only what is peculiar to the provider.
/// </summary>
public abstract partial class CrmDriverContract : IAsyncLifetime
{
    /// <summary>What a customer might be called; it must show up in no exception.</summary>
    protected const string Canary = "Zoë Canary-4711";

    /// <summary>The provider's stage.</summary>
    protected abstract CrmStage Stage { get; }

    /// <summary>A driver with a good credential.</summary>
    protected ICrmDriver Driver => field ??= Stage.Open();

    /// <inheritdoc/>
    public Task InitializeAsync() => Stage.Start();

    /// <inheritdoc/>
    public virtual async Task DisposeAsync() => await Stage.DisposeAsync();

    [Fact]
    public async Task The_connection_test_passes_with_the_right_credential_and_changes_nothing()
    {
        await Driver.TestConnection(default);
        Assert.All(Driver.Capabilities.Objects, crmObject => Assert.Equal(0, Stage.Count(crmObject)));
    }

    [Fact]
    public async Task Every_call_with_a_wrong_credential_is_an_auth_error_that_no_retry_mends()
    {
        var stranger = Stage.OpenStranger();
        foreach (var call in Writes(stranger).Append(() => stranger.TestConnection(default)))
        {
            var exception = await Fails(call);
            Assert.Equal((CrmErrorCode.AuthError, false), (exception.Code, exception.Retryable));
        }

        Assert.All(Driver.Capabilities.Objects, crmObject => Assert.Equal(0, Stage.Count(crmObject)));
    }

    [Fact]
    public async Task Every_type_that_it_can_hold_can_be_created_changed_and_deleted()
    {
        foreach (var crmObject in Driver.Capabilities.Objects)
        {
            var before = Stage.Count(crmObject);
            var reference = await Driver.CreateRecord(crmObject, Sample(crmObject), $"key-of-{crmObject.Wire()}", default);
            Assert.Equal(before + 1, Stage.Count(crmObject));
            if (crmObject != CrmObject.Message)
            {
                await Driver.UpdateRecord(crmObject, reference.ExternalId, Fields("anew"), "key:2", 2, default);
                Assert.Contains("anew", Stage.TextOf(reference.ExternalId), StringComparison.Ordinal);
            }

            if (Driver.Capabilities.Deletes is not null)
            {
                await Driver.DeleteRecord(crmObject, reference.ExternalId, default);
                Assert.Equal(before, Stage.Count(crmObject));
            }
        }
    }

    [Fact]
    public async Task Every_type_that_it_cannot_hold_is_refused()
    {
        foreach (var crmObject in Enum.GetValues<CrmObject>().Except(Driver.Capabilities.Objects))
        {
            var exception = await Fails(() => Driver.CreateRecord(crmObject, Sample(crmObject), "key-1", default));
            Assert.Equal((CrmErrorCode.Unsupported, false), (exception.Code, exception.Retryable));
        }
    }

    [Theory]
    [InlineData("Zoë \u2028 +14155550100")]
    [InlineData("محمد بن سلمان \u202eابن\u202c")]
    [InlineData("👩‍👩‍👧‍👦 family \ud83c\udff4")]
    [InlineData("e\u0301 combining, \u200bzero width, \ufeffmark")]
    [InlineData("<script>alert('x')</script> & \"quoted\" {{tokens}} ${x}")]
    [InlineData("=HYPERLINK(\"http://evil.example\";\"x\")")]
    [InlineData("'; DROP TABLE contacts; --")]
    [InlineData("name: value; Existing ID: 1; https://[::1]/\\..\\..")]
    [InlineData("{\"properties\":{\"email\":\"x\"}}")]
    public async Task A_value_arrives_letter_by_letter(string value)
    {
        var reference = await Create("key-1", value);
        Assert.Contains(value, Stage.TextOf(reference.ExternalId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeated_key_makes_no_second_record()
    {
        var first = await Create("key-1", "a");
        Assert.Equal(first, await Create("key-1", "a"));
        Assert.Equal(1, Stage.Count(CrmObject.Lead));
        Assert.NotEqual(first, await Create("key-2", "a"));
    }

    [Fact]
    public async Task A_repeated_key_makes_no_second_record_of_any_type_that_is_found_by_its_key()
    {
        foreach (var crmObject in Driver.Capabilities.FoundByKey.Concat(Driver.Capabilities.FoundByKeyLater))
        {
            var key = $"key-of-{crmObject.Wire()}";
            var before = Stage.Count(crmObject);
            var first = await Driver.CreateRecord(crmObject, Sample(crmObject), key, default);
            Assert.Equal(first, await Driver.CreateRecord(crmObject, Sample(crmObject), key, default));
            Assert.Equal(before + 1, Stage.Count(crmObject));
        }
    }

    [Fact]
    public async Task An_answer_that_is_lost_at_any_call_costs_a_repeat_and_makes_no_second_record()
    {
        foreach (var fault in new[] { FrontFault.LoseAnswer, FrontFault.Truncate })
        {
            for (var passed = 0; ; passed++)
            {
                var key = $"key-{fault.Kind}-{passed}";
                var before = Stage.Count(CrmObject.Lead);
                Stage.Front.After(passed, fault);
                var first = await Record.ExceptionAsync(() => Create(key, "a"));
                Assert.True(first is null or CrmException { Retryable: true }, $"{first}");
                var isOver = !Stage.Front.Clear();
                await Create(key, "a");
                Assert.Equal(before + 1, Stage.Count(CrmObject.Lead));
                if (isOver)
                {
                    break;
                }
            }
        }
    }

    [Fact]
    public async Task An_update_changes_the_named_fields_alone()
    {
        var reference = await Driver.CreateRecord(
            CrmObject.Lead, new CrmFields(new JsonObject { ["name"] = "before", ["intent"] = "to buy", ["timeline"] = "soon" }), "key-1", default);
        await Driver.UpdateRecord(CrmObject.Lead, reference.ExternalId, new CrmFields(new JsonObject { ["name"] = "after", ["timeline"] = null }), "key-1:2", 2, default);

        var text = Stage.TextOf(reference.ExternalId);
        Assert.Contains("after", text, StringComparison.Ordinal);
        Assert.Contains("to buy", text, StringComparison.Ordinal);
        Assert.DoesNotContain("before", text, StringComparison.Ordinal);
        Assert.DoesNotContain("soon", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("999999999999")]
    [InlineData("../contacts/1")]
    [InlineData("1?archived=true")]
    [InlineData("%2e%2e")]
    [InlineData("٣")]
    public async Task An_update_or_delete_of_a_record_that_is_not_there_is_not_found(string id)
    {
        Func<Task>[] calls = [() => Update(id), () => Delete(id)];
        foreach (var call in calls.Take(Driver.Capabilities.Deletes is null ? 1 : 2))
        {
            var exception = await Fails(call);
            Assert.Equal((CrmErrorCode.NotFound, false), (exception.Code, exception.Retryable));
        }
    }

    [Fact]
    public async Task A_delete_does_what_the_capabilities_say()
    {
        var reference = await Create("key-1", "a");
        if (Driver.Capabilities.Deletes is null)
        {
            var exception = await Fails(() => Delete(reference.ExternalId));
            Assert.Equal((CrmErrorCode.DeleteUnsupported, false), (exception.Code, exception.Retryable));
            return;
        }

        Assert.Null(Stage.IsGone(reference.ExternalId));
        var deletion = await Delete(reference.ExternalId);

        Assert.Equal(Driver.Capabilities.Deletes, deletion);
        Assert.Equal(deletion == CrmDeletion.Hard, Stage.IsGone(reference.ExternalId));
        Assert.Equal(CrmErrorCode.NotFound, (await Fails(() => Delete(reference.ExternalId))).Code);
    }

    [Fact]
    public async Task Reading_works_exactly_where_the_capabilities_say_so()
    {
        foreach (var read in Reads(Driver))
        {
            var exception = await Record.ExceptionAsync(read);
            Assert.Equal(Driver.Capabilities.CanRead, exception is null);
            Assert.True(exception is null or CrmException { Code: CrmErrorCode.Unsupported, Retryable: false });
        }
    }

    [Fact]
    public void Says_the_same_of_itself_whatever_the_credential_and_nothing_that_cannot_be()
    {
        var capabilities = Driver.Capabilities;
        Assert.Same(capabilities, Stage.OpenStranger().Capabilities);
        Assert.Empty(capabilities.FoundByKey.Concat(capabilities.FoundByKeyLater).Except(capabilities.Objects));
        Assert.Empty(capabilities.FoundByKey.Intersect(capabilities.FoundByKeyLater));
        Assert.True(capabilities.Rate.Calls > 0 && capabilities.Rate.Per > TimeSpan.Zero);
    }

    /// <summary>A field that every provider can hold.</summary>
    protected static CrmFields Fields(string name) => new(new JsonObject { ["name"] = name });

    /// <summary>A record of a type, as the mirror would write it.</summary>
    protected static CrmFields Sample(CrmObject crmObject) => new(crmObject switch
    {
        CrmObject.Case => new JsonObject { ["subject"] = "A leak", ["description"] = "It drips.", ["status"] = "open" },
        CrmObject.Appointment => new JsonObject
        {
            ["customer_name"] = "Ada Example",
            ["customer_phone"] = "+14155550100",
            ["scheduled_start"] = "2026-02-01T09:00:00.000Z",
            ["scheduled_end"] = "2026-02-01T10:00:00.000Z",
            ["status"] = "confirmed",
        },
        CrmObject.Conversation => new JsonObject { ["channel"] = "whatsapp", ["customer_identifier"] = "+14155550100", ["status"] = "active" },
        CrmObject.Message => new JsonObject
        {
            ["conversation_id"] = "c1",
            ["first_sequence_number"] = 1,
            ["last_sequence_number"] = 2,
            ["messages"] = new JsonArray(
                new JsonObject { ["id"] = "m1", ["sequence_number"] = 1, ["role"] = "customer", ["content"] = "Hello", ["created_at"] = "2026-01-05T09:00:00.000Z" },
                new JsonObject { ["id"] = "m2", ["sequence_number"] = 2, ["role"] = "agent_bot", ["content"] = "مرحبا", ["created_at"] = "2026-01-05T09:00:01.000Z" }),
        },
        CrmObject.Contact => new JsonObject { ["name"] = "Grace Example", ["email"] = "grace@example.com", ["language"] = "en" },
        _ => new JsonObject { ["name"] = "Ada Example", ["intent"] = "to buy", ["qualification_score"] = 80 },
    });

    /// <summary>Creates a lead with a name.</summary>
    protected Task<CrmReference> Create(string key, string name) => Driver.CreateRecord(CrmObject.Lead, Fields(name), key, default);

    /// <summary>The exception of a call, which must hold no secret and nothing of a customer.</summary>
    protected async Task<CrmException> Fails(Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<CrmException>(call);
        Assert.All(Stage.Secrets.Concat(Stage.Tokens?.All ?? []).Append("Canary-4711"), secret => Assert.DoesNotContain(secret, exception.ToString(), StringComparison.Ordinal));
        return exception;
    }

    private Task<CrmReference> Update(string externalId) => Driver.UpdateRecord(CrmObject.Lead, externalId, Fields("a"), "key:2", 2, default);

    private Task<CrmDeletion> Delete(string externalId) => Driver.DeleteRecord(CrmObject.Lead, externalId, default);

    private static IEnumerable<Func<Task>> Writes(ICrmDriver driver) =>
    [
        () => driver.CreateRecord(CrmObject.Lead, Fields(Canary), "key-1", default),
        () => driver.UpdateRecord(CrmObject.Lead, "1", Fields(Canary), "key-1:2", 2, default),
        () => driver.DeleteRecord(CrmObject.Lead, "1", default),
    ];

    private static IEnumerable<Func<Task>> Reads(ICrmDriver driver) =>
    [
        () => driver.LookupCustomer(new CustomerQuery("+14155550100", null, null), default),
        () => driver.SearchRecords(CrmObject.Lead, Canary, 10, default),
        () => driver.ListRecent(CrmObject.Lead, DateTimeOffset.UnixEpoch, 10, default),
        () => driver.Introspect(default),
    ];
}

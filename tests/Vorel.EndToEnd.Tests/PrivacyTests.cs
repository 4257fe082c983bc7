using System.Text;
using System.Text.Json.Nodes;
using Vorel.EndToEnd.Tests.Infrastructure;
using Vorel.EndToEnd.Tests.Privacy;
using Vorel.Testing;

namespace Vorel.EndToEnd.Tests;

/// <summary>After the whole way of a lead, no store and no log holds a secret, and the customer's data lies in its own row alone.</summary>
public sealed class PrivacyTests
{
    // Searched for without its plus sign, which JSON may spell \u002B.
    private const string PhoneDigits = "14155550177";
    private const string Phone = "+" + PhoneDigits;
    private const string CrmSecret = "crm-secret-canary-4711-abcdef";

    [Fact]
    public async Task Secrets_are_found_nowhere_and_the_phone_only_in_its_own_record()
    {
        await using var stack = await TestStack.Start();
        using var tenant = await stack.NewTenant();
        await stack.Sandbox.Expect(HttpMethod.Put, "/sandbox/crm/behavior", new JsonObject { ["secret"] = CrmSecret }, CancellationToken.None);
        await tenant.ConnectCrm(stack.Host.Addresses.SandboxCrm().ToString(), CrmSecret);
        var kept = await tenant.Subscribe(stack.Receiver.Url("kept", 200), "lead.created");
        var echoing = await tenant.Subscribe(stack.Receiver.Url("echo", Echo), "lead.created");
        var lead = await tenant.Api.Expect(
            HttpMethod.Post,
            "/v1/leads",
            new JsonObject { ["conversation_id"] = await tenant.PostConversation(), ["name"] = "Canary", ["phone"] = Phone },
            CancellationToken.None);
        await Eventually.True(() => stack.Receiver.Posts("kept").Count == 1 && stack.Receiver.Posts("echo").Count == 1, "both webhooks arrived");
        await Eventually.True(async () => Settled(await stack.Dump()), "the CRM has both records and no todo row is left", TimeSpan.FromSeconds(30));

        var dump = await stack.Dump();

        var withPhone = dump.Where(line => line.Contains(PhoneDigits, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(withPhone);
        Assert.All(withPhone, line => Assert.StartsWith($"Records {tenant.Id} lead|", line));
        Absence.Of([PhoneDigits], stack.Lines);
        string[] secrets =
        [
            tenant.ApiKey, CrmSecret, kept.Secret, echoing.Secret, stack.Secrets.OperatorToken, stack.Secrets.EncryptionKey,
            stack.Secrets.ApiKeyPepper, stack.Secrets.IndexKey,
        ];
        Absence.Of(secrets, dump, stack.Lines);
        await stack.Host.DisposeAsync();
        await stack.Azurite.DisposeAsync();
        Absence.InFiles(stack.AzuriteFolder, secrets);
        Assert.NotNull(lead["id"]);
    }

    /// <summary>A receiver that answers with the body it got, as careless ones do.</summary>
    private static async Task Echo(int number, Microsoft.AspNetCore.Http.HttpContext context)
    {
        context.Response.StatusCode = 500;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($$"""{"you_sent":"{{Phone}}"}"""));
    }

    private static bool Settled(IReadOnlyList<string> dump) => !dump.Any(line =>
        line.Split(' ') is ["Records", _, var row, ..] && row.Split('|')[0] is ("todo" or "outbox"));
}

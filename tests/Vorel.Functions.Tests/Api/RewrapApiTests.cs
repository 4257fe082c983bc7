using Microsoft.Extensions.DependencyInjection;
using Vorel.Core.Messaging;
using Vorel.Core.Redrives;
using Vorel.Core.Security.Envelopes;
using Vorel.Functions.Tests.Support;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Api;

public sealed class RewrapApiTests
{
    private const string Path = "/api/rewraps";

    [Fact]
    public async Task A_rewrap_is_accepted_with_its_address_and_moves_what_is_sealed()
    {
        var vault = new InMemoryKeyWrapper();
        var first = vault.AddVersion();
        await using var api = await ApiHarness.Start(services =>
            services.AddSingleton(_ => new EnvelopeProtector(null, new KmsEnvelopeProtector(vault, TimeProvider.System))));
        var tenant = await api.Tenant();
        await api.Operator.Post($"/api/tenant/{tenant}/webhook-subscriptions", """{"target_url":"https://hooks.example.com/a","events":["lead.created"]}""");
        var second = vault.AddVersion();

        var started = await api.Operator.Post(Path, "{}");
        Assert.Equal(202, started.Status);
        Assert.Equal($"{Path}/{started.Text("id")}", started.Headers.Location!.OriginalString);
        Assert.Equal(
            $$"""{"id":"{{started.Text("id")}}","state":"running","key_id":null,"pass":1,"looked":0,"already":0,"moved":0,"failed":[],"complete":null,"started_at":"{{started.Text("started_at")}}","finished_at":null}""",
            started.Body);
        Assert.Equal(started.Text("id"), (await api.Operator.Post(Path, "{}")).Text("id"));

        var message = Assert.Single(api.Queue.Messages(WorkQueues.Commands));
        await api.Handler.Services.GetRequiredService<CommandMessages>().Handle(message.Body, default);

        var shown = (await api.Operator.Get(started.Headers.Location.OriginalString)).Json;
        Assert.Equal(("kms:" + second, 2, 1), (shown["key_id"]!.GetValue<string>(), shown["pass"]!.GetValue<int>(), shown["moved"]!.GetValue<int>()));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Without_a_vault_it_is_a_conflict_and_nothing_is_started()
    {
        await using var api = await ApiHarness.Start();

        var refused = await api.Operator.Post(Path, "{}");

        Assert.Equal((409, "conflict"), (refused.Status, refused.Text("code")));
        Assert.Empty(api.Queue.Messages(WorkQueues.Commands));
        Assert.Empty(api.Store.Dump());
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("0198c0de-0000-7000-8000-000000000001")]
    public async Task What_is_not_there_is_not_found(string id)
    {
        await using var api = await ApiHarness.Start();

        Assert.Equal(404, (await api.Operator.Get($"{Path}/{id}")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"tenant":"x"}""")]
    public async Task There_is_nothing_to_choose(string body)
    {
        await using var api = await ApiHarness.Start();

        Assert.Equal(400, (await api.Operator.Post(Path, body)).Status);
    }

    [Fact]
    public async Task Nobody_but_an_operator_may()
    {
        await using var api = await ApiHarness.Start();
        var key = await api.Key(await api.Tenant(), "leads:write");

        Assert.Equal((401, 401, 401), ((await key.Post(Path, "{}")).Status, (await api.As(null).Post(Path, "{}")).Status, (await key.Get($"{Path}/x")).Status));
    }
}

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Hosting.Envelopes;

public sealed class PatienceTests
{
    [Theory]
    [InlineData("/TakeMessage", 200, false)]
    [InlineData("/v1/leads", 401, true)]
    public async Task Only_strangers_are_cut_off_for_being_slow(string target, int status, bool cutOff)
    {
        var rates = new Rates();
        await using var host = await ProbeHost.Start(services => services.AddSingleton<IStartupFilter>(rates)
            .AddSingleton<Core.Storage.IRowStore>(new Testing.InMemoryRowStore()));

        var answer = await host.Post(target, ProbeHost.MessageEnvelope("hello"));

        Assert.Equal(status, answer.Status);
        Assert.Equal((cutOff, cutOff), await rates.Seen.Task);
    }

    /// <summary>Notes whether the server still asks for a least data rate once a request is done.</summary>
    private sealed class Rates : IStartupFilter
    {
        public TaskCompletionSource<(bool Reading, bool Writing)> Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (context, following) =>
            {
                await following(context);
                Seen.TrySetResult((
                    context.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate is not null,
                    context.Features.GetRequiredFeature<IHttpMinResponseDataRateFeature>().MinDataRate is not null));
            });
            next(app);
        };
    }
}

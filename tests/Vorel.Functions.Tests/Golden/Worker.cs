using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Durable;
using Vorel.Durable.Protocol;
using Vorel.Functions.Tests.Support;

namespace Vorel.Functions.Tests.Golden;

/// <summary>The durable worker as the handler puts it together, or with other orchestrators; nothing is kept between two turns.</summary>
internal static class Worker
{
    private static readonly IServiceProvider s_handler = Program.Build(RunningHandler.Settings).Services;

    /// <summary>Answers a call with the handler's own orchestrators.</summary>
    public static Task<OrchestratorResponse> Play(OrchestratorRequest request) => Play(s_handler.GetRequiredService<DurableTaskRegistry>(), request);

    /// <summary>Answers a call with these orchestrators.</summary>
    public static Task<OrchestratorResponse> Play(DurableTaskRegistry registry, OrchestratorRequest request)
    {
        var endpoint = new OrchestratorEndpoint(registry, s_handler.GetRequiredService<DurableWorkerOptions>(), NullLoggerFactory.Instance);
        var answer = endpoint.Execute(Convert.ToBase64String(request.ToByteArray()));
        return Task.FromResult(OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer)));
    }
}

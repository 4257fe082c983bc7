using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Development;
using Vorel.Testing;

namespace Vorel.Functions.Tests.Support;

/// <summary>The handler as a process of its own, started and called as the Functions host does.</summary>
internal sealed class HandlerExecutable : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private HandlerExecutable(Process process, int port)
    {
        _process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public static string Assembly { get; } = typeof(Program).Assembly.Location;

    public static string Dotnet => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    /// <summary>Starts one on a free port and waits until it answers.</summary>
    public static async Task<HandlerExecutable> StartReady()
    {
        var port = LoopbackPorts.Free();
        var process = Start(Settings(port));
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await UntilReady(process, port);
        return new HandlerExecutable(process, port);
    }

    /// <summary>Sends one turn of an orchestration, as the host's envelope, and gives the answer.</summary>
    public async Task<OrchestratorResponse> Turn(string orchestrator, OrchestratorRequest turn)
    {
        var quoted = JsonSerializer.Serialize(Convert.ToBase64String(turn.ToByteArray()));
        var envelope = new JsonObject { ["Data"] = new JsonObject { ["context"] = quoted }, ["Metadata"] = new JsonObject() };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{orchestrator}")
        {
            Content = new StringContent(envelope.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Azure-Functions-Host", "4.1037.0.0"));
        request.Headers.Add("X-Azure-Functions-InvocationId", Guid.NewGuid().ToString());
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(body["ReturnValue"]!.GetValue<string>()));
    }

    public static Dictionary<string, string> Settings(int port) => new(StringComparer.Ordinal)
    {
        ["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(),
        ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["CRM_CREDENTIAL_ENCRYPTION_KEY"] = Convert.ToBase64String(new byte[32]),
        ["VOREL_API_KEY_PEPPER"] = Convert.ToBase64String(new byte[32]),
        ["VOREL_INDEX_KEY"] = Convert.ToBase64String(new byte[32]),
    };

    public static Process Start(Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(Dotnet, ["exec", Assembly]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        Fill(start, settings);
        return Process.Start(start)!;
    }

    public static void Fill(ProcessStartInfo start, Dictionary<string, string> settings)
    {
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }
    }

    public static async Task UntilReady(Process process, int port)
    {
        using var http = new HttpClient();
        await Eventually.True(
            async () =>
            {
                Assert.False(process.HasExited, "The handler ended before it was ready.");
                try
                {
                    return (await http.GetAsync(new Uri($"http://127.0.0.1:{port}/"))).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the handler is ready",
            TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

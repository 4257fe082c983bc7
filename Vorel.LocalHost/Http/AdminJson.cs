using System.Text.Json.Serialization;
using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Http;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HostStatus))]
[JsonSerializable(typeof(FunctionStatus))]
[JsonSerializable(typeof(FunctionStatus[]))]
[JsonSerializable(typeof(ManualInput))]
internal sealed partial class AdminJson : JsonSerializerContext;

/// <summary>Answer of <c>GET /admin/host/status</c>.</summary>
/// <param name="State">Running, or Error once a handler is dead for good.</param>
/// <param name="Version">The host's version.</param>
/// <param name="ProcessId">The local host's process.</param>
/// <param name="Handlers">Every handler that has been started.</param>
/// <param name="DomainTime">The domain clock now.</param>
/// <param name="Generation">How often that clock has jumped.</param>
/// <param name="Errors">Functions that did not load, with the reason.</param>
internal sealed record HostStatus(
    string State,
    string Version,
    int ProcessId,
    IReadOnlyList<StackHandler> Handlers,
    DateTimeOffset DomainTime,
    long Generation,
    IReadOnlyList<string> Errors);

/// <summary>One function, whether it is switched off, and what kept it from loading.</summary>
internal sealed record FunctionStatus(string Name, string Trigger, bool IsDisabled, IReadOnlyList<string> Errors);

/// <summary>Body of a run by hand.</summary>
/// <param name="Input">The message of a queue function; ignored for a timer.</param>
internal sealed record ManualInput(string? Input = null);

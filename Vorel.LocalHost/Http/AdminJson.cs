using System.Text.Json.Serialization;

namespace Vorel.LocalHost.Http;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HostStatus))]
[JsonSerializable(typeof(FunctionStatus))]
[JsonSerializable(typeof(FunctionStatus[]))]
[JsonSerializable(typeof(ManualInput))]
internal sealed partial class AdminJson : JsonSerializerContext;

/// <summary>Answer of <c>GET /admin/host/status</c>.</summary>
/// <param name="State">Running, or Error once the handler is dead for good.</param>
/// <param name="Version">The host's version.</param>
/// <param name="ProcessId">The local host's process.</param>
/// <param name="Handler">The handler's process; null between two.</param>
/// <param name="HandlerStarts">How often a handler was started.</param>
/// <param name="DomainTime">The domain clock now.</param>
/// <param name="Generation">How often that clock has jumped.</param>
/// <param name="Errors">Functions that did not load, with the reason.</param>
internal sealed record HostStatus(
    string State,
    string Version,
    int ProcessId,
    HandlerStatus? Handler,
    int HandlerStarts,
    DateTimeOffset DomainTime,
    long Generation,
    IReadOnlyList<string> Errors);

/// <summary>The handler that runs now.</summary>
internal sealed record HandlerStatus(int ProcessId, Uri Address, string WorkerId);

/// <summary>One function, whether it is switched off, and what kept it from loading.</summary>
internal sealed record FunctionStatus(string Name, string Trigger, bool IsDisabled, IReadOnlyList<string> Errors);

/// <summary>Body of a run by hand.</summary>
/// <param name="Input">The message of a queue function; ignored for a timer.</param>
internal sealed record ManualInput(string? Input = null);

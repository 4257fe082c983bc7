using System.Text.Json.Serialization;

namespace Vorel.LocalHost.Development;

/// <summary>What the <c>host</c> verb writes into its ready file: who is up, and where.</summary>
/// <param name="Host">The local host and its front end.</param>
/// <param name="Handlers">Every handler; one, unless more instances were asked for.</param>
/// <param name="Sandbox">The sandbox CRM and inbox.</param>
/// <param name="MasterKey">The host's master key, for its admin API.</param>
public sealed record StackAddresses(StackProcess Host, IReadOnlyList<StackHandler> Handlers, Uri Sandbox, string MasterKey)
{
    /// <summary>The first handler that runs a function.</summary>
    /// <param name="function">The function's name, such as <c>Live</c>.</param>
    public StackHandler HandlerOf(string function) => Handlers.First(handler => handler.Functions.Contains(function));

    /// <summary>The URL that the sandbox's CRM takes writes at.</summary>
    public Uri SandboxCrm() => new(Sandbox, "/sandbox/crm");

    /// <summary>The URL that the sandbox's inbox takes webhooks at.</summary>
    public Uri SandboxInbox() => new(Sandbox, "/sandbox/inbox");
}

/// <summary>A process and where it listens.</summary>
/// <param name="Address">Its base address on loopback.</param>
/// <param name="ProcessId">Its process id.</param>
public sealed record StackProcess(Uri Address, int ProcessId);

/// <summary>One handler process and what it runs. Address and ids are those of its newest start.</summary>
/// <param name="Name">What the log calls it.</param>
/// <param name="Groups">Its scaling groups: <c>http</c>, <c>durable</c>, <c>function:{name}</c>.</param>
/// <param name="Functions">Its functions' names.</param>
/// <param name="Address">Its base address on loopback.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="WorkerId">The id that the host gave this start.</param>
/// <param name="Starts">How often it was started.</param>
/// <param name="State">What it does.</param>
public sealed record StackHandler(
    string Name,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Functions,
    Uri Address,
    int ProcessId,
    string WorkerId,
    int Starts,
    HandlerState State);

/// <summary>How a handler is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HandlerState>))]
public enum HandlerState
{
    /// <summary>It is on its way, or waits for its next start.</summary>
    Starting,

    /// <summary>It takes calls.</summary>
    Running,

    /// <summary>It ended with exit code 0, and is not started again.</summary>
    Error,
}

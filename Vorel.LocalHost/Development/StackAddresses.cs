namespace Vorel.LocalHost.Development;

/// <summary>What the <c>host</c> verb writes into its ready file: who is up, and where.</summary>
/// <param name="Host">The local host and its front end.</param>
/// <param name="Handler">The handler.</param>
/// <param name="Sandbox">The sandbox CRM and inbox.</param>
/// <param name="MasterKey">The host's master key, for its admin API.</param>
public sealed record StackAddresses(StackProcess Host, StackProcess Handler, Uri Sandbox, string MasterKey)
{
    /// <summary>The URL that the sandbox's CRM takes writes at.</summary>
    public Uri SandboxCrm() => new(Sandbox, "/sandbox/crm");

    /// <summary>The URL that the sandbox's inbox takes webhooks at.</summary>
    public Uri SandboxInbox() => new(Sandbox, "/sandbox/inbox");
}

/// <summary>A process and where it listens.</summary>
/// <param name="Address">Its base address on loopback.</param>
/// <param name="ProcessId">Its process id.</param>
public sealed record StackProcess(Uri Address, int ProcessId);

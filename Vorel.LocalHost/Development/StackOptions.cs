using Vorel.LocalHost.Configuration;

namespace Vorel.LocalHost.Development;

/// <summary>What a <see cref="DevelopmentStack"/> is made of.</summary>
/// <param name="RepositoryRoot">Where <c>node_modules</c> lies.</param>
/// <param name="StateFolder">Where data and secrets are kept.</param>
/// <param name="HostAssembly">The local host's own assembly.</param>
/// <param name="AppRoot">The published handler's folder.</param>
/// <param name="Ports">Which ports to take.</param>
/// <param name="Settings">Settings of the handler beyond the secrets.</param>
public sealed record StackOptions(
    string RepositoryRoot,
    string StateFolder,
    string HostAssembly,
    string AppRoot,
    StackPorts Ports,
    IReadOnlyDictionary<string, string> Settings)
{
    /// <summary>How HTTP functions get their requests; null for what host.json says.</summary>
    public HttpMode? HttpMode { get; init; }

    /// <summary>How many handler processes there are, 1 to 16.</summary>
    public int Instances { get; init; } = 1;
}

/// <summary>The ports of a stack. 0 means a free one.</summary>
/// <param name="Host">The local host's front end.</param>
/// <param name="Sandbox">The sandbox CRM and inbox.</param>
/// <param name="Azurite">The first of Azurite's three.</param>
public sealed record StackPorts(int Host, int Sandbox, int Azurite)
{
    /// <summary>The default first port.</summary>
    public const int DefaultBase = 7071;

    // 7071 and 10000 are what Functions developers expect, so the distance between the two is kept for every base.
    private const int AzuriteDistance = 2929;

    /// <summary>Free ports, for tests and the demo.</summary>
    public static StackPorts Free { get; } = new(0, 0, 0);

    /// <summary>The ports that follow from a first one.</summary>
    public static StackPorts From(int first) => new(first, first + 1, first + AzuriteDistance);

    /// <summary>Checks all ports before anything is started.</summary>
    /// <exception cref="DevelopmentException">One is taken.</exception>
    public void EnsureFree()
    {
        (int Port, string Use)[] wanted =
        [
            (Host, "the local host"), (Sandbox, "the sandbox"),
            (Azurite, "Azurite's blobs"), (Azurite == 0 ? 0 : Azurite + 1, "Azurite's queues"), (Azurite == 0 ? 0 : Azurite + 2, "Azurite's tables"),
        ];
        foreach (var (port, use) in wanted.Where(w => w.Port != 0))
        {
            if (!LoopbackPorts.IsFree(port))
            {
                throw new DevelopmentException($"Port {port}, for {use}, is taken: stop what uses it (another ./run?), or choose others with --port-base N.");
            }
        }
    }
}

using Vorel.Durable;

namespace Vorel.Functions.Hosting.Envelopes;

/// <summary>The durable client of one call, for the services that work within it.</summary>
internal sealed class CallClient
{
    private DurableTaskClient? _client;

    /// <summary>The client.</summary>
    /// <exception cref="InvalidOperationException">The function binds none.</exception>
    public DurableTaskClient Client
    {
        get => _client ?? throw new InvalidOperationException("This function binds no durable client.");
        set => _client = value;
    }
}

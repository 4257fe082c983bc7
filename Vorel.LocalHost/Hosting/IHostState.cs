namespace Vorel.LocalHost.Hosting;

/// <summary>What the local host must remember over its own end, apart from the Durable hub: the clock's offset, timers' schedules.</summary>
internal interface IHostState
{
    /// <summary>The JSON text under a key, or null.</summary>
    Task<string?> Load(string key, CancellationToken cancellationToken);

    /// <summary>Stores or replaces a JSON text under a key of letters, digits and hyphens.</summary>
    Task Save(string key, string json, CancellationToken cancellationToken);
}

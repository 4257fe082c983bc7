using System.Collections.Concurrent;
using Vorel.LocalHost.Hosting;

namespace Vorel.LocalHost.Tests.Support;

internal sealed class MemoryState : IHostState
{
    public ConcurrentDictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    public Task<string?> Load(string key, CancellationToken cancellationToken) => Task.FromResult(Values.GetValueOrDefault(key));

    public Task Save(string key, string json, CancellationToken cancellationToken)
    {
        Values[key] = json;
        return Task.CompletedTask;
    }
}

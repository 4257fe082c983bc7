using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Vorel.Durable;

/// <summary>The orchestrators and activities of this worker, by name. Filled at start, then only read.</summary>
public sealed class DurableTaskRegistry
{
    private readonly Dictionary<string, Func<ITaskOrchestrator>> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<IServiceProvider, ITaskActivity>> _activities = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of all orchestrators.</summary>
    public IReadOnlyCollection<string> OrchestratorNames => _orchestrators.Keys;

    /// <summary>The names of all activities.</summary>
    public IReadOnlyCollection<string> ActivityNames => _activities.Keys;

    /// <summary>Adds an orchestrator under its <see cref="DurableTaskAttribute"/>'s name. It has no dependencies: its code is pure.</summary>
    public DurableTaskRegistry AddOrchestrator<TOrchestrator>() where TOrchestrator : class, ITaskOrchestrator, new() =>
        AddOrchestrator(NameOf(typeof(TOrchestrator)), static () => new TOrchestrator());

    /// <summary>Adds an orchestrator under a name.</summary>
    /// <exception cref="ArgumentException">The name is taken or not allowed.</exception>
    public DurableTaskRegistry AddOrchestrator(string name, Func<ITaskOrchestrator> create)
    {
        Add(_orchestrators, name, create);
        return this;
    }

    /// <summary>Adds an activity under its <see cref="DurableTaskAttribute"/>'s name, resolved from the call's services.</summary>
    public DurableTaskRegistry AddActivity<TActivity>() where TActivity : class, ITaskActivity =>
        AddActivity(NameOf(typeof(TActivity)), static services => (TActivity?)services.GetService(typeof(TActivity))
            ?? throw new InvalidOperationException($"Activity {typeof(TActivity).FullName} is not registered as a service."));

    /// <summary>Adds an activity under a name.</summary>
    /// <exception cref="ArgumentException">The name is taken or not allowed.</exception>
    public DurableTaskRegistry AddActivity(string name, Func<IServiceProvider, ITaskActivity> create)
    {
        Add(_activities, name, create);
        return this;
    }

    internal bool TryGetOrchestrator(string name, [NotNullWhen(true)] out Func<ITaskOrchestrator>? create) =>
        _orchestrators.TryGetValue(name, out create);

    internal bool TryGetActivity(string name, [NotNullWhen(true)] out Func<IServiceProvider, ITaskActivity>? create) =>
        _activities.TryGetValue(name, out create);

    private static void Add<T>(Dictionary<string, T> tasks, string name, T create)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.StartsWith('@') || !tasks.TryAdd(name, create))
        {
            throw new ArgumentException($"The task name '{name}' is taken, or starts with '@', which the host keeps for entities.", nameof(name));
        }
    }

    private static string NameOf(Type type) =>
        type.GetCustomAttribute<DurableTaskAttribute>(inherit: false)?.Name
        ?? throw new ArgumentException($"{type.FullName} has no [DurableTask] name.", nameof(type));
}

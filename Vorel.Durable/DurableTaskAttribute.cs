namespace Vorel.Durable;

/// <summary>
/// The name under which an orchestrator or activity is known to the host, which is also its function's folder name.
/// Names compare ignoring case.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class DurableTaskAttribute(string name) : Attribute
{
    /// <summary>The name in histories. Changing it strands the instances that are running under the old one.</summary>
    public string Name { get; } = name;
}

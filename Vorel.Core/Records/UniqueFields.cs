namespace Vorel.Core.Records;

/// <summary>Fields that together are unique within a tenant. A record that lacks one of them is not held to it.</summary>
/// <param name="Name">What the digest of their values is bound to; it must never change, or the rows that are there lose their meaning.</param>
/// <param name="Fields">The fields.</param>
public sealed record UniqueFields(string Name, IReadOnlyList<string> Fields)
{
    /// <summary>The form in which a text counts; as it is, by default.</summary>
    public Func<string, string> Normalise { get; init; } = static text => text;
}

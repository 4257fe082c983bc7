namespace Vorel.Functions.Hosting;

/// <summary>Names a trigger function: the name is the folder of its function.json and the path the host calls it at.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
internal sealed class FunctionAttribute(string name) : Attribute
{
    /// <summary>A letter, then letters, digits, <c>_</c> and <c>-</c>; unique, ignoring case.</summary>
    public string Name { get; } = name;
}

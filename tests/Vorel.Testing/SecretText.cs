using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Vorel.Testing;

/// <summary>
/// Finds records that print a secret: a record's own <c>ToString</c> prints every member, so one that holds a secret and
/// gets into a log, an exception or an assertion gives it away.
/// </summary>
public static partial class SecretText
{
    private const string Canary = "c4n4ry-in-plain-text";

    /// <summary>The members, as <c>Type.Member</c>, that hold secret text and are printed by their record.</summary>
    public static IReadOnlyList<string> Printed(Assembly assembly) =>
        [.. Holders(assembly).Where(holder => Prints(holder.Record, holder.Member)).Select(holder => $"{holder.Record.Name}.{holder.Member.Name}")];

    /// <summary>Every member that, by its name, holds a secret as text.</summary>
    public static IReadOnlyList<(Type Record, PropertyInfo Member)> Holders(Assembly assembly) =>
    [
        .. from type in assembly.GetTypes()
           where !type.IsAbstract && !type.ContainsGenericParameters && type.GetMethod("<Clone>$") is not null
           from member in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
           where member.PropertyType == typeof(string) && SecretName().IsMatch(member.Name) && !ShownName().IsMatch(member.Name)
           select (type, member),
    ];

    private static bool Prints(Type type, PropertyInfo member)
    {
        var record = RuntimeHelpers.GetUninitializedObject(type);
        member.DeclaringType!.GetField($"<{member.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic)!.SetValue(record, Canary);
        return record.ToString()!.Contains(Canary, StringComparison.Ordinal);
    }

    [GeneratedRegex("Secret|Token|Password|Pepper|Credential|Connection|(Api|Encryption|Index|Account|Storage)Key|^Text$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();

    // What is meant to be seen, and what is no use to whoever sees it.
    [GeneratedRegex("Prefix$|Hash$|Digest$|LastFour$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShownName();
}

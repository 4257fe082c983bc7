using System.Reflection;
using System.Runtime.CompilerServices;

namespace Vorel.Core.Tests.Storage.Gate;

/// <summary>
/// Windows are constants of the source: no type that decides how long rows live is told a span, reads a setting or the environment, or has a span
/// that can be set. It looks at declarations and at compiled bodies, and gives one sentence for each way in.
/// </summary>
internal static class WindowGate
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Type[] s_amounts = [typeof(TimeSpan), typeof(int), typeof(long), typeof(double), typeof(DateTimeOffset)];

    /// <summary>What is wrong with these types, where settings come in <paramref name="settings"/>.</summary>
    public static IReadOnlyList<string> Violations(IEnumerable<Type> deciders, IReadOnlyCollection<Type> settings) =>
        [.. deciders.SelectMany(type => Declared(type, settings).Concat(Read(type, settings))).Distinct()];

    private static IEnumerable<string> Declared(Type type, IReadOnlyCollection<Type> settings)
    {
        var name = NameOf(type);
        foreach (var parameter in type.GetConstructors(All).SelectMany(constructor => constructor.GetParameters()).Where(_ => !IsCompilers(type)))
        {
            if (parameter.ParameterType == typeof(TimeSpan) || parameter.ParameterType == typeof(TimeSpan?))
            {
                yield return $"{name} is told a span, {parameter.Name}.";
            }
        }

        foreach (var held in type.GetFields(All).Select(field => field.FieldType)
            .Concat(type.GetConstructors(All).Cast<MethodBase>().Concat(type.GetMethods(All)).SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType)))
        {
            if (settings.FirstOrDefault(setting => Names(held, setting)) is { } setting)
            {
                yield return $"{name} is given {setting.Name}.";
            }
        }

        foreach (var field in type.GetFields(All).Where(field => field is { IsStatic: true, IsInitOnly: false, IsLiteral: false } && s_amounts.Contains(field.FieldType)))
        {
            yield return $"{name}.{field.Name} can be changed while the process runs.";
        }

        foreach (var property in type.GetProperties(All).Where(property => property.PropertyType == typeof(TimeSpan) && property.SetMethod is not null))
        {
            yield return $"{name}.{property.Name} can be set.";
        }
    }

    private static IEnumerable<string> Read(Type type, IReadOnlyCollection<Type> settings)
    {
        foreach (var used in type.GetConstructors(All).Cast<MethodBase>().Concat(type.GetMethods(All)).SelectMany(MemberUse.Of))
        {
            if (settings.FirstOrDefault(setting => used.DeclaringType == setting) is { } setting)
            {
                yield return $"{NameOf(type)} reads {setting.Name}.";
            }
            else if (used.DeclaringType == typeof(AppContext)
                || (used.DeclaringType == typeof(Environment) && used.Name.Contains("EnvironmentVariable", StringComparison.Ordinal)))
            {
                yield return $"{NameOf(type)} reads {used.DeclaringType.Name}.{used.Name}.";
            }
        }
    }

    private static bool Names(Type held, Type setting) => held == setting || held.GetGenericArguments().Any(argument => Names(argument, setting));

    private static bool IsCompilers(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    /// <summary>The type as it stands in the source, where the compiler has split a method off into one of its own.</summary>
    private static string NameOf(Type type) => IsCompilers(type) && type.DeclaringType is { } outer ? NameOf(outer) : type.Name;
}

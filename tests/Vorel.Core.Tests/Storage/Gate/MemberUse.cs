using System.Reflection;
using System.Reflection.Emit;

namespace Vorel.Core.Tests.Storage.Gate;

/// <summary>What the compiled body of a method calls, reads or names.</summary>
internal static class MemberUse
{
    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>The members, in the order of the body.</summary>
    public static IReadOnlyList<MemberInfo> Of(MethodBase method)
    {
        var members = new List<MemberInfo>();
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? s_codes[unchecked((short)(0xFE00 | il[at + 1]))] : s_codes[il[at]];
            at += code.Size;
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineTok or OperandType.InlineType)
            {
                members.Add(method.Module.ResolveMember(
                    BitConverter.ToInt32(il, at),
                    method.DeclaringType?.GetGenericArguments(),
                    method.IsGenericMethod ? method.GetGenericArguments() : null)!);
            }

            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }

        return members;
    }
}

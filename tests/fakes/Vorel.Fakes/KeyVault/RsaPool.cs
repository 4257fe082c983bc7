using System.Security.Cryptography;

namespace Vorel.Fakes;

/// <summary>RSA keys that are made once in a process, because making one takes a while. Within a vault they differ; two vaults may have the same.</summary>
internal static class RsaPool
{
    private static readonly Lock s_gate = new();
    private static readonly Dictionary<int, List<RSAParameters>> s_bySize = [];

    /// <summary>The key of a size and a number.</summary>
    public static RSA Take(int size, int number)
    {
        lock (s_gate)
        {
            if (!s_bySize.TryGetValue(size, out var made))
            {
                s_bySize.Add(size, made = []);
            }

            while (made.Count <= number)
            {
                using var key = RSA.Create(size);
                made.Add(key.ExportParameters(includePrivateParameters: true));
            }

            return RSA.Create(made[number]);
        }
    }
}

using System.Text;

namespace Vorel.EndToEnd.Tests.Privacy;

/// <summary>Sees that texts stand nowhere.</summary>
internal static class Absence
{
    /// <summary>Fails with what stands before a text that was found, and not with the text.</summary>
    public static void Of(IReadOnlyList<string> needles, params IEnumerable<string>[] places)
    {
        foreach (var place in places.SelectMany(texts => texts))
        {
            foreach (var needle in needles)
            {
                var at = place.IndexOf(needle, StringComparison.Ordinal);
                Assert.True(at < 0, $"A secret or customer's value stands in: {place[Math.Max(0, at - 200)..Math.Max(0, at)]} …");
            }
        }
    }

    /// <summary>The same of every file of a folder, in which a text may stand in base64 too.</summary>
    public static void InFiles(string folder, IEnumerable<string> needles) => Of(
        [.. needles.SelectMany(Spellings)],
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));

    /// <summary>The text itself, and what base64 makes of it at each of the three alignments.</summary>
    private static IEnumerable<string> Spellings(string secret)
    {
        yield return secret;
        for (var shift = 0; shift < 3; shift++)
        {
            var bytes = new byte[shift].Concat(Encoding.UTF8.GetBytes(secret)).ToArray();
            var whole = Convert.ToBase64String(bytes[..(bytes.Length / 3 * 3)]);
            yield return whole[(shift == 0 ? 0 : 4)..];
        }
    }
}

namespace Vorel.Functions.Tests.Support;

/// <summary>One of the answers that came over a connection.</summary>
internal sealed record RawAnswers(int Status, string Head, string Body)
{
    /// <summary>Reads answers one after the other, by their Content-Length.</summary>
    public static IReadOnlyList<RawAnswers> Split(string text)
    {
        var answers = new List<RawAnswers>();
        while (text.Length > 0)
        {
            Assert.True(IsWhole(text), $"No answer in: {text}");
            var (head, length) = Frame(text);
            var body = text.Substring(head.Length + 4, length);
            answers.Add(new RawAnswers(int.Parse(head.Split(' ')[1]), head, body));
            text = text[(head.Length + 4 + length)..];
        }

        return answers;
    }

    /// <summary>Whether an answer has arrived whole; those of ours are ASCII.</summary>
    public static bool IsWhole(string text) => text.Contains("\r\n\r\n", StringComparison.Ordinal) && Frame(text) is var (head, length) && text.Length >= head.Length + 4 + length;

    private static (string Head, int Length) Frame(string text)
    {
        var head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return (head, length is null ? 0 : int.Parse(length["Content-Length: ".Length..]));
    }
}

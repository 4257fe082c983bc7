using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Functions.Hosting;
using Vorel.Functions.Hosting.Envelopes;

namespace Vorel.Functions.Tests.Hosting;

public sealed class LineFormatterTests
{
    [Theory]
    [InlineData("two\r\nlines", "two  lines")]
    [InlineData("\u001b[31mred", " [31mred")]
    [InlineData("a\u2028b\u0000c", "a b c")]
    [InlineData("\u0085\u009b31m", "  31m")]
    [InlineData("gpj\u202Eexe\u200B", "gpj exe ")]
    public void A_record_is_one_line_without_control_characters(string message, string shown)
    {
        Assert.Equal($"info Category[7] {shown}\n", Format(message));
    }

    [Theory]
    [InlineData("LanguageWorkerConsoleLog x")]
    [InlineData("azfuncjsonlog: x")]
    public void No_line_starts_with_a_prefix_that_the_host_reserves(string message)
    {
        Assert.StartsWith("info ", Format(message), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_foreign_exception_only_its_type_is_written()
    {
        var line = Format("Failed.", new InvalidOperationException("phone +15550100", new HttpRequestException("key vapk_live_1")));

        Assert.Equal("info Category[7] Failed. | System.InvalidOperationException | System.Net.Http.HttpRequestException\n", line);
    }

    [Fact]
    public void Of_our_own_exceptions_the_message_is_written_too()
    {
        var line = Format("Failed.", new EnvelopeFormatException("The envelope has no Data object."));

        Assert.Contains("EnvelopeFormatException: The envelope has no Data object.", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_is_cut_where_it_becomes_too_long()
    {
        Assert.Equal(4096 + 1, Format(new string('x', 100_000)).Length);
    }

    private static string Format(string message, Exception? exception = null)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<string>(LogLevel.Information, "Some.Category", new EventId(7), message, exception, (state, _) => state);
        new LineFormatter().Write(entry, scopeProvider: null, text);
        return text.ToString();
    }
}

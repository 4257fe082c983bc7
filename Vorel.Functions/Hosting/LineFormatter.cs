using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Vorel.Functions.Hosting;

/// <summary>
/// One line per record, for the host that reads our output line by line: control characters are replaced, so that no value
/// starts a line of its own, and a line never starts with one of the host's reserved prefixes. Of exceptions only the
/// types and places are written, and the message where the exception is ours: others quote what they were given.
/// </summary>
internal sealed class LineFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";
    private const int LongestLine = 4096;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var line = new StringBuilder()
            .Append(Level(logEntry.LogLevel)).Append(' ')
            .Append(logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..]).Append('[').Append(logEntry.EventId.Id).Append("] ")
            .Append(logEntry.Formatter(logEntry.State, arg2: null));
        for (var exception = logEntry.Exception; exception is not null; exception = exception.InnerException)
        {
            Append(line, exception);
        }

        var length = Math.Min(line.Length, LongestLine);
        for (var i = 0; i < length; i++)
        {
            textWriter.Write(IsShown(line[i]) ? line[i] : ' ');
        }

        textWriter.WriteLine();
    }

    /// <summary>Not control characters and line ends, and none that turn the writing around or cannot be seen: a line reads as it is.</summary>
    private static bool IsShown(char character) => char.GetUnicodeCategory(character)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void Append(StringBuilder line, Exception exception)
    {
        var type = exception.GetType().FullName!;
        line.Append(" | ").Append(type);
        if (type.StartsWith("Vorel.", StringComparison.Ordinal))
        {
            line.Append(": ").Append(exception.Message);
        }

        line.Append(exception.StackTrace?.ReplaceLineEndings(""));
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}

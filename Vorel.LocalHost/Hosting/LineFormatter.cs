using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Vorel.LocalHost.Hosting;

/// <summary>One line per record: time, level where it matters, who speaks (host or handler), text.</summary>
internal sealed class LineFormatter() : ConsoleFormatter(Key)
{
    public const string Key = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var source = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        textWriter.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{DateTime.Now:HH:mm:ss.fff} {Level(logEntry.LogLevel)}{source,-7} | {logEntry.Formatter(logEntry.State, logEntry.Exception)}"));
        if (logEntry.Exception is { } error)
        {
            textWriter.WriteLine(error);
        }
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Warning => "warn  ",
        LogLevel.Error => "ERROR ",
        LogLevel.Critical => "FATAL ",
        _ => "",
    };
}

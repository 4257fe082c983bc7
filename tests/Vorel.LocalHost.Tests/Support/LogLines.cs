using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Vorel.LocalHost.Tests.Support;

/// <summary>Keeps what is logged: level, category and text.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Source, string Text)> _lines = [];

    public IReadOnlyList<(LogLevel Level, string Source, string Text)> Lines => [.. _lines];

    public bool Has(LogLevel level, string part) => _lines.Any(line => line.Level == level && line.Text.Contains(part, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Sink(this, categoryName);

    public void Dispose()
    {
        // Nothing is held but memory.
    }

    private sealed class Sink(LogLines owner, string source) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner._lines.Enqueue((logLevel, source, formatter(state, exception)));
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vorel.Functions.Hosting;

namespace Vorel.Functions.Tests.Support;

/// <summary>Keeps what the process would have printed, through the formatter that prints it.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly LineFormatter _formatter = new();

    public ConcurrentQueue<string> Printed { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose() => Printed.Clear();

    private sealed class Category(LogLines lines, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var text = new StringWriter { NewLine = "\n" };
            lines._formatter.Write(new LogEntry<TState>(logLevel, name, eventId, state, exception, formatter), scopeProvider: null, text);
            lines.Printed.Enqueue(text.ToString());
        }
    }
}

using Google.Protobuf;
using Vorel.Durable;

namespace Vorel.LocalHost.Durable.Sidecar;

/// <summary>One call of a client: its message in, one message or several out.</summary>
/// <param name="context">The request.</param>
/// <param name="caller">Ends when the caller hangs up or its deadline passes, and with the hub.</param>
internal sealed class SidecarCall(HttpContext context, CancellationToken caller)
{
    private static readonly string s_prefix = $"/{GrpcFraming.SidecarService}/";

    /// <summary>The RPC's name; empty where the path names no RPC of the service.</summary>
    public string Method { get; } = context.Request.Path.Value is { } path && path.StartsWith(s_prefix, StringComparison.Ordinal) ? path[s_prefix.Length..] : "";

    public CancellationToken Caller => caller;

    /// <summary>A header of the request, or null.</summary>
    public string? Header(string name) => context.Request.Headers[name] is [{ Length: > 0 } value, ..] ? value : null;

    /// <exception cref="InvalidDataException">The body is not exactly one message.</exception>
    public Task<T> Read<T>(MessageParser<T> parser)
        where T : IMessage<T> => GrpcFraming.ReadAsync(context.Request.Body, parser, caller);

    public async Task Write(IMessage message) => await context.Response.Body.WriteAsync(GrpcFraming.Frame(message), caller);
}

using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Http.Forwarding;
using Vorel.LocalHost.Http.Proxying;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http;

/// <summary>Chooses the way of a function: what the command line or host.json says, if the function's bindings allow it.</summary>
internal sealed class HttpWays(HostConfiguration configuration, LocalHostOptions options, BufferedForwarding forwarding, StreamingProxy proxy)
{
    /// <summary>Null for the envelope: where the app asks for it, and where a function binds anything beside request and answer.</summary>
    public IHttpWay? For(FunctionDefinition function) => (options.HttpMode ?? configuration.Http.Mode) switch
    {
        _ when !function.IsForwarded => null,
        HttpMode.Proxying => proxy,
        HttpMode.Forwarding => forwarding,
        _ => null,
    };
}

using Vorel.LocalHost.Configuration;
using Vorel.LocalHost.Http.Forwarding;
using Vorel.LocalHost.Http.Proxying;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http;

/// <summary>Chooses the way of a function: the app's, or the envelope where a function has any binding beside trigger and answer.</summary>
internal sealed class HttpWays(HostConfiguration configuration, LocalHostOptions options, BufferedForwarding forwarding, StreamingProxy proxy)
{
    public IHttpWay For(FunctionDefinition function) => (options.HttpMode ?? configuration.Http.Mode) == HttpMode.Proxying ? proxy : forwarding;
}

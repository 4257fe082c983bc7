using Vorel.LocalHost.Handler;
using Vorel.LocalHost.Invocation;

namespace Vorel.LocalHost.Http;

/// <summary>A way in which a request reaches the handler and its answer the caller.</summary>
internal interface IHttpWay
{
    /// <summary>One call. It throws for what fails; <paramref name="limit"/> ends it when functionTimeout has passed or the host has stopped.</summary>
    Task Send(FunctionDefinition function, HttpContext context, HandlerEndpoint handler, CancellationToken limit);
}

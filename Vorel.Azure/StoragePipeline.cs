using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure;

/// <summary>Azure.Core's pipeline as the storage services need it; requests are signed afresh at every try.</summary>
internal static class StoragePipeline
{
    /// <summary>The protocol version: the first one in which tables accept Entra tokens.</summary>
    public const string Version = "2020-12-06";

    private const string Scope = "https://storage.azure.com/.default";

    public static HttpPipeline Build(ServiceClientOptions options, HttpPipelinePolicy authentication)
    {
        var pipeline = new HttpPipelineOptions(options) { RequestFailedDetailsParser = new StorageErrorParser() };
        pipeline.PerRetryPolicies.Add(authentication);
        return HttpPipelineBuilder.Build(pipeline);
    }

    public static HttpPipelinePolicy Authentication(TokenCredential credential) => new BearerTokenAuthenticationPolicy(credential, Scope);

    /// <summary>Whether a try before the last one may have taken effect although its answer never came.</summary>
    public static bool WasRetried(this HttpMessage message) => message.ProcessingContext.RetryNumber > 0;
}

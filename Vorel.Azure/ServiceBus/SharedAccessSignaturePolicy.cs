using Azure.Core;
using Azure.Core.Pipeline;

namespace Vorel.Azure.ServiceBus;

/// <summary>Signs every try afresh, for the one queue or topic that the request goes to.</summary>
internal sealed class SharedAccessSignaturePolicy(string keyName, string key) : HttpPipelineSynchronousPolicy
{
    // Long enough for a clock that is off by minutes, short enough that a token found later opens nothing.
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(20);

    public override void OnSendingRequest(HttpMessage message)
    {
        var entity = new Uri(message.Request.Uri.ToUri(), ".").AbsoluteUri.TrimEnd('/');
        message.Request.Headers.SetValue("Authorization", SharedAccessSignature.Token(entity, keyName, key, DateTimeOffset.UtcNow + s_life));
    }
}

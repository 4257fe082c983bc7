using Azure.Core;

namespace Vorel.Azure;

/// <summary>
/// The defaults of every client here: at most 4 tries, exponential from 100 ms, Retry-After honoured, 10 s for each try; contents
/// are never logged (query parameters such as filters are redacted by Azure.Core).
/// </summary>
public abstract class ServiceClientOptions : ClientOptions
{
    private protected ServiceClientOptions()
    {
        Retry.Mode = RetryMode.Exponential;
        Retry.MaxRetries = 3;
        Retry.Delay = TimeSpan.FromMilliseconds(100);
        Retry.MaxDelay = TimeSpan.FromSeconds(2);
        Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        Diagnostics.IsLoggingContentEnabled = false;
    }
}

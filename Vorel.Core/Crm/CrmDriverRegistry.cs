using System.Text.Json;
using Vorel.Core.Crm.Drivers.CustomWebhook;
using Vorel.Core.Security.Egress;

namespace Vorel.Core.Crm;

/// <summary>Which CRMs there are. One folder under <c>Drivers</c> and one line here is the whole cost of a new one.</summary>
public sealed class CrmDriverRegistry : IDisposable
{
    private static readonly Dictionary<string, Func<JsonElement, CrmDriverServices, ICrmDriver>> s_factories = new(StringComparer.Ordinal)
    {
        [CustomWebhookDefaults.Provider] = CustomWebhookDriver.Open,
    };

    private readonly CrmDriverServices _services;

    /// <summary>Every driver made here goes out through <paramref name="guard"/>.</summary>
    public CrmDriverRegistry(EgressGuard guard, TimeProvider realTime) =>
        _services = new CrmDriverServices(guard, new HttpMessageInvoker(guard.CreateHandler()), realTime);

    /// <summary>The slugs of the providers.</summary>
    public static IReadOnlyCollection<string> Providers => s_factories.Keys;

    /// <summary>Makes the driver of a provider from opened credentials. Calls nobody.</summary>
    /// <param name="provider">The provider's slug.</param>
    /// <param name="credentials">The object that the driver's README describes; only read during the call.</param>
    /// <exception cref="CrmException">The provider is unknown (<see cref="CrmErrorCode.Unsupported"/>) or the credentials are not of its form (<see cref="CrmErrorCode.ValidationError"/>).</exception>
    public ICrmDriver Open(string provider, JsonElement credentials) => s_factories.TryGetValue(provider, out var factory)
        ? factory(credentials, _services)
        : throw new CrmException(CrmErrorCode.Unsupported, "There is no driver for this provider.", retryable: false);

    /// <summary>Closes every connection.</summary>
    public void Dispose() => _services.Http.Dispose();
}

using Vorel.Core.Crm.Http;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;

namespace Vorel.Core.Crm;

/// <summary>Makes drivers, all of which go out over the same guarded connections.</summary>
public sealed class CrmDriverRegistry : IDisposable
{
    private readonly CrmDriverServices _services;

    /// <summary>Every driver made here goes out through <paramref name="guard"/>.</summary>
    public CrmDriverRegistry(EgressGuard guard, ProviderOrigins origins, TimeProvider realTime)
        : this(guard, origins, realTime, CrmPatience.Default)
    {
    }

    internal CrmDriverRegistry(EgressGuard guard, ProviderOrigins origins, TimeProvider realTime, CrmPatience patience) =>
        _services = new CrmDriverServices(guard, new HttpMessageInvoker(guard.CreateHandler()), origins, new CrmLines(realTime, patience), realTime);

    /// <summary>Makes the driver of a connection from its opened credentials. Calls nobody.</summary>
    /// <exception cref="CrmException">
    /// The provider is unknown or has no driver (<see cref="CrmErrorCode.Unsupported"/>), or the credentials are not of its form
    /// (<see cref="CrmErrorCode.ValidationError"/>).
    /// </exception>
    public ICrmDriver Open(CrmDriverContext context) => CrmProviders.Find(context.Provider)?.Open is { } open
        ? open(context, _services)
        : throw new CrmException(CrmErrorCode.Unsupported, "There is no driver for this provider.", retryable: false);

    /// <summary>Closes every connection.</summary>
    public void Dispose() => _services.Http.Dispose();
}

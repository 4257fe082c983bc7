using Vorel.Core.Crm;
using Vorel.Core.Crm.Http;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Security.Egress;
using Vorel.Fakes;
using Vorel.Testing;

namespace Vorel.Core.Tests.Crm;

/// <summary>
/// A provider's stand-in behind a front that can break, and ways to look into it: all that a provider brings to <see cref="CrmDriverContract"/>.
/// </summary>
public abstract class CrmStage : IAsyncDisposable
{
    private CrmDriverRegistry? _registry;

    protected CrmStage() => Front = new FaultFront { Target = () => Target };

    /// <summary>The clock of everything: it stands still.</summary>
    public FakeTimeProvider Clock { get; } = new();

    /// <summary>Every call goes through it.</summary>
    public FaultFront Front { get; }

    /// <summary>The access tokens, for a provider that has them.</summary>
    public StagedTokens? Tokens { get; protected set; }

    /// <summary>Where the stand-in listens.</summary>
    protected abstract Uri Target { get; }

    /// <summary>The registry from which the drivers are opened, without waits between tries.</summary>
    protected CrmDriverRegistry Registry => _registry ??= new CrmDriverRegistry(
        new EgressGuard(DevelopmentHosts.Parse(Front.Address.Authority)), Origins, Clock, CrmPatience.Default with { FirstWait = TimeSpan.Zero });

    /// <summary>Where the provider's own addresses are found.</summary>
    protected virtual ProviderOrigins Origins => ProviderOrigins.Public;

    /// <summary>A driver with a credential that is good.</summary>
    public abstract ICrmDriver Open();

    /// <summary>A driver with a credential that never was.</summary>
    public abstract ICrmDriver OpenStranger();

    /// <summary>How many records of a type there are that are not archived.</summary>
    public abstract int Count(CrmObject crmObject);

    /// <summary>Everything that the stand-in holds of a record, as one text.</summary>
    public abstract string TextOf(string externalId);

    /// <summary>Whether a record is gone for good, archived (false), or neither (null).</summary>
    public abstract bool? IsGone(string externalId);

    /// <summary>Every secret that a call is made with.</summary>
    public abstract IEnumerable<string> Secrets { get; }

    /// <summary>Starts everything.</summary>
    public virtual Task Start() => Front.Start();

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        _registry?.Dispose();
        await Front.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary>The CRM of a demo: how the tenant is connected, and what is to be seen of a lead there.</summary>
internal interface IDemoCrm
{
    /// <summary>Connects the tenant; null if it is, else what to say of it.</summary>
    Task<string?> Connect(LocalClient operatorClient, string tenant, CancellationToken cancellationToken);

    /// <summary>Follows a lead that was posted.</summary>
    Task<DemoLeg> Follow(string lead, CancellationToken cancellationToken);

    /// <summary>What is shown when the lead is there; null if all of it happened, else what to say of it.</summary>
    Task<string?> Continue(LocalClient api, string lead, CancellationToken cancellationToken);
}

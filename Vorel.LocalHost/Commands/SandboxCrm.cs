using Vorel.LocalHost.Development;

namespace Vorel.LocalHost.Commands;

/// <summary>The sandbox as the demo's CRM, which the demo tenant is connected to when it is made.</summary>
internal sealed class SandboxCrm(Uri sandbox) : IDemoCrm
{
    private readonly SandboxSide _crm = new(sandbox, "/sandbox/crm.json");

    public Task<string?> Connect(LocalClient operatorClient, string tenant, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    public Task<DemoLeg> Follow(string lead, CancellationToken cancellationToken) => DemoLeg.Follow(
        "CRM",
        async limit => await _crm.Taken(request => request["kind"]!.GetValue<string>() == "create" && request["id"]!.GetValue<string>() == lead, limit) is { } write
            ? $"lead written, signature verified, answered {write["status"]}"
            : null,
        _crm.Heard,
        cancellationToken);

    public Task<string?> Continue(LocalClient api, string lead, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}

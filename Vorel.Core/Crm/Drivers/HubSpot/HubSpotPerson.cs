namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>Whom a record is about, as far as it says.</summary>
/// <param name="Name">The name.</param>
/// <param name="Phone">The number, as it was given.</param>
/// <param name="Email">The address.</param>
internal sealed record HubSpotPerson(string? Name, string? Phone, string? Email)
{
    /// <summary>Whether there is somebody to find.</summary>
    public bool IsReachable => Phone is not null || Email is not null;

    /// <inheritdoc/>
    public override string ToString() => nameof(HubSpotPerson);
}

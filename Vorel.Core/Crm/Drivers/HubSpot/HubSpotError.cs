namespace Vorel.Core.Crm.Drivers.HubSpot;

/// <summary>HubSpot's error body, as far as it is looked at.</summary>
internal sealed record HubSpotError
{
    public string? Message { get; set; }

    public string? Category { get; set; }

    /// <summary>Which limit was reached.</summary>
    public string? PolicyName { get; set; }

    public IReadOnlyList<HubSpotErrorDetail?>? Errors { get; set; }

    public override string ToString() => nameof(HubSpotError);
}

internal sealed record HubSpotErrorDetail
{
    /// <summary>Names and what they are about.</summary>
    public Dictionary<string, IReadOnlyList<string?>?>? Context { get; set; }

    public override string ToString() => nameof(HubSpotErrorDetail);
}

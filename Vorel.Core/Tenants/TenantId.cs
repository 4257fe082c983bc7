namespace Vorel.Core.Tenants;

/// <summary>The id of a tenant: a UUID, always written in lower case with hyphens, so that ordinal comparison is identity.</summary>
public readonly record struct TenantId(Guid Value)
{
    /// <summary>A new, time-ordered id.</summary>
    public static TenantId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    /// <summary>Reads the one canonical form ("D", lower case). Anything else is refused, so that two spellings never name one tenant.</summary>
    public static bool TryParse(string? text, out TenantId tenant)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        tenant = new TenantId(value);
        return parsed && string.Equals(tenant.ToString(), text, StringComparison.Ordinal);
    }

    /// <summary>The canonical form.</summary>
    public override string ToString() => Value.ToString("D");
}

namespace Vorel.Core.Due;

/// <summary>What may be due.</summary>
internal static class DueKind
{
    /// <summary>A delivery that should have moved on by then.</summary>
    public const string Delivery = "delivery";

    /// <summary>A tombstone that has done its work by then.</summary>
    public const string Tombstone = "tombstone";
}

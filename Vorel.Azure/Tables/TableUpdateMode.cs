namespace Vorel.Azure.Tables;

/// <summary>What becomes of the columns that an update does not name.</summary>
public enum TableUpdateMode
{
    /// <summary>They stay.</summary>
    Merge,

    /// <summary>They go.</summary>
    Replace,
}

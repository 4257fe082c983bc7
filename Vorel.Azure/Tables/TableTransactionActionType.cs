namespace Vorel.Azure.Tables;

/// <summary>What one action of a transaction does.</summary>
public enum TableTransactionActionType
{
    /// <summary>Adds a row that must not exist.</summary>
    Add,

    /// <summary>Changes the named columns of a row that must have the ETag.</summary>
    UpdateMerge,

    /// <summary>Replaces a row that must have the ETag.</summary>
    UpdateReplace,

    /// <summary>Deletes a row that must have the ETag.</summary>
    Delete,

    /// <summary>Adds the row or changes its named columns.</summary>
    UpsertMerge,

    /// <summary>Adds the row or replaces it.</summary>
    UpsertReplace,
}

using Azure;

namespace Vorel.Azure.Tables;

/// <summary>One action of an entity-group transaction.</summary>
public sealed class TableTransactionAction
{
    /// <summary>An action without a condition beyond that of its type (updates and deletes ask only that the row exists).</summary>
    public TableTransactionAction(TableTransactionActionType actionType, TableEntity entity)
        : this(actionType, entity, ETag.All)
    {
    }

    /// <summary>An update or delete of the version <paramref name="etag"/>.</summary>
    public TableTransactionAction(TableTransactionActionType actionType, TableEntity entity, ETag etag)
    {
        ActionType = actionType;
        Entity = entity;
        ETag = etag == default ? ETag.All : etag;
    }

    /// <summary>What it does.</summary>
    public TableTransactionActionType ActionType { get; }

    /// <summary>The row; a delete uses its keys alone.</summary>
    public TableEntity Entity { get; }

    /// <summary>The version that an update or delete asks for.</summary>
    public ETag ETag { get; }

    internal bool IsConditional => ActionType
        is TableTransactionActionType.UpdateMerge or TableTransactionActionType.UpdateReplace or TableTransactionActionType.Delete;
}

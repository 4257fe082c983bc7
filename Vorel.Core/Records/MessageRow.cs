using Vorel.Core.Outbox;

namespace Vorel.Core.Records;

/// <summary>A message of a conversation. Its number says where it stands; nothing changes it.</summary>
[DataClass(DataClass.CustomerContent, 7, "0003")]
public sealed record MessageRow : RecordRow
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKinds.Message;

    /// <summary>The conversation's id.</summary>
    public Guid Conversation => (Guid)Values["conversation_id"];

    /// <summary>1 for the conversation's first message, one more with each.</summary>
    public long Sequence => (long)Values["sequence_number"];

    /// <inheritdoc/>
    public override string RowKey => RecordKeys.Message(Conversation, Sequence);

    /// <summary>The debts of a conversation's messages lie together, in order.</summary>
    internal override TodoRow? Debt => new(Kind.Name, Conversation, Sequence, CreatedAt);
}

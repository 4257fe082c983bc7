namespace Vorel.Core.Records;

/// <summary>A conversation's header.</summary>
[DataClass(DataClass.CustomerContent, 30, "0003")]
public sealed record ConversationRow : RecordRow
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKinds.Conversation;
}

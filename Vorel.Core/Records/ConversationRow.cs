namespace Vorel.Core.Records;

/// <summary>A conversation's header.</summary>
[DataClass(DataClass.CustomerContent, 30, "0003")]
public sealed record ConversationRow : RecordRow
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKinds.Conversation;

    /// <summary>A message begins the window anew: it is no new version, for the CRM gets it by itself, but the conversation lives.</summary>
    protected override DateTimeOffset EndOf(DateTimeOffset start) =>
        base.EndOf(Values.GetValueOrDefault("last_message_at") is DateTimeOffset last && last > start ? last : start);
}

using Google.Protobuf;
using Vorel.Durable.Protocol;
using Vorel.LocalHost.Durable.Instances;

namespace Vorel.LocalHost.Durable.Storage;

/// <summary>How the hub's records lie in columns. Names are part of what a restarted host must find again.</summary>
internal static class HubRows
{
    public const string InstanceId = "instance_id";
    public const string Event = "event";
    public const string Events = "events";
    public const string Turn = "turn";

    private const string Name = "name";
    private const string Version = "version";
    private const string ExecutionId = "execution_id";
    private const string Status = "status";
    private const string CreatedAt = "created_at";
    private const string UpdatedAt = "updated_at";
    private const string CompletedAt = "completed_at";
    private const string StartsAt = "starts_at";
    private const string Tags = "tags";
    private const string Turns = "turns";
    private const string Chunks = "chunks";
    private const string CustomStatus = "custom_status";
    private const string Input = "input";
    private const string Output = "output";
    private const string FireAt = "fire_at";
    private const string Target = "target";
    private const string TargetExecution = "target_execution";
    private const string Parent = "parent";
    private const string SuspendReason = "suspend_reason";

    private static readonly string[] s_record =
    [
        InstanceId, Name, Version, ExecutionId, Status, CreatedAt, UpdatedAt, CompletedAt, StartsAt, Turns, Chunks, Parent, SuspendReason,
        .. SplitColumn.Names(Tags),
    ];

    /// <summary>What is asked for of an instance's row without its input and output.</summary>
    public static IReadOnlyList<string> StatusColumns { get; } = [.. s_record, CustomStatus];

    public static IReadOnlyList<string> InputColumns { get; } = [.. SplitColumn.Names(Input)];

    public static IReadOnlyList<string> OutputColumns { get; } = [.. SplitColumn.Names(Output)];

    /// <summary>All that the scan at start reads: history, results and the inputs of instances stay where they are.</summary>
    public static IReadOnlyList<string> ScanColumns { get; } =
    [
        .. s_record, FireAt, Target, TargetExecution, Turn, .. SplitColumn.Names(Event), .. SplitColumn.Names(Payload),
    ];

    private const string Payload = "payload";

    /// <summary>The columns of an instance that has just been started.</summary>
    public static Dictionary<string, object> NewInstance(InstanceRecord record)
    {
        var columns = Progress(record);
        columns[InstanceId] = record.InstanceId;
        columns[Name] = record.Name;
        columns[ExecutionId] = record.ExecutionId;
        columns[CreatedAt] = record.CreatedAt;
        if (record.Version is not null)
        {
            columns[Version] = record.Version;
        }

        if (record.StartsAt is { } start)
        {
            columns[StartsAt] = start;
        }

        if (record.Tags.Count > 0)
        {
            SplitColumn.Put(columns, Tags, TagsText.Write(record.Tags));
        }

        if (record.Parent is not null)
        {
            columns[Parent] = record.Parent.ToByteArray();
        }

        SplitColumn.Put(columns, Input, record.Input);
        return columns;
    }

    /// <summary>The columns a turn changes. An empty text stands for none, since a merge cannot take a column away.</summary>
    public static Dictionary<string, object> Progress(InstanceRecord record)
    {
        var columns = new Dictionary<string, object>
        {
            [Status] = record.Status.ToString(),
            [UpdatedAt] = record.UpdatedAt,
            [Turns] = record.Turns,
            [Chunks] = record.Chunks,
            [CustomStatus] = record.CustomStatus ?? "",
            [SuspendReason] = record.SuspendReason ?? "",
        };
        if (record.CompletedAt is { } completed)
        {
            columns[CompletedAt] = completed;
        }

        SplitColumn.Put(columns, Output, record.Output);
        return columns;
    }

    public static InstanceRecord ReadInstance(IReadOnlyDictionary<string, object> columns) => new()
    {
        InstanceId = (string)columns[InstanceId],
        Name = (string)columns[Name],
        Version = (string?)columns.GetValueOrDefault(Version),
        ExecutionId = (string)columns[ExecutionId],
        Status = Enum.Parse<OrchestrationStatus>((string)columns[Status]),
        CreatedAt = (DateTimeOffset)columns[CreatedAt],
        UpdatedAt = (DateTimeOffset)columns[UpdatedAt],
        CompletedAt = (DateTimeOffset?)columns.GetValueOrDefault(CompletedAt),
        StartsAt = (DateTimeOffset?)columns.GetValueOrDefault(StartsAt),
        Tags = TagsText.Read(SplitColumn.Text(columns, Tags)),
        Turns = (int)columns[Turns],
        Chunks = (int)columns[Chunks],
        Parent = columns.GetValueOrDefault(Parent) is byte[] parent ? ParentInstanceInfo.Parser.ParseFrom(parent) : null,
        CustomStatus = columns.GetValueOrDefault(CustomStatus) is string { Length: > 0 } status ? status : null,
        SuspendReason = columns.GetValueOrDefault(SuspendReason) is string { Length: > 0 } reason ? reason : null,
        Input = SplitColumn.Text(columns, Input),
        Output = SplitColumn.Text(columns, Output),
    };

    public static Dictionary<string, object> InboxEvent(HistoryEvent inbound)
    {
        var columns = new Dictionary<string, object>();
        SplitColumn.Put(columns, Event, inbound.ToByteArray());
        return columns;
    }

    public static HistoryEvent ReadEvent(IReadOnlyDictionary<string, object> columns) => HistoryEvent.Parser.ParseFrom(SplitColumn.Bytes(columns, Event));

    public static Dictionary<string, object> HistoryChunk(byte[] chunk)
    {
        var columns = new Dictionary<string, object>();
        SplitColumn.Put(columns, Events, chunk);
        return columns;
    }

    public static IEnumerable<HistoryEvent> ReadChunk(IReadOnlyDictionary<string, object> columns) =>
        HistoryChunks.Read(SplitColumn.Bytes(columns, Events) ?? []);

    public static Dictionary<string, object> Activity(ScheduledActivity activity, int turn)
    {
        var columns = new Dictionary<string, object> { [Turn] = turn, [Name] = activity.Name };
        SplitColumn.Put(columns, Payload, activity.Input);
        return columns;
    }

    public static ScheduledActivity ReadActivity(string execution, long id, IReadOnlyDictionary<string, object> columns) =>
        new(execution, (int)id, (string)columns[Name], SplitColumn.Text(columns, Payload));

    public static Dictionary<string, object> Timer(ScheduledTimer timer, int turn) => new() { [Turn] = turn, [FireAt] = timer.FireAt };

    public static DateTimeOffset ReadTimer(IReadOnlyDictionary<string, object> columns) => (DateTimeOffset)columns[FireAt];

    public static Dictionary<string, object> Send(OutgoingMessage send, int turn)
    {
        var columns = new Dictionary<string, object> { [Turn] = turn, [Target] = send.InstanceId };
        if (send.TargetExecution is not null)
        {
            columns[TargetExecution] = send.TargetExecution;
        }

        SplitColumn.Put(columns, Event, send.Message.ToByteArray());
        return columns;
    }

    public static OutgoingMessage ReadSend(string execution, long id, IReadOnlyDictionary<string, object> columns) =>
        new(execution, (int)id, (string)columns[Target], ReadEvent(columns), (string?)columns.GetValueOrDefault(TargetExecution));
}

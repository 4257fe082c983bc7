namespace Vorel.Core.Records;

/// <summary>An appointment.</summary>
[DataClass(DataClass.CustomerContent, 30, "0003")]
public sealed record AppointmentRow : RecordRow
{
    /// <summary>However far off the appointment is, no longer than this after the CRM took it.</summary>
    internal static readonly TimeSpan LongestAfterSync = TimeSpan.FromDays(90);

    /// <inheritdoc/>
    public override RecordKind Kind => RecordKinds.Appointment;

    /// <summary>The window begins at the end of the appointment if that is later, but never ends more than 90 days after the CRM took it.</summary>
    protected override DateTimeOffset EndOf(DateTimeOffset start)
    {
        var end = (DateTimeOffset)Values["scheduled_end"];
        var due = base.EndOf(end > start ? end : start);
        return due < start + LongestAfterSync ? due : start + LongestAfterSync;
    }
}

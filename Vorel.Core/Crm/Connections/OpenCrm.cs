using Vorel.Core.Records;

namespace Vorel.Core.Crm.Connections;

/// <summary>Where a tenant's records of one object type go, opened.</summary>
/// <param name="Driver">The driver of <see cref="Connection"/>, with the credentials inside.</param>
/// <param name="Main">The connection to the tenant's CRM.</param>
/// <param name="Overflows">Whether the CRM cannot hold the object type, so that the archive was looked for.</param>
/// <param name="Archive">The connection to the archive, if one is needed and there.</param>
public sealed record OpenCrm(ICrmDriver Driver, CrmConnection Main, bool Overflows, CrmConnection? Archive)
{
    /// <summary>The connection that the driver was opened from.</summary>
    public CrmConnection Connection => Archive ?? Main;

    /// <summary>Whether a record that was written there can be changed there.</summary>
    internal bool Holds(RecordSync? sync) => sync is not null && sync.System == Connection.System;

    /// <summary>
    /// Whether a parent was written to where its object type goes now. What the CRM cannot hold may lie in an archive that was not opened for the
    /// child: the CRM could not tie the two together, so anywhere will do.
    /// </summary>
    internal bool HoldsParent(RecordSync? sync, CrmObject parent) => sync is not null
        && (sync.System == Main.System || Holds(sync) || (!Overflows && !Driver.Capabilities.Objects.Contains(parent)));
}

using Vorel.Core.Crm.Connections;

namespace Vorel.Functions.Api.Operator;

/// <summary>A connected CRM, with the secret of its posts, which is shown this once.</summary>
internal sealed record CrmAnswer(string Provider, string Status, DateTimeOffset ConnectedAt, string Secret)
{
    public static CrmAnswer Of(ConnectedCustomWebhook connected)
    {
        var connection = connected.Connection;
        return new CrmAnswer(
            connection.Provider, connection.Status == CrmConnectionStatus.Active ? "active" : "pending", connection.ConnectedAt, connected.Secret);
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(CrmAnswer);
}

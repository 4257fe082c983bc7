namespace Vorel.Functions.Api.Operator;

/// <summary>Makes a tenant.</summary>
internal sealed record CreateTenantBody(string Name);

/// <summary>Issues an API key.</summary>
internal sealed record IssueKeyBody(string Name, IReadOnlyList<string> Scopes);

/// <summary>Connects a CRM.</summary>
internal sealed record ConnectCrmBody(string Provider, string Url, string? Secret = null)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(ConnectCrmBody);
}

/// <summary>Makes a webhook subscription.</summary>
internal sealed record CreateSubscriptionBody(string TargetUrl, IReadOnlyList<string> Events, string? Description = null);

namespace Vorel.Functions.Api.Operator;

/// <summary>Makes a tenant.</summary>
internal sealed record CreateTenantBody(string Name);

/// <summary>Issues an API key.</summary>
internal sealed record IssueKeyBody(string Name, IReadOnlyList<string> Scopes);

/// <summary>Asks for a link by which somebody signs in.</summary>
internal sealed record OAuthLinkBody(string Provider, string? Environment = null);

/// <summary>Takes up again what the CRM is owed: all of it, of one record (<c>lead:{id}</c>), or of an incident, by its id or its type.</summary>
internal sealed record StartRedriveBody(string? Record = null, string? Incident = null, int? Rate = null);

/// <summary>Moves everything that is sealed to the current key: there is nothing to choose.</summary>
internal sealed record StartRewrapBody;

/// <summary>Makes a webhook subscription.</summary>
internal sealed record CreateSubscriptionBody(string TargetUrl, IReadOnlyList<string> Events, string? Description = null);

/// <summary>Has a month of the audit log looked through, or what is left of it behind a cursor.</summary>
internal sealed record VerifyAuditBody(string Month, string? Cursor = null);

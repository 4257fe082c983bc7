using System.Text.Json.Nodes;
using Vorel.Core.Audit;
using Vorel.Core.Crm.Connections;
using Vorel.Core.Crm.Providers;
using Vorel.Core.Tenants;

namespace Vorel.Core.Crm.OAuth;

/// <summary>Stores, tests and uses what somebody signed in for: <see cref="CrmConnecting.Connect"/>.</summary>
public delegate Task<ConnectResult> OAuthConnect(
    TenantId tenant, CrmRole role, CrmProvider provider, JsonObject credentials, AuditActor actor, CancellationToken cancellationToken);

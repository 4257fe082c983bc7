using System.Collections.Frozen;
using Vorel.Core.Audit;
using Vorel.Core.Errors;
using Vorel.Core.Ids;
using Vorel.Core.Storage;
using Vorel.Core.Tenants;

namespace Vorel.Core.Security.ApiKeys;

/// <summary>Issues, lists, revokes and recognises API keys.</summary>
public sealed class ApiKeyService(IRowStore store, ApiKeyHasher hasher, AuditLog audit, IdSource ids, Clocks clocks)
{
    private const int MaxNameLength = 200;
    private const int LastShown = 4;

    // What a text that is no key is looked up under, so that it costs what a key costs.
    private static readonly string s_noPrefix = ApiKeyFormat.Marker + new string('0', ApiKeyFormat.LookupPrefixLength - ApiKeyFormat.Marker.Length);
    private static readonly ApiKeyLookupRow s_noRow = new(Guid.Empty, default, [], [], null);
    private static readonly string s_noKey = ApiKeyFormat.Marker + new string('0', ApiKeyFormat.Length - ApiKeyFormat.Marker.Length);

    /// <summary>Issues a key.</summary>
    /// <exception cref="ValidationException">The name is empty or longer than 200 characters, or a scope is unknown or there is none.</exception>
    public async Task<IssuedApiKey> Issue(TenantId tenant, string? name, IReadOnlyList<string>? scopes, AuditActor actor, CancellationToken cancellationToken)
    {
        Check(name, scopes);
        var id = ids.Next();
        var text = ApiKeyFormat.Generate();
        ApiKeyFormat.TryGetLookupPrefix(text, out var prefix);
        string[] granted = [.. scopes!.Distinct()];
        var row = new ApiKeyRow(id, name!, prefix!, text[^LastShown..], granted, null);

        await audit.Append(tenant, new AuditEvent(AuditAction.ApiKeyIssued, actor) { Subject = id }, cancellationToken);

        // The list first: a key that works is always one that can be seen and revoked.
        await store.Commit(ApiKeyRow.Table, Partition.Of(tenant), TypedRows.Insert(row), cancellationToken);
        var lookup = Bound(prefix!, new ApiKeyLookupRow(id, tenant, hasher.Hash(text), granted, null));
        await store.Commit(ApiKeyLookupRow.Table, Partition.ApiKeyPrefix(prefix!), TypedRows.Insert(lookup), cancellationToken);
        return new IssuedApiKey(row.ToApiKey(), text);
    }

    /// <summary>
    /// Whom a presented key speaks for; null when it is malformed, unknown or revoked, or its row is not as we wrote it: after the same work, one look-up,
    /// one hash, one comparison, one MAC.
    /// </summary>
    public async Task<ApiKeyIdentity?> Authenticate(string? presented, CancellationToken cancellationToken)
    {
        var wellFormed = ApiKeyFormat.TryGetLookupPrefix(presented, out var prefix);
        var hash = hasher.Hash(wellFormed ? presented! : s_noKey);
        ApiKeyLookupRow? match = null;
        var compared = false;
        prefix ??= s_noPrefix;
        await foreach (var candidate in store.Query<ApiKeyLookupRow>(Partition.ApiKeyPrefix(prefix), RowRange.All, cancellationToken))
        {
            compared = true;
            match = ApiKeyHasher.Equal(hash, candidate.Row.Hash) & ApiKeyHasher.Equal(hasher.Bind(prefix, candidate.Row), candidate.Row.Mac) ? candidate.Row : match;
        }

        if (!compared)
        {
            ApiKeyHasher.Equal(hash, hasher.Bind(s_noPrefix, s_noRow));
        }

        return wellFormed && match is { RevokedAt: null }
            ? new ApiKeyIdentity(match.Tenant, match.Id, match.Scopes.ToFrozenSet(StringComparer.Ordinal))
            : null;
    }

    /// <summary>A tenant's keys, newest first, revoked ones included.</summary>
    public async Task<IReadOnlyList<ApiKey>> List(TenantId tenant, CancellationToken cancellationToken)
    {
        var keys = new List<ApiKey>();
        await foreach (var stored in store.Query<ApiKeyRow>(Partition.Of(tenant), RowRange.All, cancellationToken))
        {
            keys.Add(stored.Row.ToApiKey());
        }

        return keys;
    }

    /// <summary>Revokes a key. Repeating it changes nothing.</summary>
    /// <exception cref="NotFoundException">The tenant has no such key.</exception>
    public async Task Revoke(TenantId tenant, string id, AuditActor actor, CancellationToken cancellationToken)
    {
        if (!Uuid7.TryParse(id, out var key)
            || await store.Get<ApiKeyRow>(Partition.Of(tenant), Uuid7.ToKey(key), cancellationToken) is not { } listed)
        {
            throw new NotFoundException("API key");
        }

        // What refuses the key first, what shows it second: a repeat after a failure in between completes it.
        var now = clocks.Domain.GetUtcNow();
        var partition = Partition.ApiKeyPrefix(listed.Row.Prefix);
        var lookup = await store.Get<ApiKeyLookupRow>(partition, Uuid7.ToKey(key), cancellationToken);
        if (lookup is not { Row.RevokedAt: null } && listed.Row.RevokedAt is not null)
        {
            return;
        }

        await audit.Append(tenant, new AuditEvent(AuditAction.ApiKeyRevoked, actor) { Subject = key }, cancellationToken);
        if (lookup is { Row.RevokedAt: null })
        {
            await store.TryReplace(ApiKeyLookupRow.Table, partition, lookup with { Row = Revoked(listed.Row.Prefix, lookup.Row, now) }, cancellationToken);
        }

        if (listed.Row.RevokedAt is null)
        {
            await store.TryReplace(ApiKeyRow.Table, Partition.Of(tenant), listed with { Row = listed.Row with { RevokedAt = now } }, cancellationToken);
        }
    }

    private ApiKeyLookupRow Bound(string prefix, ApiKeyLookupRow row) => row with { Mac = hasher.Bind(prefix, row) };

    /// <summary>A row that is not as we wrote it is no better for being revoked: it stays refused for that as well.</summary>
    private ApiKeyLookupRow Revoked(string prefix, ApiKeyLookupRow row, DateTimeOffset now)
    {
        var revoked = row with { RevokedAt = now };
        return ApiKeyHasher.Equal(hasher.Bind(prefix, row), row.Mac) ? Bound(prefix, revoked) : revoked;
    }

    private static void Check(string? name, IReadOnlyList<string>? scopes)
    {
        var errors = new List<FieldError>();
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength)
        {
            errors.Add(new FieldError("/name", $"must have 1 to {MaxNameLength} characters"));
        }

        if (scopes is not { Count: > 0 })
        {
            errors.Add(new FieldError("/scopes", "must name at least one scope"));
        }

        for (var position = 0; position < scopes?.Count; position++)
        {
            if (!ApiScopes.All.Contains(scopes[position]))
            {
                errors.Add(new FieldError($"/scopes/{position}", "must be one of " + string.Join(", ", ApiScopes.All)));
            }
        }

        if (errors.Count > 0)
        {
            throw new ValidationException(errors);
        }
    }
}

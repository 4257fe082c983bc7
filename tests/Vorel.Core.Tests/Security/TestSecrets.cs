using Vorel.Core.Security;
using Vorel.Core.Tenants;

namespace Vorel.Core.Tests.Security;

/// <summary>Roots, scopes and random sources with known bytes.</summary>
internal static class TestSecrets
{
    public static readonly TenantId Tenant = new(Guid.Parse("0198c0de-0000-7000-8000-000000000001"));
    public static readonly TenantId OtherTenant = new(Guid.Parse("0198c0de-0000-7000-8000-000000000002"));

    public static EnvelopeScope Scope { get; } = new(Tenant, "TenantCredentials", "hubspot", "cred-1");

    public static byte[] Counting(int length, int first) => [.. Enumerable.Range(first, length).Select(value => (byte)value)];

    public static RootSecret Root(int first = 0) => RootSecret.Parse("TEST_ROOT", Convert.ToBase64String(Counting(32, first)));

    /// <summary>Gives the parts one after another, as they are asked for.</summary>
    public static RandomFill Scripted(params byte[][] parts)
    {
        var next = 0;
        return buffer => parts[next++].CopyTo(buffer);
    }

    /// <summary>A broken generator: the same bytes every time.</summary>
    public static void Repeating(Span<byte> buffer) => buffer.Fill(0x5a);

    public static TheoryData<EnvelopeScope> ForeignScopes() => new(
        Scope with { Tenant = OtherTenant },
        Scope with { Table = "WebhookSubscriptions" },
        Scope with { Provider = "salesforce" },
        Scope with { Id = "cred-2" },
        Scope with { Table = "TenantCredentialsh", Provider = "ubspot" },
        Scope with { Provider = "hubspotcred-1", Id = "" });
}

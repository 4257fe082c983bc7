using System.Text.Json;
using Vorel.Core.Ids;
using Vorel.Core.Json;
using Vorel.Core.Tenants;

namespace Vorel.Core.Events;

/// <summary>The body of a webhook: <c>id, event, created_at, tenant_id, data</c> (webhook guide). Its bytes are made once and kept.</summary>
public static class EventEnvelope
{
    /// <summary>The finished bytes. <paramref name="data"/> is taken over as it is.</summary>
    public static byte[] Write(Guid id, string eventName, TenantId tenant, ReadOnlySpan<byte> data)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", id);
            writer.WriteString("event", eventName);
            writer.WriteString("created_at", WireTime.Format(Uuid7.TimeOf(id)));
            writer.WriteString("tenant_id", tenant.Value);
            writer.WritePropertyName("data");
            writer.WriteRawValue(data, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

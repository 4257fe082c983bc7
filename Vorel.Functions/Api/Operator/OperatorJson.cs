using System.Text.Json;
using System.Text.Json.Serialization;
using Vorel.Core.Json;

namespace Vorel.Functions.Api.Operator;

/// <summary>The operator's API on the wire; what is read must be exactly what is known.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    Converters = [typeof(WireTimeConverter)])]
[JsonSerializable(typeof(CreateTenantBody))]
[JsonSerializable(typeof(IssueKeyBody))]
[JsonSerializable(typeof(OAuthLinkBody))]
[JsonSerializable(typeof(CreateSubscriptionBody))]
[JsonSerializable(typeof(StartRedriveBody))]
[JsonSerializable(typeof(StartRewrapBody))]
[JsonSerializable(typeof(TenantAnswer))]
[JsonSerializable(typeof(IssuedKeyAnswer))]
[JsonSerializable(typeof(CrmAnswer))]
[JsonSerializable(typeof(ProviderListAnswer))]
[JsonSerializable(typeof(OAuthLinkAnswer))]
[JsonSerializable(typeof(CredentialListAnswer))]
[JsonSerializable(typeof(CrmOverviewAnswer))]
[JsonSerializable(typeof(SubscriptionAnswer))]
[JsonSerializable(typeof(SubscriptionListAnswer))]
[JsonSerializable(typeof(DeliveryAnswer))]
[JsonSerializable(typeof(DeliveryListAnswer))]
[JsonSerializable(typeof(IncidentAnswer))]
[JsonSerializable(typeof(IncidentListAnswer))]
[JsonSerializable(typeof(RedriveAnswer))]
[JsonSerializable(typeof(RedriveListAnswer))]
[JsonSerializable(typeof(VerifyAuditBody))]
[JsonSerializable(typeof(AuditListAnswer))]
[JsonSerializable(typeof(AuditVerdictAnswer))]
[JsonSerializable(typeof(RewrapAnswer))]
internal sealed partial class OperatorJson : JsonSerializerContext;

/// <summary>Writes times as every other surface does.</summary>
internal sealed class WireTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(WireTime.Format(value));
}

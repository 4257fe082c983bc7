namespace Vorel.Functions.Triggers.Durable;

/// <summary>Names a record.</summary>
internal sealed record RecordReference(Guid Tenant, string Kind, Guid Id);

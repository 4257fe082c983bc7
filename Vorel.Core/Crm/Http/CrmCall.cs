using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vorel.Core.Crm.Http;

/// <summary>One call to a provider.</summary>
/// <param name="Method">The method.</param>
/// <param name="Address">The public address. It must hold nothing of a customer: addresses end up in traces and in the provider's logs.</param>
internal sealed record CrmCall(HttpMethod Method, Uri Address)
{
    /// <summary>How much of an answer is read: lists of a few hundred records have a fraction of it.</summary>
    public const int MaxAnswerBytes = 4 * 1024 * 1024;

    /// <summary>The JSON to send, if any.</summary>
    public ReadOnlyMemory<byte>? Body { get; private init; }

    /// <summary>Whether it changes nothing, so that it may be repeated whatever became of it.</summary>
    public bool IsRead { get; init; }

    /// <summary>Statuses beside 2xx with which the caller knows what to do.</summary>
    public IReadOnlyList<int> Takes { get; init; } = [];

    /// <summary>The call with a body.</summary>
    public CrmCall With<T>(T body, JsonTypeInfo<T> type) => this with { Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    /// <inheritdoc/>
    public override string ToString() => nameof(CrmCall);
}
